use api_types::{
    input::{NumberPurchaseInput, NumberPurchaseQuery},
    view::{NumberPurchasePage, NumberPurchaseView},
};
use domain::NumberPurchaseId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "number_purchases/list", input = Json, output = Json)]
pub async fn list_purchases(
    #[server(flatten)] query: NumberPurchaseQuery,
) -> Result<NumberPurchasePage, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_purchases.list(&actor, &query).await?)
}

#[server(prefix = "/api/fn", endpoint = "number_purchases/get", input = Json, output = Json)]
pub async fn get_purchase(id: NumberPurchaseId) -> Result<NumberPurchaseView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_purchases.get(&actor, &id).await?)
}

/// Records the purchase; its steps are on the page of purchases.
#[server(prefix = "/api/fn", endpoint = "number_purchases/request", input = Json, output = Json)]
pub async fn request_purchase(
    #[server(flatten)] input: NumberPurchaseInput,
) -> Result<NumberPurchaseView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_purchases.request(&actor, &input).await?.0)
}

#[server(prefix = "/api/fn", endpoint = "number_purchases/retry", input = Json, output = Json)]
pub async fn retry_purchase(id: NumberPurchaseId) -> Result<NumberPurchaseView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_purchases.retry(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "number_purchases/give_up", input = Json, output = Json)]
pub async fn give_up_purchase(id: NumberPurchaseId) -> Result<NumberPurchaseView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_purchases.give_up(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "number_purchases/release", input = Json, output = Json)]
pub async fn release_purchase(id: NumberPurchaseId) -> Result<NumberPurchaseView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_purchases.release(&actor, &id).await?)
}

#[server(prefix = "/api/fn", endpoint = "number_purchases/mark_released", input = Json, output = Json)]
pub async fn mark_purchase_released(id: NumberPurchaseId) -> Result<NumberPurchaseView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_purchases.mark_released(&actor, &id).await?)
}

impl FormFn for RequestPurchase {
    type Input = NumberPurchaseInput;
}

impl FormFn for RetryPurchase {
    type Input = ();
}

impl FormFn for GiveUpPurchase {
    type Input = ();
}

impl FormFn for ReleasePurchase {
    type Input = ();
}

impl FormFn for MarkPurchaseReleased {
    type Input = ();
}
