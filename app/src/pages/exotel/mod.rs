//! Exotel: credentials and their test, import of its numbers into a carrier, and the settings to enter at Exotel.

mod account;
mod carriers;
mod choices;
mod credentials;
mod disconnect_dialog;
mod import;
mod numbers;
mod preview;
mod setup;
mod status;

use api_types::view::{ChangedNoun, ExotelSummary};
use domain::Action;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use self::{
    account::{Account, NotConnected},
    credentials::Credentials,
    disconnect_dialog::DisconnectDialog,
    numbers::{Numbers, NumbersResource, numbers_resource},
    setup::Setup,
    status::{Status, TestForm},
};
use crate::{
    components::{
        form::{Form, ProblemBanner, focus},
        layout::PageHeader,
        ui::{Failure, Skeleton, TRASH, icon},
    },
    live::on_any_change,
    server_fns::{exotel::get_exotel_summary, read},
    session::use_session,
    status::set_status,
    urls,
};

/// The part of the page that the address asks for.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    Overview,
    /// The overview with a dialog over it.
    Disconnecting,
    Editing,
    /// Opening it requests the numbers from Exotel.
    Numbers,
}

impl Section {
    fn read(params: &ParamsMap) -> Self {
        let has = |name: &str| params.get_str(name).is_some();
        match (has("edit"), has("numbers"), has("disconnect")) {
            (true, ..) => Self::Editing,
            (_, true, _) => Self::Numbers,
            (.., true) => Self::Disconnecting,
            _ => Self::Overview,
        }
    }
}

#[component]
pub fn ExotelPage() -> impl IntoView {
    let params = use_query_map();
    let section = Memo::new(move |_| params.with(Section::read));
    let summary = Resource::new(|| (), |()| read(get_exotel_summary()));
    let numbers = numbers_resource(move || {
        (section.get() == Section::Numbers).then(|| params.with(|params| params.get("carrier_id")))
    });
    let content = move || {
        Suspend::new(async move {
            match summary.await {
                Ok(summary) => view! { <Connection summary section numbers/> }.into_any(),
                Err(problem) => {
                    set_status(problem.status);
                    view! {
                        <PageHeader title="Exotel"/>
                        <div class="card"><Failure problem retry=move || summary.refetch()/></div>
                    }
                    .into_any()
                }
            }
        })
    };
    let fallback = || {
        view! {
            <PageHeader title="Exotel"/>
            <div class="card"><Skeleton rows=4/></div>
        }
    };
    view! { <Transition fallback>{content}</Transition> }
}

/// Follows live changes. A form that is being filled in stays as it is.
#[component]
fn Connection(summary: ExotelSummary, section: Memo<Section>, numbers: NumbersResource) -> impl IntoView {
    let summary = RwSignal::new(summary);
    let refresh = move || {
        spawn_local(async move {
            if let Ok(newest) = read(get_exotel_summary()).await
                && summary.try_with_untracked(|summary| *summary != newest) == Some(true)
            {
                summary.set(newest);
            }
        });
    };
    on_any_change(&[ChangedNoun::Integration, ChangedNoun::Carrier], refresh);

    let session = use_session();
    let (may_change, may_connect) = (session.may(Action::ImportNumbers), session.may(Action::ManageIntegrations));
    let connected = Memo::new(move |_| summary.with(|summary| summary.connected));
    let body = Memo::new(move |_| match section.get() {
        Section::Editing if may_connect => Section::Editing,
        Section::Numbers if connected.get() => Section::Numbers,
        _ => Section::Overview,
    });
    let disconnecting = Memo::new(move |_| may_connect && connected.get() && section.get() == Section::Disconnecting);
    // The link that led to another part of the page is gone, and the focus with it.
    Effect::new(move |before: Option<()>| {
        body.track();
        if before.is_some() {
            focus("content".to_owned());
        }
    });
    // A refused form of the page itself: the test, or a disconnection whose dialog is closed by now.
    let is_own = untrack(|| body.get() == Section::Overview && !disconnecting.get());
    let form = if is_own { Form::new("exotel-test") } else { Form::button("exotel-test") };
    let actions = move || {
        connected.get().then(|| {
            view! {
                {may_change.then(|| view! { <TestForm form summary/> })}
                {may_connect
                    .then(|| view! {
                        <a class="btn-danger" href=format!("{}?disconnect=1", urls::EXOTEL) data-noscroll="">
                            {icon(TRASH)}
                            "Disconnect"
                        </a>
                    })}
            }
        })
    };
    let title = Signal::derive(move || {
        let title = match body.get() {
            Section::Editing => "Exotel Credentials",
            Section::Numbers => "Exotel Numbers",
            Section::Overview | Section::Disconnecting => "Exotel",
        };
        title.to_owned()
    });
    let account = move || {
        summary.with(|summary| match (&summary.account_sid, summary.subdomain) {
            (Some(account), Some(subdomain)) => format!("Account {account} in {}.", subdomain.label()),
            _ => "Not connected.".to_owned(),
        })
    };
    view! {
        <PageHeader title summary=account.into_any()>{actions}</PageHeader>
        <ProblemBanner form/>
        {move || match (body.get(), connected.get()) {
            (Section::Editing, _) => view! { <Credentials summary/> }.into_any(),
            (Section::Numbers, _) => view! { <Numbers summary numbers may_change/> }.into_any(),
            (_, true) => {
                view! {
                    <Status summary/>
                    <Account summary may_connect/>
                    <Setup summary/>
                }
                .into_any()
            }
            (_, false) => {
                view! {
                    <NotConnected may_connect/>
                    <Setup summary/>
                }
                .into_any()
            }
        }}
        {move || disconnecting.get().then(|| view! { <DisconnectDialog summary/> })}
    }
    .into_any()
}
