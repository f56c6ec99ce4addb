use api_types::{
    input::NumberPurchaseQuery,
    view::{ChangedNoun, NumberPurchasePage, NumberPurchaseView},
};
use domain::{Action, PurchaseState};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    delete_dialog::DeleteDialogs,
    give_up_dialog::GiveUpDialogs,
    release_dialogs::ReleaseDialogs,
    steps::{problem, state, steps},
};
use crate::{
    components::{
        form::{Form, SubmitButton},
        layout::PageHeader,
        table::{Column, DataTable, PAGE_SIZE, Row, TablePage, TableUrl, Width, use_table_query},
        ui::{EmptyState, PHONE, RelativeTime, use_toasts},
    },
    live::on_any_change,
    server_fns::{
        number_purchase::{list_purchases, retry_purchase},
        read,
    },
    session::use_session,
    urls,
};

/// Every purchase with its steps, the newest first, live.
#[component]
pub fn NumberPurchaseListPage() -> impl IntoView {
    let query = use_table_query(TableUrl::new(urls::NUMBER_PURCHASES, &["-created_at"]));
    let page = Resource::new(
        move || query.get(),
        |query| {
            let query = NumberPurchaseQuery { limit: Some(PAGE_SIZE), cursor: query.cursor() };
            async move { read(list_purchases(query)).await }
        },
    );
    on_any_change(&[ChangedNoun::NumberPurchase], move || page.refetch());
    let may_buy = use_session().may(Action::BuyNumber);
    let columns = vec![
        Column::text("Phone Number", |purchase: &NumberPurchaseView| purchase.formatted.clone()).width(Width::Medium),
        Column::view("State", state).on_top(),
        Column::text("Provider", |purchase: &NumberPurchaseView| purchase.provider.name().to_owned()),
        Column::view("Steps", steps),
        Column::view("Problem", problem).width(Width::Wide),
        Column::view("Requested", |purchase: &NumberPurchaseView| {
            view! { <RelativeTime at=purchase.created_at/> }.into_any()
        }),
        Column::text("Requested By", |purchase: &NumberPurchaseView| purchase.requested_by.clone()),
        Column::actions(move |purchase: &NumberPurchaseView| actions(purchase, may_buy)),
    ];
    let row = |purchase: &NumberPurchaseView| {
        let row = Row::new(&purchase.id, &purchase.formatted);
        match &purchase.carrier_id {
            Some(carrier) => row.href(urls::carrier(carrier)),
            None => row,
        }
    };
    view! {
        <PageHeader title="Number Purchases" parent=(urls::NUMBERS, "Numbers")/>
        <DataTable query label="Number purchases" noun=("purchase", "purchases") columns page row empty=no_purchases/>
        <GiveUpDialogs/>
        <DeleteDialogs/>
        <ReleaseDialogs/>
    }
}

/// What can be done with the purchase.
fn actions(purchase: &NumberPurchaseView, may_buy: bool) -> AnyView {
    if !may_buy {
        return ().into_any();
    }
    if purchase.state == PurchaseState::Completed && purchase.sip_id.is_some() {
        let href = urls::purchase_dialog("delete", purchase.id.as_str());
        return view! { <a class="btn-quiet" href=href data-noscroll="">"Delete Number"</a> }.into_any();
    }
    if purchase.can_be_released {
        let href = urls::purchase_dialog("release", purchase.id.as_str());
        return view! { <a class="btn-quiet" href=href data-noscroll="">"Release Number"</a> }.into_any();
    }
    if !purchase.is_active {
        return ().into_any();
    }
    let mark = (purchase.can_be_marked_released && purchase.error.is_some()).then(|| {
        let href = urls::purchase_dialog("mark-released", purchase.id.as_str());
        view! { <a class="btn-quiet" href=href data-noscroll="">"Mark as Released"</a> }
    });
    let give_up = purchase.can_be_given_up.then(|| {
        let href = urls::purchase_dialog("give-up", purchase.id.as_str());
        view! { <a class="btn-quiet" href=href data-noscroll="">"Give Up"</a> }
    });
    let retry = purchase.error.is_some().then(|| view! { <RetryButton purchase=purchase.clone()/> });
    view! { <div class="flex gap-1 justify-end">{retry} {give_up} {mark}</div> }.into_any()
}

#[component]
fn RetryButton(purchase: NumberPurchaseView) -> impl IntoView {
    let form = Form::button("retry-purchase");
    let toasts = use_toasts();
    let id = StoredValue::new(purchase.id.clone());
    let name = purchase.formatted.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let name = name.clone();
        form.send(retry_purchase(id.get_value()), move |_| toasts.success(format!("Retrying {name}.")));
    };
    view! {
        <form method="post" action=urls::purchase_dialog("retry", purchase.id.as_str()) on:submit=submit>
            <input type="hidden" name="id" value=purchase.id.to_string()/>
            <SubmitButton label="Retry" busy_label="Retrying…" busy=form.busy class="btn-quiet"/>
        </form>
    }
    .into_any()
}

impl From<NumberPurchasePage> for TablePage<NumberPurchaseView> {
    fn from(page: NumberPurchasePage) -> Self {
        Self { items: page.items, next_cursor: page.next_cursor, total: Some(page.total), searched_to: None }
    }
}

fn no_purchases() -> AnyView {
    view! {
        <EmptyState
            glyph=PHONE
            title="No purchases yet"
            text="A number that is bought from Twilio or Vonage appears here with each step, until LiveKit has it."
        />
    }
    .into_any()
}
