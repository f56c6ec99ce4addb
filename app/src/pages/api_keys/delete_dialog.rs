use api_types::view::ApiKeyView;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::{
    components::{
        form::{ConfirmDialog, Form},
        ui::{RelativeTime, use_toasts},
    },
    pages::row_page::Deletion,
    server_fns::api_key::delete_api_key,
    urls,
};

/// Confirms the deletion, and says which programs stop working.
#[component]
pub fn DeleteDialog(key: ApiKeyView, deletion: Deletion) -> impl IntoView {
    let form = Form::new("delete-api-key");
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let page = urls::api_key(&key.id);
    let last_use = match key.last_used_at {
        None => view! { "It has never been used." }.into_any(),
        Some(at) => view! { "It was used last " <RelativeTime at/> "." }.into_any(),
    };
    let deleted = StoredValue::new((key.id, key.name.clone()));
    let delete = move |()| {
        let (id, name) = deleted.get_value();
        form.send(deletion.execute(delete_api_key(id)), move |()| {
            toasts.success(format!("Deleted {name}."));
            navigate.with_value(|navigate| navigate(urls::API_KEYS, Default::default()));
        });
    };
    view! {
        <ConfirmDialog
            form
            title=format!("Delete {}", key.name)
            address=format!("{page}?delete=1")
            close=page
            label="Delete API Key"
            busy_label="Deleting…"
            on_confirm=delete
        >
            <p>
                "Programs that send the key "
                <strong class="font-semibold">{key.name}</strong>
                " ("
                <code class="font-mono text-[12.5px]">{format!("{}…", key.prefix)}</code>
                ") stop working at once: their requests are refused, and their event streams end. "
                {last_use}
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
