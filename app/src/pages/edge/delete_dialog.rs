use api_types::view::EdgeObjectForm;
use domain::edge::EdgeKind;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::wording::wording;
use crate::{
    components::{
        form::{ConfirmDialog, Form},
        ui::use_toasts,
    },
    pages::row_page::Deletion,
    server_fns::edge_object::delete_edge_object,
    urls,
};

/// Confirms the deletion and says what it changes.
#[component]
pub fn DeleteDialog(kind: EdgeKind, object: EdgeObjectForm, deletion: Deletion) -> impl IntoView {
    let wording = wording(kind);
    let form = Form::new("delete-edge-object");
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let page = urls::edge_object(&object.id);
    let EdgeObjectForm { id, name, .. } = object;
    let deleted = StoredValue::new((id, name.clone()));
    let delete = move |()| {
        let (id, name) = deleted.get_value();
        form.send(deletion.execute(delete_edge_object(kind.path().to_owned(), id)), move |()| {
            toasts.success(format!("Deleted {name}."));
            navigate.with_value(|navigate| navigate(urls::edge_objects(kind), Default::default()));
        });
    };
    view! {
        <ConfirmDialog
            form
            title=format!("Delete {name}")
            address=format!("{page}?delete=1")
            close=page
            label="Delete"
            busy_label="Deleting…"
            on_confirm=delete
        >
            <p>
                {format!("Deletes the {} ", wording.noun.0)} <strong class="font-semibold">{name.clone()}</strong>
                {format!(". {}", wording.consequence)}
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
