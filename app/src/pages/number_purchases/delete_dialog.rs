use api_types::view::NumberPurchaseView;
use domain::{DidId, NumberPurchaseId, PurchaseState};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use crate::{
    components::{
        form::{Checkbox, ConfirmDialog, Form, focus},
        ui::use_toasts,
    },
    server_fns::{number::delete_number, number_purchase::get_purchase, read},
    urls,
};

/// The dialog that the address asks for: deletes a bought number, and releases it if asked.
#[component]
pub fn DeleteDialogs() -> impl IntoView {
    let params = use_query_map();
    let id = Memo::new(move |_| params.with(|params| params.get("delete")?.parse::<NumberPurchaseId>().ok()));
    let purchase = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read(get_purchase(id)).await.ok(),
                None => None,
            }
        },
    );
    let dialog = move || {
        Suspend::new(async move {
            let purchase = purchase.await.filter(|purchase| purchase.state == PurchaseState::Completed)?;
            let sip_id = purchase.sip_id.clone()?;
            Some(view! { <DeleteDialog purchase sip_id/> })
        })
    };
    view! { <Transition>{dialog}</Transition> }
}

#[component]
fn DeleteDialog(purchase: NumberPurchaseView, sip_id: DidId) -> impl IntoView {
    let form = Form::new("delete-number");
    let release = RwSignal::new(false);
    let (toasts, navigate) = (use_toasts(), StoredValue::new(use_navigate()));
    let deleted = StoredValue::new((sip_id.clone(), purchase.formatted.clone()));
    let delete = move |()| {
        let (id, name) = deleted.get_value();
        form.send(delete_number(id, release.get_untracked().to_string()), move |()| {
            toasts.success(format!("Deleted {name}."));
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(urls::NUMBER_PURCHASES, options));
            focus("content".to_owned());
        });
    };
    let provider = purchase.provider.name();
    view! {
        <ConfirmDialog
            form
            title=format!("Delete {}", purchase.formatted)
            address=urls::purchase_dialog("delete", purchase.id.as_str())
            close=urls::NUMBER_PURCHASES
            label="Delete Number"
            busy_label="Deleting…"
            on_confirm=delete
        >
            <input type="hidden" name="id" value=sip_id.to_string()/>
            <input type="hidden" name="release" value="false"/>
            <p>
                {format!(
                    "Calls to it are rejected, and it can no longer be a caller ID. Unless it is released, {provider} keeps \
                     charging for it."
                )}
            </p>
            <Checkbox name="release" value="true" checked=release label=format!("Also release it at {provider}, for good")/>
        </ConfirmDialog>
    }
    .into_any()
}
