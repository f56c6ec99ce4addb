use api_types::view::ApiKeyCreated;
use domain::Action;
use leptos::prelude::*;

use super::{
    created::{Created, HEADING},
    form::{ApiKeyFields, ApiKeyForm},
};
use crate::{
    components::{
        form::{FormPage, focus, row},
        layout::PageHeader,
        ui::{Banner, Tone},
    },
    server_fns::api_key::create_api_key,
    session::use_session,
    submitted::submitted,
    urls,
};

/// The form; then the new key, which no other page can show.
#[component]
pub fn CreateApiKeyPage() -> impl IntoView {
    let posted = submitted().and_then(|form| form.outcome).and_then(|json| row::<ApiKeyCreated>(&json));
    let created = RwSignal::new(posted);
    let may_manage = use_session().may(Action::ManageApiKeys);
    let content = move || match created.get() {
        _ if !may_manage => {
            view! { <Banner tone=Tone::Warn>"You need the Administrator role to create an API key."</Banner> }
                .into_any()
        }
        Some(created) => view! { <Created created/> }.into_any(),
        None => view! { <CreateForm created/> }.into_any(),
    };
    view! {
        <PageHeader title="Create API Key" parent=(urls::API_KEYS, "API Keys")/>
        {content}
    }
}

#[component]
fn CreateForm(created: RwSignal<Option<ApiKeyCreated>>) -> impl IntoView {
    let fields = ApiKeyForm::new(None);
    let form = fields.form;
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(create_api_key(fields.input()), move |key| {
            created.set(Some(key));
            focus(HEADING.to_owned());
        });
    };
    view! {
        <FormPage
            form
            address=urls::CREATE_API_KEY
            cancel=urls::API_KEYS
            label="Create API Key"
            busy_label="Creating…"
            on_submit=save
        >
            <div class="card px-5"><ApiKeyFields fields/></div>
        </FormPage>
    }
    .into_any()
}
