//! Requests to `/api/v1`.

use api_types::Problem;
use serde::{Serialize, de::DeserializeOwned};

/// The current row in a problem. Parsed from text again, because `from_value` would add to the size of the WebAssembly.
pub fn row<T: DeserializeOwned>(current: &serde_json::Value) -> Option<T> {
    serde_json::from_str(&current.to_string()).ok()
}

/// GET of JSON. Without a session, the browser goes to the login page.
#[cfg(not(feature = "ssr"))]
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Problem> {
    let text = exchange("GET", path, None).await.inspect_err(browser::to_login)?;
    serde_json::from_str(&text).map_err(|error| unreadable(200, &error))
}

/// Sends JSON. Never leaves the page, because the form on it is not saved yet.
pub async fn send<T: DeserializeOwned>(method: &str, path: &str, body: &impl Serialize) -> Result<T, Problem> {
    let body = serde_json::to_string(body).map_err(|error| unreadable(200, &error))?;
    let text = exchange(method, path, Some(body)).await?;
    serde_json::from_str(&text).map_err(|error| unreadable(200, &error))
}

fn unreadable(status: u16, error: &serde_json::Error) -> Problem {
    let detail = format!("The answer could not be read ({error}). Reload the page: the server may have been updated.");
    Problem::new(status, "unreadable_answer", "Unreadable answer", detail)
}

/// `kept`: the request came from a form, which still has its values.
pub fn offline(kept: bool) -> Problem {
    let kept = if kept { " What you typed is still here." } else { "" };
    let detail = format!("The server does not answer. Check the connection and try again.{kept}");
    Problem::new(0, "offline", "No connection", detail)
}

#[cfg(feature = "ssr")]
#[expect(clippy::unused_async, reason = "the same shape as in the browser")]
async fn exchange(_method: &str, _path: &str, _body: Option<String>) -> Result<String, Problem> {
    Err(offline(false))
}

#[cfg(not(feature = "ssr"))]
use browser::exchange;

#[cfg(not(feature = "ssr"))]
mod browser {
    use api_types::Problem;
    use gloo_net::http::{Method, RequestBuilder};
    use leptos::prelude::window;
    use send_wrapper::SendWrapper;

    use super::{offline, unreadable};

    /// The body of a successful response. In a `SendWrapper`, because resources require `Send` futures.
    pub fn exchange(
        method: &str,
        path: &str,
        body: Option<String>,
    ) -> impl Future<Output = Result<String, Problem>> + Send + 'static {
        let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        let request = RequestBuilder::new(path).method(method).header("accept", "application/json");
        SendWrapper::new(async move {
            let kept = body.is_some();
            let offline = |_| offline(kept);
            let sent = match body {
                Some(body) => request.header("content-type", "application/json").body(body).map_err(offline)?.send(),
                None => request.build().map_err(offline)?.send(),
            };
            let answer = sent.await.map_err(offline)?;
            let text = answer.text().await.map_err(offline)?;
            if answer.ok() {
                return Ok(text);
            }
            Err(serde_json::from_str(&text).unwrap_or_else(|error| unreadable(answer.status(), &error)))
        })
    }

    pub fn to_login(problem: &Problem) {
        if problem.status == 401 {
            let location = window().location();
            let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
            let _ = location.assign(&crate::urls::login(&here));
        }
    }
}
