use leptos::prelude::*;

use super::parts::{link, route, term, terms};
use crate::components::ui::{Badge, GLOBE, LOCK, SHIELD_ALERT, SHIELD_OFF, Tone};

pub fn text() -> AnyView {
    let badges = vec![
        term(view! { <Badge tone=Tone::Info glyph=LOCK text="Password"/> }, "Username and password are set."),
        term(view! { <Badge tone=Tone::Quiet glyph=GLOBE text="IP"/> }, "There is an allowlist."),
        term(
            view! { <Badge tone=Tone::Quiet glyph=SHIELD_OFF text="Closed"/> },
            "Nothing tells the carrier from anybody else, so no call comes in.",
        ),
        term(
            view! { <Badge tone=Tone::Warn glyph=SHIELD_ALERT text="Any source"/> },
            "The same, but someone switched on that everybody may call in.",
        ),
    ];
    view! {
        <p>"A call is let through by whoever receives it, so there are two directions, each with its own proof."</p>
        <h4>"Outbound: LiveKit proves itself to the carrier"</h4>
        {route(
            "Outbound authentication",
            &[("LiveKit", "calls"), ("Carrier", "asks for a proof"), ("LiveKit", "answers with username and password")],
        )}
        <p>
            "The password itself is not sent, only a digest of it. Carriers that trust your server's address instead need neither. A password is stored encrypted and never shown again; leave the field blank to keep it."
        </p>
        <h4>"Inbound: the carrier proves itself to LiveKit"</h4>
        {route(
            "Inbound authentication",
            &[("Carrier", "calls"), ("LiveKit", "checks the address, or asks for a proof"), ("Bot", "answers")],
        )}
        <p>
            <strong>"Credentials"</strong> " takes the same username and password as outbound; with an allowlist, both have to be right. "
            <strong>"IP allowlist"</strong> " takes the addresses alone, and needs at least one. You choose between them on the carrier's page under Edit."
        </p>
        <p>
            "Many carriers send no credentials when they call in: Plivo does not by default, and a Twilio Elastic SIP trunk never does. With Credentials their calls would be refused, so choose IP allowlist for them. The recipes say which: "
            {link("plivo", "Plivo")} ", " {link("twilio", "Twilio")} "."
        </p>
        <p>
            "The allowlist takes addresses and ranges such as " <code>"203.0.113.0/24"</code>
            ", never host names: LiveKit would compare a name with what the caller claims, not with where the call comes from. On LiveKit Cloud, allowlists are switched on by LiveKit's support."
        </p>
        <h4>"What the badges say"</h4>
        {terms(badges)}
    }
    .into_any()
}
