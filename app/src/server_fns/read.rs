//! Reads of pages.

use api_types::Problem;

use super::ServerFnProblem;

/// Awaits a read. Without a session, the browser goes to the login page, unless that would lose unsaved changes.
pub async fn read<T>(request: impl Future<Output = Result<T, ServerFnProblem>>) -> Result<T, Problem> {
    #[cfg(not(feature = "ssr"))]
    let guards = crate::components::form::use_guards();
    let outcome = request.await.map_err(Problem::from);
    #[cfg(not(feature = "ssr"))]
    if let Err(problem) = &outcome {
        to_login(problem, guards);
    }
    outcome
}

#[cfg(not(feature = "ssr"))]
fn to_login(problem: &Problem, guards: Option<crate::components::form::Guards>) {
    if problem.status != 401 || guards.is_some_and(|guards| guards.has_unsaved_changes()) {
        return;
    }
    let location = leptos::prelude::window().location();
    let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let _ = location.assign(&crate::urls::login(&here));
}
