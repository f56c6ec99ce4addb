use api_types::{Problem, view::ProviderView};
use domain::Action;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::{
    form::{AdvancedSection, AuthenticationSection, CarrierForm, ConnectionSection, RateSection},
    provider::Providers,
};
use crate::{
    components::{
        form::FormPage,
        layout::PageHeader,
        ui::{Banner, Skeleton, Tone, use_toasts},
    },
    server_fns::{carrier::create_carrier, provider::list_providers, read},
    session::use_session,
    urls,
};

/// The form for a new carrier. `?provider=…` fills in the published settings of that provider.
#[component]
pub fn CreateCarrierPage() -> impl IntoView {
    let content = if use_session().may(Action::CreateCarrier) {
        let providers = Resource::new(|| (), |()| read(list_providers()));
        // Loaded once, because another response would render the form again while it is being filled in.
        let form = move || {
            Suspend::new(async move {
                view! { <CreateForm providers=providers.await/> }
            })
        };
        view! {
            <Banner tone=Tone::Info>
                "LiveKit trunks are created automatically after saving, as soon as the carrier has a phone number."
            </Banner>
            <Transition fallback=|| view! { <div class="card"><Skeleton rows=6/></div> }>{form}</Transition>
        }
        .into_any()
    } else {
        view! { <Banner tone=Tone::Warn>"You need the Developer role to add a carrier."</Banner> }.into_any()
    };
    view! {
        <PageHeader title="Add Carrier" parent=(urls::CARRIERS, "Carriers")/>
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
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        let navigate = navigate.clone();
        form.send(create_carrier(fields.input()), move |carrier| {
            toasts.success(format!("Added {}.", carrier.name));
            navigate(&urls::carrier(&carrier.id), Default::default());
        });
    };
    view! {
        <FormPage
            form
            address=Signal::derive(move || urls::create_carrier_from(&chosen.read()))
            // Another provider is still the same form.
            same_form=|_, target| target.split('?').next() == Some(urls::CREATE_CARRIER)
            cancel=urls::CARRIERS
            label="Create Carrier"
            busy_label="Creating…"
            on_submit=save
        >
            <input type="hidden" name="provider" value=move || fields.provider.value.get()/>
            <input type="hidden" name="inbound_auth" value=move || fields.inbound_auth.value.get()/>
            <div class="card px-5">
                <ConnectionSection fields>
                    // Before the fields, because it sets their initial values.
                    <Providers providers chosen fields/>
                </ConnectionSection>
                <AuthenticationSection fields/>
                <RateSection fields/>
                <AdvancedSection fields/>
            </div>
        </FormPage>
    }
    .into_any()
}
