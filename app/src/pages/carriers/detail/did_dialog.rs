use api_types::{Problem, view::DidView};
use domain::DidId;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    context::{CarrierContext, use_carrier},
    did_form::{DidFields, DidForm},
    did_table::Dids,
    page_query::OpenDialog,
    remove_dialog::RemoveDialog,
};
use crate::{
    components::{
        form::{Editing, FormDialog, focus},
        ui::{Dialog, Failure, use_toasts},
    },
    server_fns::{
        did::{add_did, get_did, update_did},
        read,
    },
};

/// The dialog about one DID that the address asks for.
#[component]
pub fn DidDialogs(dids: Dids) -> impl IntoView {
    let context = use_carrier();
    let dialog = Memo::new(move |_| context.asked.read().dialog.clone());
    let id = Memo::new(move |_| match dialog.get() {
        OpenDialog::EditDid(id) | OpenDialog::RemoveDid(id) => Some(id),
        _ => None,
    });
    let carrier = context.id;
    let did = Resource::new(move || id.get(), move |id| load(carrier.get_value(), id));
    let about_one = move || {
        let dialog = dialog.get();
        Suspend::new(async move {
            match (did.await, dialog) {
                (Ok(Some(did)), OpenDialog::EditDid(id)) if did.id == id => {
                    view! { <EditDidDialog did dids/> }.into_any()
                }
                (Ok(Some(did)), OpenDialog::RemoveDid(id)) if did.id == id => {
                    view! { <RemoveDialog did dids/> }.into_any()
                }
                (Err(problem), OpenDialog::EditDid(_) | OpenDialog::RemoveDid(_)) => {
                    view! { <Unavailable problem retry=Callback::new(move |()| did.refetch())/> }.into_any()
                }
                _ => ().into_any(),
            }
        })
    };
    view! {
        {move || (dialog.get() == OpenDialog::AddDid).then(|| view! { <AddDidDialog dids/> })}
        <Transition fallback=|| ()>{about_one}</Transition>
    }
    .into_any()
}

async fn load(carrier: domain::CarrierId, id: Option<DidId>) -> Result<Option<DidView>, Problem> {
    match id {
        Some(id) => read(get_did(carrier, id)).await.map(Some),
        None => Ok(None),
    }
}

/// The DID was removed, or could not be loaded.
#[component]
fn Unavailable(problem: Problem, retry: Callback<()>) -> impl IntoView {
    let title = if problem.status == 404 { "This number was removed" } else { "Number" };
    view! {
        <Dialog title close=untrack(|| use_carrier().href(&[])) class="dialog dialog-small">
            <div class="dialog-body"><Failure problem retry=move || retry.run(())/></div>
        </Dialog>
    }
    .into_any()
}

#[component]
fn AddDidDialog(dids: Dids) -> impl IntoView {
    let context = use_carrier();
    let fields = DidForm::new(None);
    let close = use_close(context);
    let toasts = use_toasts();
    let save = move |()| {
        let country = context.row.current.with_untracked(|row| row.carrier.destination_country);
        if let Err(errors) = fields.check(country) {
            fields.form.refuse_fields(&errors);
            return;
        }
        fields.form.send(add_did(context.id.get_value(), fields.input()), move |did| {
            toasts.success(format!("Added {}.", did.formatted));
            dids.refetch();
            context.row.refresh();
            close.run(());
        });
    };
    view! {
        <FormDialog
            form=fields.form
            title="Add Number"
            address=untrack(|| context.href(&[("did", "new")]))
            close=untrack(|| context.href(&[]))
            label="Add Number"
            busy_label="Adding…"
            on_submit=save
        >
            <DidFields fields/>
        </FormDialog>
    }
    .into_any()
}

#[component]
fn EditDidDialog(did: DidView, dids: Dids) -> impl IntoView {
    let context = use_carrier();
    let fields = DidForm::new(Some(&did));
    let close = use_close(context);
    let toasts = use_toasts();
    let id = StoredValue::new(did.id);
    let save = move |()| {
        let country = context.row.current.with_untracked(|row| row.carrier.destination_country);
        if let Err(errors) = fields.check(country) {
            fields.form.refuse_fields(&errors);
            return;
        }
        fields.form.send(update_did(context.id.get_value(), id.get_value(), fields.input()), move |did| {
            toasts.success(format!("Saved {}.", did.formatted));
            dids.refetch();
            close.run(());
            focus(format!("edit-{}", did.id));
        });
    };
    let editing: Option<Editing> = fields.editing();
    let address = untrack(|| context.href(&[("did", id.get_value().as_str())]));
    editing.map(|editing| {
        view! {
            <FormDialog
                form=fields.form
                title="Edit Number"
                address
                close=untrack(|| context.href(&[]))
                label="Save Number"
                busy_label="Saving…"
                on_submit=save
                editing
            >
                <input type="hidden" name="did_id" value=id.get_value().to_string()/>
                <DidFields fields/>
            </FormDialog>
        }
    })
}

/// Closes the dialog after its action. The dialog is no step in the history.
pub fn use_close(context: CarrierContext) -> Callback<()> {
    let navigate = use_navigate();
    Callback::new(move |()| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&untrack(|| context.href(&[])), options);
    })
}
