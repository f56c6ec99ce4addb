//! A page as the server sends it.

use api_types::Problem;
use gloo_net::http::{Method, RequestBuilder, Response};
use leptos::{
    prelude::window,
    web_sys::{DomParser, SupportedType},
};

use crate::api::http::offline;

/// What the answer to a request shows.
pub struct Document {
    /// Path and query that the answer is from, after redirections.
    pub address: String,
    pub redirected: bool,
    /// The HTTP status.
    pub status: u16,
    /// None: it is no page of ours; another one, or what a proxy said.
    pub shown: Option<Shown>,
}

#[derive(Default)]
pub struct Shown {
    pub html: String,
    pub title: String,
    /// What the page says aloud.
    pub said: Option<String>,
}

pub async fn get(address: &str) -> Result<Document, Problem> {
    let offline = |_| offline(false);
    let request = RequestBuilder::new(address).header("accept", "text/html").build().map_err(offline)?;
    read(request.send().await.map_err(offline)?).await.map_err(offline)
}

/// As a browser sends a form.
pub async fn post(action: &str, form: String) -> Result<Document, Problem> {
    let offline = |_| offline(true);
    let request = RequestBuilder::new(action)
        .method(Method::POST)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .map_err(offline)?;
    read(request.send().await.map_err(offline)?).await.map_err(offline)
}

async fn read(answer: Response) -> Result<Document, gloo_net::Error> {
    let text = answer.text().await?;
    let url = answer.url();
    let origin = window().location().origin().unwrap_or_default();
    let address = url.strip_prefix(&origin).unwrap_or(&url).to_owned();
    Ok(Document { address, redirected: answer.redirected(), status: answer.status(), shown: parse(&text) })
}

fn parse(text: &str) -> Option<Shown> {
    let document = DomParser::new().ok()?.parse_from_string(text, SupportedType::TextHtml).ok()?;
    let content = document.query_selector(".served").ok()??;
    let said = content
        .query_selector("[data-announcement]")
        .ok()
        .flatten()
        .and_then(|said| said.get_attribute("data-announcement"));
    Some(Shown { html: content.inner_html(), title: document.title(), said })
}
