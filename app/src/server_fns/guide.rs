use leptos::prelude::*;

use super::{Json, ServerFnProblem};

/// A topic of the guide as HTML. The texts stay on the server, so that they do not add to the WebAssembly.
#[server(prefix = "/api/fn", endpoint = "guide/topic", input = Json, output = Json)]
pub async fn guide_topic(topic: String) -> Result<String, ServerFnProblem> {
    let text = crate::pages::guide::text::html(&topic);
    Ok(text.ok_or(services::Error::NotFound("topic"))?.to_owned())
}
