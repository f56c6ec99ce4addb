use leptos::prelude::*;

use super::parts::{choice, field, fields};
use crate::urls;

/// The settings of the trunk are the same as on the Exotel page, which has the account's own values.
pub fn text() -> AnyView {
    let carrier = vec![
        field("SIP Address", "in.voip.exotel.com:443"),
        choice(
            "Transport",
            "TLS on port 443, or TCP on port 5070. If Exotel assigned your trunk another edge, use its address.",
        ),
        choice("Username and Password", "The digest credentials of the trunk at Exotel, for outbound calls."),
        choice(
            "Inbound Authentication",
            "IP allowlist: Exotel sends no credentials. Enter the signalling addresses that Exotel names.",
        ),
        choice("Outbound CPS", "3: Exotel accepts 200 calls a minute for each trunk."),
    ];
    let exotel = vec![
        choice("Trunk Domain", "your-account-sid.pstn.exotel.com"),
        choice("Destination", "your-project.sip.livekit.cloud:5061;transport=tls"),
        choice("Flow", "A Connect applet that dials sip:<trunk_sid>, assigned to every number."),
    ];
    view! {
        <p>
            "Exotel is handled by its own built-in integration: connect the account on the Exotel page to list its numbers and import \
             them. The imported numbers belong to a carrier, which has the address of Exotel's SIP trunk."
        </p>
        <p><a class="btn" href=urls::EXOTEL>"Open the Exotel page"</a></p>
        <h4>"On the carrier in Trunkline"</h4>
        {fields(carrier)}
        <h4>"At Exotel"</h4>
        {fields(exotel)}
        <p>"As published in November 2026. The Exotel page has these with your account's values."</p>
    }
    .into_any()
}
