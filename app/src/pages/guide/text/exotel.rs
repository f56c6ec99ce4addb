use leptos::prelude::*;

use super::parts::{choice, field, fields};
use crate::urls;

pub fn text() -> AnyView {
    let exotel = vec![
        field("Proxy, Mumbai data centre", "pstn.in2.exotel.com"),
        field("Proxy, Mumbai cloud", "pstn.in4.exotel.com"),
        choice("Transport", "TCP on port 5070, or TLS on port 443 with encrypted audio."),
        choice("Authentication", "By LiveKit's public address, which Exotel has to allow. There is no registration."),
        field("Domain in the From header", "your-account-sid.pstn.exotel.com"),
        field("Destination for incoming calls", "your-project.sip.livekit.cloud:5060"),
        choice("Pace", "200 calls a minute for a trunk."),
    ];
    view! {
        <p>
            "Exotel is not set up as a carrier: it has an integration of its own, with its credentials, its numbers and what to enter on its side."
        </p>
        <p><a class="btn" href=urls::EXOTEL>"Open the Exotel page"</a></p>
        <h4>"Good to know"</h4>
        <p>"What Exotel says about its SIP trunks, as published when this was written (November 2026):"</p>
        {fields(exotel)}
        <p>"Incoming calls reach a trunk through a flow, whose Connect applet names it."</p>
    }
    .into_any()
}
