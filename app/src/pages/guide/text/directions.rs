use domain::Direction;
use leptos::prelude::*;

use super::parts::{choice, fields, link, term, terms};
use crate::components::carrier::DirectionBadge;

pub fn text() -> AnyView {
    let directions = vec![
        term(
            view! { <DirectionBadge direction=Direction::Both/> },
            "Rings its bot, and is a caller id for outgoing calls.",
        ),
        term(view! { <DirectionBadge direction=Direction::Inbound/> }, "Only rings its bot."),
        term(
            view! { <DirectionBadge direction=Direction::Outbound/> },
            "Only a caller id. It has no bot: whoever calls back is rejected.",
        ),
    ];
    let spellings = vec![
        choice("+14155551234", "With country code (E.164): always right."),
        choice("09812345678", "As the carrier writes it. With a destination country it is read as +91 98123 45678."),
    ];
    view! {
        <p>"A DID is a phone number that the carrier sends to you, or lets you call from. Its direction says which."</p>
        {terms(directions)}
        <h4>"Bot"</h4>
        <p>
            "A number that rings needs a bot to answer it. Without one it is on no trunk, and LiveKit rejects its calls at the door; the list says so."
        </p>
        <h4>"Spelling"</h4>
        {fields(spellings)}
        <p>
            "Carriers write one number in several ways, so LiveKit is given each of them. A number belongs to one carrier: two would compete for its calls. Once added it stays as it is; to change it, remove it and add the other. How a call finds its number: "
            {link("inbound", "Inbound calls")} "."
        </p>
    }
    .into_any()
}
