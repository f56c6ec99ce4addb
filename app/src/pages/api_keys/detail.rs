use api_types::{
    Problem,
    view::{ApiKeyView, ChangedNoun},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::{
    delete_dialog::DeleteDialog,
    form::{ApiKeyFields, ApiKeyForm, conflicting, current},
    status::{Expiry, LastUse, StatusBadge},
};
use crate::{
    components::{
        form::{Editing, FormPage},
        layout::PageHeader,
        ui::{EmptyState, KEY, LIST, RelativeTime, TRASH, icon, use_toasts},
    },
    pages::row_page::{LiveRow, RowPage},
    server_fns::{
        api_key::{get_api_key, update_api_key},
        read,
    },
    urls,
};

/// One API key: what is known of it, and a form.
#[component]
pub fn ApiKeyPage() -> impl IntoView {
    view! {
        <RowPage
            noun=ChangedNoun::ApiKey
            title="API Key"
            parent=(urls::API_KEYS, "API Keys")
            load=|id| Box::pin(load(id))
            page=detail
            missing
        />
    }
}

async fn load(id: String) -> Result<ApiKeyView, Problem> {
    let id =
        id.parse().map_err(|_| Problem::new(404, "not_found", "Not Found", "This is not the id of an API key."))?;
    read(get_api_key(id)).await
}

fn detail(row: LiveRow<ApiKeyView>) -> AnyView {
    let key = row.current.get_untracked();
    let params = use_query_map();
    let deleting = Memo::new(move |_| params.with(|params| params.get_str("delete").is_some()));
    let name = Signal::derive(move || row.current.with(|key| key.name.clone()));
    let delete = format!("{}?delete=1", urls::api_key(&key.id));
    let history = urls::history(key.id.as_str());
    let dialog =
        move || deleting.get().then(|| view! { <DeleteDialog key=row.current.get_untracked() deletion=row.deletion/> });
    view! {
        <PageHeader title=name parent=(urls::API_KEYS, "API Keys") crumb=name>
            <a class="btn-quiet" href=history>{icon(LIST)} "History"</a>
            <a class="btn-danger" href=delete data-noscroll="">{icon(TRASH)} "Delete"</a>
        </PageHeader>
        <Facts row/>
        <EditForm key row/>
        {dialog}
    }
    .into_any()
}

/// What the form does not change.
#[component]
fn Facts(row: LiveRow<ApiKeyView>) -> impl IntoView {
    let facts = move || {
        let key = row.current.get();
        let (prefix, role) = (format!("{}…", key.prefix), key.role.label());
        let (creator, at) = (key.created_by_name.clone(), key.created_at);
        view! {
            <dl class="facts">
                <div class="fact"><dt>"Status"</dt> <dd><StatusBadge key=key.clone()/></dd></div>
                <div class="fact"><dt>"Key"</dt> <dd><code class="font-mono text-[12.5px]">{prefix}</code></dd></div>
                <div class="fact"><dt>"Role"</dt> <dd>{role}</dd></div>
                <div class="fact"><dt>"Expires"</dt> <dd><Expiry key=key.clone()/></dd></div>
                <div class="fact"><dt>"Last Used"</dt> <dd><LastUse at=key.last_used_at/></dd></div>
                <div class="fact"><dt>"Created"</dt> <dd><RelativeTime at/> {format!(" by {creator}")}</dd></div>
            </dl>
        }
    };
    view! { <section class="card p-4 mb-4">{facts}</section> }.into_any()
}

#[component]
fn EditForm(key: ApiKeyView, row: LiveRow<ApiKeyView>) -> impl IntoView {
    let fields = ApiKeyForm::new(Some(&key));
    let form = fields.form;
    let version = fields.version().unwrap_or_default();
    let page = urls::api_key(&key.id);
    let id = StoredValue::new(key.id);
    Effect::new(move |before: Option<()>| {
        let newest = row.current.get();
        if before.is_some() {
            form.follow(current(&newest), version);
        }
    });
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(update_api_key(id.get_value(), fields.input()), move |key| {
            toasts.success(format!("Saved {}.", key.name));
            navigate.with_value(|navigate| navigate(urls::API_KEYS, Default::default()));
        });
    };
    view! {
        <FormPage
            form
            address=page
            cancel=urls::API_KEYS
            label="Save Changes"
            busy_label="Saving…"
            on_submit=save
            editing=Editing { noun: "API key", version, read: conflicting }
        >
            <div class="card px-5"><ApiKeyFields fields/></div>
        </FormPage>
    }
    .into_any()
}

fn missing(deleted: bool) -> AnyView {
    let title = if deleted { "This API key was deleted" } else { "There is no such API key" };
    view! {
        <PageHeader title="Not Found" parent=(urls::API_KEYS, "API Keys")/>
        <div class="card">
            <EmptyState glyph=KEY title text="Requests with a deleted key are refused.">
                <a class="btn" href=urls::API_KEYS>"Back to API Keys"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
