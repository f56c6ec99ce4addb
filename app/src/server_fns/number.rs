use api_types::{input::NumberRegisterInput, view::NumberView};
use domain::DidId;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "numbers/register", input = Json, output = Json)]
pub async fn register_number(#[server(flatten)] input: NumberRegisterInput) -> Result<NumberView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.numbers.register(&actor, &input).await?)
}

/// `release` is `true` to return a bought number to its provider, too.
#[server(prefix = "/api/fn", endpoint = "numbers/delete", input = Json, output = Json)]
pub async fn delete_number(id: DidId, release: String) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.numbers.delete(&actor, &id, &api_types::input::NumberDeleteQuery { release }).await?)
}

impl FormFn for DeleteNumber {
    type Input = ();
}

impl FormFn for RegisterNumber {
    type Input = NumberRegisterInput;
}
