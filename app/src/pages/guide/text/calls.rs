use leptos::prelude::*;

use super::parts::{link, route, step, steps};

pub fn inbound() -> AnyView {
    let stations = [
        ("Caller", "dials your number"),
        ("Carrier", "sends the call on"),
        ("LiveKit", "finds trunk and rule"),
        ("Room", "one for each call"),
        ("Bot", "answers"),
    ];
    let what = vec![
        step(
            "The carrier looks up where calls to the number go, and sends this one to your LiveKit SIP endpoint.",
            "the carrier does not have the endpoint, or the number is not on its trunk.",
        ),
        step(
            "LiveKit looks for an inbound trunk with the called number.",
            "the number is not on a carrier here, has no bot, or the carrier writes it in an unexpected format. LiveKit answers 486, which carriers report as busy.",
        ),
        step(
            view! { "It compares where the call comes from with the allowlist, and asks for credentials where the trunk has some: see " {link("authentication", "Authentication")} "." },
            "the address is not on the list, or the credentials are missing or wrong.",
        ),
        step(
            "The dispatch rule of the number's bot opens a room for this call alone, its name beginning with call-, and asks for the bot's agent.",
            "no agent of that name is running: the caller hears nothing until they hang up.",
        ),
        step("The agent joins the room, and the two talk. Carrier and bot are in the room's attributes.", ""),
    ];
    view! {
        {route("Way of an inbound call", &stations)}
        {steps(what)}
        <p>
            "The endpoint stands in LiveKit Cloud under the project's settings, and ends in " <code>".sip.livekit.cloud"</code>
            "; with a LiveKit of your own it is the public host of livekit-sip."
        </p>
    }
    .into_any()
}

pub fn outbound() -> AnyView {
    let stations = [
        ("Your software", "asks for a call"),
        ("LiveKit", "dials by the trunk"),
        ("Carrier", "lets it through"),
        ("Telephone", "rings"),
        ("Room", "callee and bot talk"),
    ];
    let what = vec![
        step(
            "An agent or your software asks LiveKit to call a number into a room, and names the carrier's outbound trunk. Its id stands on the carrier's page.",
            "there is no outbound trunk: the carrier has no number with the direction Outbound or Both.",
        ),
        step("LiveKit takes one of the carrier's numbers as caller id, at random unless the request names one.", ""),
        step(
            view! { "It sends the call to the SIP address, over the transport that was chosen: see " {link("connection", "Connection settings")} "." },
            "the host does not answer there, or expects another transport.",
        ),
        step(
            "The carrier asks for username and password, or knows LiveKit's address, and checks caller id and pace.",
            "they are wrong (401, 403, 407), the caller id is not yours (403), or too many calls start at once (503).",
        ),
        step(
            "The phone rings. Whoever answers is in the room with the agent.",
            "it is busy (486), declined (603) or there is no answer (480, 408). The failed call has the status.",
        ),
    ];
    view! {
        {route("Way of an outbound call", &stations)}
        {steps(what)}
    }
    .into_any()
}
