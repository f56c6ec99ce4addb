use api_types::{input::NumberRegisterInput, view::NumberView};
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "numbers/register", input = Json, output = Json)]
pub async fn register_number(#[server(flatten)] input: NumberRegisterInput) -> Result<NumberView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.numbers.register(&actor, &input).await?)
}

impl FormFn for RegisterNumber {
    type Input = NumberRegisterInput;
}
