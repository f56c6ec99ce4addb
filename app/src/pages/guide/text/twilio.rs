use leptos::prelude::*;
use services::provider;

use super::parts::{choice, field, fields, signalling, start_from};

pub fn text() -> AnyView {
    let ranges = provider::find("twilio").map(|twilio| signalling("Allowed IPs", &twilio.signalling));
    let termination = vec![
        field("Termination SIP URI", "your-trunk.pstn.twilio.com"),
        choice("Credential list", "A username and a password, the same as here."),
        choice("Secure trunking", "Off. It would encrypt the audio too, which these trunks do not."),
    ];
    let origination = vec![
        field("Origination SIP URI", "sip:your-project.sip.livekit.cloud;transport=tcp"),
        choice("Numbers", "Add each one to the trunk."),
    ];
    let mut here = vec![
        field("SIP address", "your-trunk.pstn.twilio.com"),
        field("Transport", "TCP"),
        choice("Username, password", "Those of the credential list."),
    ];
    here.extend(ranges);
    here.push(choice(
        "Inbound authentication",
        "IP allowlist for an Elastic SIP trunk; Credentials for calls by TwiML.",
    ));
    view! {
        <p>
            "Twilio works with shared credentials: what you enter here is what its credential list holds. They prove LiveKit to Twilio. The other way, calls by TwiML can carry the same username and password, while an Elastic SIP trunk sends none and is told by its addresses."
        </p>
        <h4>"At Twilio, for outgoing calls"</h4>
        <p>"Under Elastic SIP Trunking, create a trunk and open Termination."</p>
        {fields(termination)}
        <h4>"At Twilio, for incoming calls"</h4>
        <p>"Open the trunk's Origination, with your LiveKit SIP endpoint in its URI."</p>
        {fields(origination)}
        <h4>"Here"</h4>
        {fields(here)}
        <p>"Allow all of them: Twilio may send a call from another region than the number's."</p>
        {start_from("twilio", "Add a carrier with Twilio filled in")}
    }
    .into_any()
}
