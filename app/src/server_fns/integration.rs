use api_types::{
    input::NumberIntegrationInput,
    view::{IntegrationOverview, NumberIntegrationView},
};
use domain::NumberProviderKind;
use leptos::prelude::*;

use super::{FormFn, Json, ServerFnProblem};

#[server(prefix = "/api/fn", endpoint = "integration/overview", input = Json, output = Json)]
pub async fn get_integrations() -> Result<IntegrationOverview, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_integrations.overview(&actor).await?)
}

#[server(prefix = "/api/fn", endpoint = "integration/save", input = Json, output = Json)]
pub async fn save_integration(
    provider: NumberProviderKind,
    #[server(flatten)] input: NumberIntegrationInput,
) -> Result<NumberIntegrationView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_integrations.save(&actor, provider, &input).await?)
}

/// Asks the provider. The outcome is in the integration, also where the provider failed.
#[server(prefix = "/api/fn", endpoint = "integration/test", input = Json, output = Json)]
pub async fn test_integration(provider: NumberProviderKind) -> Result<NumberIntegrationView, ServerFnProblem> {
    let (services, actor) = super::caller()?;
    match services.number_integrations.test(&actor, provider).await {
        Err(services::Error::Provider(_)) => Ok(services.number_integrations.get(&actor, provider).await?),
        outcome => Ok(outcome?),
    }
}

#[server(prefix = "/api/fn", endpoint = "integration/disconnect", input = Json, output = Json)]
pub async fn disconnect_integration(provider: NumberProviderKind) -> Result<(), ServerFnProblem> {
    let (services, actor) = super::caller()?;
    Ok(services.number_integrations.disconnect(&actor, provider).await?)
}

impl FormFn for SaveIntegration {
    type Input = NumberIntegrationInput;
}

impl FormFn for TestIntegration {
    type Input = ();
}

impl FormFn for DisconnectIntegration {
    type Input = ();
}
