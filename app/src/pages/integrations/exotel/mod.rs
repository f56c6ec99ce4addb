//! Exotel: credentials, their test, its numbers into a carrier, and what to enter on its side.

mod account;
mod choices;
mod credentials;
mod disconnect_dialog;
mod import;
mod numbers;
mod preview;
mod setup;
mod status;

use domain::{
    input::ExotelImportInput,
    view::{CarrierQuery, ChangedNoun, ExotelSummary},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use self::{
    account::{Account, NotConnected},
    credentials::Credentials,
    disconnect_dialog::DisconnectDialog,
    numbers::{Numbers, Sources},
    setup::Setup,
    status::{Status, TestForm},
};
use crate::{
    api,
    components::{
        layout::PageHeader,
        ui::{Failure, Skeleton, TRASH, icon},
    },
    live::on_change,
    pages::answer_status,
    session::use_session,
    submitted::submitted,
    urls,
};

/// What the address asks for.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Overview,
    /// The overview with a dialog over it.
    Disconnecting,
    Editing,
    /// Exotel's numbers: the one place that asks Exotel when it is opened.
    Numbers,
}

impl Place {
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
    let place = Memo::new(move |_| params.with(Place::read));
    let summary = Resource::new(|| (), |()| api::integration::summary());
    let asked = Memo::new(move |_| place.get() == Place::Numbers);
    // A preview that was asked for without JavaScript came back as a form without a fault.
    let returned = StoredValue::new(
        submitted().filter(|form| form.problem.is_none() && form.last("dry_run").is_some()).map(|form| {
            let text = |name: &str| form.last(name).unwrap_or_default().as_str().into();
            ExotelImportInput {
                carrier_id: text("carrier_id"),
                numbers: domain::input::TextList::split(&form.value("numbers").unwrap_or_default()),
                direction: text("direction"),
                bot_id: text("bot_id"),
                dry_run: text("dry_run"),
            }
        }),
    );
    let sources = Sources {
        numbers: Resource::new(
            move || asked.get(),
            |asked| async move { if asked { Some(api::integration::numbers().await) } else { None } },
        ),
        carriers: Resource::new(
            move || asked.get(),
            |asked| async move {
                let query = CarrierQuery { limit: Some(200), include_dids: Some(false), ..CarrierQuery::default() };
                if asked { Some(api::carrier::list(query).await) } else { None }
            },
        ),
        bots: Resource::new(
            move || asked.get(),
            |asked| async move { if asked { Some(api::bot::list().await) } else { None } },
        ),
        preview: Resource::new(
            || (),
            move |()| {
                let returned = returned.get_value();
                async move {
                    match returned {
                        Some(input) => Some(api::integration::preview(input).await),
                        None => None,
                    }
                }
            },
        ),
    };
    let read = move || {
        Suspend::new(async move {
            match summary.await {
                Ok(summary) => view! { <Connection summary place sources/> }.into_any(),
                Err(problem) => {
                    answer_status(problem.status);
                    view! {
                        <PageHeader title="Exotel"/>
                        <div class="card"><Failure problem retry=move || summary.refetch()/></div>
                    }
                    .into_any()
                }
            }
        })
    };
    view! { <Transition fallback=|| view! { <div class="card"><Skeleton rows=4/></div> }>{read}</Transition> }
}

/// Changes from elsewhere arrive here; a form that is being filled in stays as it is.
#[component]
fn Connection(summary: ExotelSummary, place: Memo<Place>, sources: Sources) -> impl IntoView {
    let shown = RwSignal::new(summary);
    let refresh = move || {
        spawn_local(async move {
            if let Ok(summary) = api::integration::summary().await
                && shown.try_with_untracked(|shown| *shown != summary) == Some(true)
            {
                shown.set(summary);
            }
        });
    };
    on_change(ChangedNoun::Integration, None, refresh);
    on_change(ChangedNoun::Carrier, None, refresh);

    let session = use_session();
    let (may_change, may_connect) = (session.may_change(), session.may_connect());
    let connected = Memo::new(move |_| shown.with(|shown| shown.connected));
    let actions = move || {
        connected.get().then(|| {
            view! {
                {may_change.then(|| view! { <TestForm shown/> })}
                {may_connect.then(|| view! {
                    <a class="btn-danger" href=format!("{}?disconnect=1", urls::EXOTEL) data-noscroll="">
                        {icon(TRASH)} "Disconnect"
                    </a>
                })}
            }
        })
    };
    let about = move || {
        shown.with(|shown| match (&shown.account_sid, shown.subdomain) {
            (Some(account), Some(subdomain)) => format!("Account {account} in {}.", subdomain.label()),
            _ => "Not connected.".to_owned(),
        })
    };
    let body = Memo::new(move |_| match place.get() {
        Place::Editing if may_connect => Place::Editing,
        Place::Numbers if connected.get() => Place::Numbers,
        _ => Place::Overview,
    });
    view! {
        <PageHeader title="Exotel" summary=about.into_any()>{actions}</PageHeader>
        {move || match (body.get(), connected.get()) {
            (Place::Editing, _) => view! { <Credentials shown/> }.into_any(),
            (Place::Numbers, _) => view! { <Status shown/> <Numbers sources/> }.into_any(),
            (_, true) => view! { <Status shown/> <Account shown/> <Setup shown/> }.into_any(),
            (_, false) => view! { <NotConnected may_connect/> <Setup shown/> }.into_any(),
        }}
        {move || {
            (may_connect && connected.get() && place.get() == Place::Disconnecting)
                .then(|| view! { <DisconnectDialog shown/> })
        }}
    }
    .into_any()
}
