use api_types::view::NumberPurchaseView;
use domain::{NumberPurchaseId, PurchaseState};
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
        number_purchase::{get_purchase, give_up_purchase},
        read,
    },
    urls,
};

/// The dialog that the address asks for.
#[component]
pub fn GiveUpDialogs() -> impl IntoView {
    let params = use_query_map();
    let id = Memo::new(move |_| params.with(|params| params.get("give-up")?.parse::<NumberPurchaseId>().ok()));
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
            let purchase = purchase.await.filter(|purchase| purchase.can_be_given_up);
            purchase.map(|purchase| view! { <GiveUpDialog purchase/> })
        })
    };
    view! { <Transition>{dialog}</Transition> }
}

#[component]
fn GiveUpDialog(purchase: NumberPurchaseView) -> impl IntoView {
    let form = Form::new("give-up-purchase");
    let (toasts, navigate) = (use_toasts(), StoredValue::new(use_navigate()));
    let given_up = StoredValue::new((purchase.id.clone(), purchase.formatted.clone()));
    let give_up = move |()| {
        let (id, name) = given_up.get_value();
        form.send(give_up_purchase(id), move |_| {
            toasts.success(format!("Gave up the purchase of {name}."));
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(urls::NUMBER_PURCHASES, options));
            focus("content".to_owned());
        });
    };
    let provider = purchase.provider.name();
    let lost = match purchase.state {
        PurchaseState::Requested => "Nothing was bought yet, and nothing will be.".to_owned(),
        PurchaseState::Buying => {
            format!("If {provider} has sold the number, it is released there. Its price for this month may be lost.")
        }
        _ => format!("The number is deleted here and released at {provider}, where somebody else may then buy it."),
    };
    let id = purchase.id.to_string();
    view! {
        <ConfirmDialog
            form
            title=format!("Give Up {}", purchase.formatted)
            address=urls::purchase_dialog("give-up", &id)
            close=urls::NUMBER_PURCHASES
            label="Give Up Purchase"
            busy_label="Giving Up…"
            on_confirm=give_up
        >
            <input type="hidden" name="id" value=id/>
            <p>{lost}</p>
        </ConfirmDialog>
    }
    .into_any()
}
