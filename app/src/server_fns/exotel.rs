use api_types::{
    input::{ExotelImportInput, ExotelInput},
    view::{ExotelImported, ExotelNumbers, ExotelSummary, ExotelView},
};
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "exotel/summary", input = Json, output = Json)]
pub async fn get_exotel_summary() -> Result<ExotelSummary, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.exotel.summary(&actor).await?)
}

/// Slow: requests the list from Exotel.
#[server(prefix = "/api/fn", endpoint = "exotel/numbers", input = Json, output = Json)]
pub async fn list_exotel_numbers() -> Result<ExotelNumbers, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.exotel.numbers(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "exotel/save", input = Json, output = Json)]
pub async fn save_exotel(#[server(flatten)] input: ExotelInput) -> Result<ExotelView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.exotel.save(&actor, &input).await?)
}

/// Requests the account from Exotel. The outcome is in the summary, also where Exotel failed.
#[server(prefix = "/api/fn", endpoint = "exotel/test", input = Json, output = Json)]
pub async fn test_exotel() -> Result<ExotelSummary, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    match services.exotel.test(&actor).await {
        Err(services::Error::Exotel { current, .. }) => Ok(*current),
        outcome => Ok(outcome?),
    }
}

/// Imports numbers, or with `dry_run` says what that would do.
#[server(prefix = "/api/fn", endpoint = "exotel/import", input = Json, output = Json)]
pub async fn import_exotel(#[server(flatten)] input: ExotelImportInput) -> Result<ExotelImported, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.exotel.import(&actor, &input).await?)
}

#[server(prefix = "/api/fn", endpoint = "exotel/disconnect", input = Json, output = Json)]
pub async fn disconnect_exotel() -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.exotel.disconnect(&actor).await?)
}

impl FormFn for SaveExotel {
    type Input = ExotelInput;
}

impl FormFn for TestExotel {
    type Input = ();
}

impl FormFn for ImportExotel {
    type Input = ExotelImportInput;
}

impl FormFn for DisconnectExotel {
    type Input = ();
}
