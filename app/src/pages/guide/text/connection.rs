use leptos::prelude::*;

use super::parts::{choice, fields, link};

pub fn text() -> AnyView {
    let examples = vec![
        choice("acme.pstn.twilio.com", "A host name. The port is 5060, with TLS 5061."),
        choice("203.0.113.20:5070", "An address with a port of its own."),
        choice("[2001:db8::1]:5061", "IPv6 goes in brackets."),
    ];
    let transports = vec![
        choice("TCP", "A good choice where the carrier takes it: SIP messages with many headers outgrow a UDP packet."),
        choice("TLS", "Hides who calls whom on the way. The audio is not encrypted by it."),
        choice("UDP", "What some carriers insist on."),
        choice("Auto", "Names no transport, which in practice is UDP."),
    ];
    view! {
        <h4>"SIP address"</h4>
        <p>
            "Where LiveKit sends outgoing calls: the host that the carrier gives you for termination. Leave out "
            <code>"sip:"</code> ", whatever stands before an " <code>"@"</code> ", and parameters such as "
            <code>";transport=tcp"</code> "."
        </p>
        {fields(examples)}
        <h4>"Transport"</h4>
        {fields(transports)}
        <h4>"Destination country"</h4>
        <p>
            "The country that the carrier's calls go to. LiveKit Cloud places calls from a region near to it, and Trunkline reads numbers without a country code by its rules: with India, "
            <code>"09812345678"</code> " and " <code>"+91 98123 45678"</code> " are the same number. Without it, such a number stays as it is written."
        </p>
        <p>"The other way, from the carrier to LiveKit, is entered on the carrier's side: see " {link("inbound", "Inbound calls")} "."</p>
    }
    .into_any()
}
