//! The guide's words: each topic a function that gives its view, rendered once. Only the server has them.
//!
//! A link to another topic is written `/guide/…`; it becomes a link of the page on which the guide is open. What a button
//! copies stands in its `data-copy`, a path for an address of this console.

mod authentication;
mod calls;
mod connection;
mod directions;
mod exotel;
mod overview;
mod pacing;
mod parts;
mod plivo;
mod sync;
mod twilio;

use std::sync::LazyLock;

use leptos::prelude::*;

use super::TOPICS;

/// Topics in their order, rendered.
static RENDERED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let topic =
        |(id, name): &(&str, &'static str)| Owner::new_root(None).with(|| parts::topic(id, name, body(id)).to_html());
    // On a thread of its own: an owner takes the thread over, and a page may be under way on this one.
    std::thread::spawn(move || TOPICS.iter().map(topic).collect()).join().unwrap_or_default()
});

/// A topic's inside; None where there is no such topic.
pub fn html(id: &str) -> Option<&'static str> {
    let at = TOPICS.iter().position(|(known, _)| *known == id)?;
    RENDERED.get(at).map(String::as_str)
}

fn body(id: &str) -> AnyView {
    match id {
        "connection" => connection::text(),
        "authentication" => authentication::text(),
        "pacing" => pacing::text(),
        "directions" => directions::text(),
        "inbound" => calls::inbound(),
        "outbound" => calls::outbound(),
        "sync" => sync::text(),
        "plivo" => plivo::text(),
        "twilio" => twilio::text(),
        "exotel" => exotel::text(),
        _ => overview::text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_its_heading_its_link_and_words_of_its_own() {
        for (id, name) in TOPICS {
            let html = html(id).expect(id);
            let heading = html.split("<h3").nth(1).and_then(|rest| rest.split("</h3>").next()).unwrap_or_default();
            assert!(heading.contains("tabindex=\"-1\"") && heading.contains(name), "{id}: heading, {heading}");
            assert!(html.contains(&format!("data-copy=\"/guide/{id}\"")), "{id}: its link to copy");
            assert!(id == "overview" || html != super::html("overview").unwrap(), "{id}: words of its own");
        }
        assert!(html("nowhere").is_none());
    }

    /// The pages' policy takes neither, and a link that leads nowhere is none.
    #[test]
    fn no_topic_has_styles_or_scripts_and_its_links_lead_to_topics() {
        for (id, _) in TOPICS {
            let html = html(id).unwrap();
            for forbidden in [" style=", "<script", "<style", " on"] {
                let found = html.split('<').any(|tag| {
                    let tag = tag.split('>').next().unwrap_or_default();
                    format!("<{tag}").contains(forbidden)
                });
                assert!(!found, "{id} has {forbidden}");
            }
            for link in html.split("href=\"/guide/").skip(1) {
                let target = link.split('"').next().unwrap();
                assert!(TOPICS.iter().any(|(known, _)| *known == target), "{id} links to {target}");
            }
        }
    }
}
