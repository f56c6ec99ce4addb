use api_types::{Problem, view::ProviderView};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::{use_navigate, use_query_map};

use super::{
    form::{AuthenticationSection, CarrierForm, ConnectionSection, RateSection},
    provider::Providers,
};
use crate::{
    api,
    components::{
        form::{ActionBar, ProblemBanner, guard_leaving},
        layout::PageHeader,
        ui::{Banner, Skeleton, Tone, use_toasts},
    },
    session::use_session,
    urls,
};

/// The form for a new carrier. `?provider=…` fills in the published settings of that provider.
#[component]
pub fn CreateCarrierPage() -> impl IntoView {
    let providers = Resource::new(|| (), |()| api::provider::list());
    // Loaded once, because another response would render the form again while it is being filled in.
    let form = move || {
        Suspend::new(async move {
            view! { <CreateForm providers=providers.await/> }
        })
    };
    let content = if use_session().may_change() {
        view! {
            <Banner tone=Tone::Accent>"LiveKit trunks are created for you as soon as you save."</Banner>
            <Transition fallback=|| view! { <div class="card"><Skeleton rows=6/></div> }>{form}</Transition>
        }
        .into_any()
    } else {
        view! { <Banner tone=Tone::Warn>"Adding a carrier takes the role developer."</Banner> }.into_any()
    };
    view! {
        <PageHeader title="Add a carrier" parent=(urls::CARRIERS, "Carriers")/>
        {content}
    }
}

#[component]
fn CreateForm(providers: Result<Vec<ProviderView>, Problem>) -> impl IntoView {
    let params = use_query_map();
    let chosen = Memo::new(move |_| params.with(|params| params.get("provider").unwrap_or_default()));
    let fields = CarrierForm::new(None);
    let form = fields.form;
    let navigate = use_navigate();
    let toasts = use_toasts();
    guard_leaving(
        urls::create_carrier_from(&chosen.get_untracked()),
        move || form.changed(),
        |target| target.starts_with(urls::CREATE_CARRIER),
    );

    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        let navigate = navigate.clone();
        form.send(api::carrier::create(fields.input()), move |carrier| {
            toasts.success(format!("Added {}.", carrier.name));
            navigate(&urls::carrier(&carrier.id), Default::default());
        });
    };
    let action = move || urls::create_carrier_from(&chosen.read());
    view! {
        // Before the fields, because it sets their initial values.
        <Providers providers chosen fields/>
        <form method="post" action=action novalidate on:submit=save class="form-page">
            <ProblemBanner form/>
            <input type="hidden" name="inbound_auth" value=move || fields.inbound_auth.value.get()/>
            <div class="card px-5">
                <ConnectionSection fields/>
                <AuthenticationSection fields/>
                <RateSection fields/>
            </div>
            <ActionBar form label="Create carrier" busy_label="Creating…" cancel=urls::CARRIERS/>
        </form>
    }
    .into_any()
}
