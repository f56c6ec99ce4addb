use leptos::prelude::*;
use services::provider;

use super::parts::{choice, field, fields, signalling, start_from};

pub fn text() -> AnyView {
    let ranges = provider::find("plivo").map(|plivo| signalling("Allowed IPs", &plivo.signalling));
    let outbound = vec![
        choice(
            "Credentials list",
            "A username of 5 to 20 letters and digits, and a password of 5 to 20 characters with a special one among them.",
        ),
        choice("Secure trunking", "Off. It would encrypt the audio too, which these trunks do not."),
    ];
    let inbound = vec![
        field("Primary URI", "your-project.sip.livekit.cloud;transport=tcp"),
        choice("Numbers", "Application type Zentrunk, with this trunk."),
    ];
    let mut here = vec![
        field("SIP address", "your-trunk-id.zt.plivo.com"),
        field("Transport", "TCP"),
        choice("Username, password", "Those of the credentials list."),
    ];
    here.extend(ranges);
    here.push(choice("Inbound authentication", "IP allowlist."));
    view! {
        <p>
            "Plivo's SIP trunking is called Zentrunk. It sends no credentials with incoming calls by default, so they are identified by IP address: Plivo typically needs the IP allowlist."
        </p>
        <h4>"At Plivo, for outgoing calls"</h4>
        <p>"Under Zentrunk, create an outbound trunk. Its domain is the SIP address here."</p>
        {fields(outbound)}
        <h4>"At Plivo, for incoming calls"</h4>
        <p>"Create an inbound trunk, with your LiveKit SIP endpoint as its URI, without sip: in front."</p>
        {fields(inbound)}
        <h4>"Here"</h4>
        {fields(here)}
        {start_from("plivo", "Add a carrier with Plivo filled in")}
    }
    .into_any()
}
