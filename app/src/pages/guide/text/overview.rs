use leptos::prelude::*;

use super::parts::link;
use crate::pages::guide::topics::TOPICS;

const ABOUT: [(&str, &str); 10] = [
    ("connection", "Where LiveKit sends outgoing calls, and how SIP gets there."),
    ("authentication", "How LiveKit proves itself to the carrier, and the carrier to LiveKit."),
    ("pacing", "Calls per second, burst and channels, with an example."),
    ("directions", "What a number is for, and who answers it."),
    ("inbound", "From the caller to the bot, and where a call can end on the way."),
    ("outbound", "From the bot to the phone."),
    ("sync", "What the badge says, and what happens when LiveKit refuses."),
    ("plivo", "Recipe: what to enter there, and what here."),
    ("twilio", "Recipe: an Elastic SIP trunk."),
    ("exotel", "Has a page of its own; what to know about it."),
];

pub fn text() -> AnyView {
    let topics = ABOUT
        .map(|(id, about)| {
            let name = TOPICS.iter().find(|(known, _)| *known == id).map_or(id, |(_, name)| *name);
            // Fragments of old guide addresses.
            view! { <li id=format!("guide-{id}")><h4>{link(id, name)}</h4> <p>{about}</p></li> }
        })
        .collect_view();
    view! {
        <p>
            "A carrier is a SIP provider, or one account with it. You enter how to reach it and who may call in; its numbers tell who answers; Trunkline makes LiveKit's trunks and dispatch rules of that, and keeps them in sync."
        </p>
        <ul class="guide-overview">{topics}</ul>
    }
    .into_any()
}
