use api_types::view::NumberPurchaseView;
use domain::NumberPurchaseId;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use crate::{
    components::{
        form::{ConfirmDialog, Form, focus},
        ui::use_toasts,
    },
    server_fns::{
        number_purchase::{get_purchase, mark_purchase_released, release_purchase},
        read,
    },
    urls,
};

/// The dialog that the address asks for: releases a number, or marks it as released.
#[component]
pub fn ReleaseDialogs() -> impl IntoView {
    let params = use_query_map();
    let asked = Memo::new(move |_| {
        params.with(|params| {
            let id = |name: &str| params.get(name)?.parse::<NumberPurchaseId>().ok();
            id("release").map(|id| (id, false)).or_else(|| Some((id("mark-released")?, true)))
        })
    });
    let purchase = Resource::new(
        move || asked.get(),
        |asked| async move {
            match asked {
                Some((id, mark)) => read(get_purchase(id)).await.ok().map(|purchase| (purchase, mark)),
                None => None,
            }
        },
    );
    let dialog = move || {
        Suspend::new(async move {
            Some(match purchase.await? {
                (purchase, true) if purchase.can_be_marked_released => {
                    view! { <MarkReleasedDialog purchase/> }.into_any()
                }
                (purchase, false) if purchase.can_be_released => view! { <ReleaseDialog purchase/> }.into_any(),
                _ => return None,
            })
        })
    };
    view! { <Transition>{dialog}</Transition> }
}

#[component]
fn ReleaseDialog(purchase: NumberPurchaseView) -> impl IntoView {
    let form = Form::new("release-purchase");
    let close = close();
    let released = StoredValue::new((purchase.id.clone(), purchase.formatted.clone()));
    let release = move |()| {
        let (id, name) = released.get_value();
        form.send(release_purchase(id), move |_| close(format!("Releasing {name}.")));
    };
    let provider = purchase.provider.name();
    let id = purchase.id.to_string();
    view! {
        <ConfirmDialog
            form
            title=format!("Release {}", purchase.formatted)
            address=urls::purchase_dialog("release", &id)
            close=urls::NUMBER_PURCHASES
            label="Release Number"
            busy_label="Releasing…"
            on_confirm=release
        >
            <input type="hidden" name="id" value=id/>
            <p>
                {format!(
                    "The number was deleted here, and {provider} still charges for it. It is released at {provider} for good, and \
                     others may then buy it."
                )}
            </p>
        </ConfirmDialog>
    }
    .into_any()
}

#[component]
fn MarkReleasedDialog(purchase: NumberPurchaseView) -> impl IntoView {
    let form = Form::new("mark-purchase-released");
    let close = close();
    let marked = StoredValue::new((purchase.id.clone(), purchase.formatted.clone()));
    let mark = move |()| {
        let (id, name) = marked.get_value();
        form.send(mark_purchase_released(id), move |_| close(format!("Marked {name} as released.")));
    };
    let (provider, account) = (purchase.provider.name(), purchase.provider_account.clone());
    let id = purchase.id.to_string();
    view! {
        <ConfirmDialog
            form
            title=format!("Mark {} as Released", purchase.formatted)
            address=urls::purchase_dialog("mark-released", &id)
            close=urls::NUMBER_PURCHASES
            label="Mark as Released"
            busy_label="Marking…"
            on_confirm=mark
        >
            <input type="hidden" name="id" value=id/>
            <p>
                {format!(
                    "The release is not attempted again. Make sure first that the account {account} at {provider} does not have \
                     the number any more: otherwise {provider} keeps charging for it."
                )}
            </p>
        </ConfirmDialog>
    }
    .into_any()
}

/// Shows the message, and the table without a dialog.
fn close() -> impl Fn(String) + Copy + 'static {
    let (toasts, navigate) = (use_toasts(), StoredValue::new(use_navigate()));
    move |message| {
        toasts.success(message);
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(urls::NUMBER_PURCHASES, options));
        focus("content".to_owned());
    }
}
