//! Bytes that the browser gets for a page: as a document, and by a link within the console.

use reqwest::{RequestBuilder, header};
use serde_json::json;

use crate::{Error, LIST_PAGE, console::Console};

/// Prints the bytes as they are transferred to a browser, which accepts gzip for documents and JSON.
pub async fn print(console: &Console, carrier: &str) -> Result<(), Error> {
    let carrier_page = format!("{LIST_PAGE}/{carrier}");
    let documents = [("list of carriers", LIST_PAGE), ("a carrier", carrier_page.as_str())];
    let links = [
        (
            "list of carriers",
            vec![("carriers/list", json!({ "limit": 50, "include_dids": false })), ("exotel/summary", json!({}))],
        ),
        (
            "a carrier",
            vec![
                ("carriers/get", json!({ "id": carrier })),
                ("bots/list", json!({})),
                ("dids/list", json!({ "id": carrier })),
            ],
        ),
    ];
    println!("### Transferred for a page\n\n| page | as a document | by a link |\n|---|--:|--:|");
    for ((name, path), (_, calls)) in documents.into_iter().zip(links) {
        let document = transferred(console.get(path)).await?;
        let mut linked = 0;
        for (function, arguments) in calls {
            linked += transferred(console.call(function, &arguments)).await?;
        }
        println!("| {name} | {document} | {linked} |");
    }
    println!();
    Ok(())
}

async fn transferred(request: RequestBuilder) -> Result<usize, Error> {
    let response = request.header(header::ACCEPT_ENCODING, "gzip, br").send().await?.error_for_status()?;
    Ok(response.bytes().await?.len())
}
