//! The texts of the guide, rendered once. Only the server has them.
//!
//! A link to another topic is written `/guide/…` and is rewritten to a link of the page on which the guide is open. The
//! text that a button copies is in its `data-copy`; a path is completed to an address of this console.

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
mod troubleshooting;
mod trunk_api;
mod twilio;

use std::sync::LazyLock;

use leptos::prelude::*;

use super::topics::TOPICS;

/// The rendered topics, in the order of [`TOPICS`].
static RENDERED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let topic =
        |(id, name): &(&str, &'static str)| Owner::new_root(None).with(|| parts::topic(id, name, body(id)).to_html());
    // On another thread: setting an owner would replace that of a page being rendered on this one.
    std::thread::spawn(move || TOPICS.iter().map(topic).collect()).join().unwrap_or_default()
});

/// The HTML of a topic; `None` if it does not exist.
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
        "trunk-api" => trunk_api::text(),
        "troubleshooting" => troubleshooting::text(),
        _ => overview::text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topic_has_a_heading_a_link_and_its_own_text() {
        for (id, name) in TOPICS {
            let html = html(id).expect(id);
            let heading = html.split("<h3").nth(1).and_then(|rest| rest.split("</h3>").next()).unwrap_or_default();
            assert!(heading.contains("tabindex=\"-1\"") && heading.contains(name), "{id}: heading, {heading}");
            assert!(html.contains(&format!("data-copy=\"/guide/{id}\"")), "{id}: its link to copy");
            assert!(id == "overview" || html != super::html("overview").unwrap(), "{id}: its own text");
        }
        assert!(html("nowhere").is_none());
    }

    /// The content security policy refuses both.
    #[test]
    fn topic_has_no_styles_or_scripts_and_links_only_to_topics() {
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
