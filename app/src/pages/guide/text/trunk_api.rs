use leptos::prelude::*;

use super::parts::{choice, field, fields, link};

pub fn text() -> AnyView {
    let request = vec![
        field("Route", "POST /sip/create-outbound-trunk"),
        field("Header", "x-api-key"),
        field("trunk_address for Twilio", "example.pstn.twilio.com"),
        choice("trunk_auth_username for Twilio", "The username of the trunk's credential list, or the account SID."),
        choice("trunk_auth_password for Twilio", "Its password, or the auth token or an API key secret."),
        field("trunk_address for Exotel", "sip.exotel.com"),
        choice("trunk_auth_username for Exotel", "The account's SID."),
        choice("trunk_auth_password for Exotel", "The account's token."),
        choice("trunk_numbers", "Numbers in E.164 form that the provider permits as caller IDs."),
    ];
    view! {
        <p>
            "Agent developers create outbound trunks with an API key. A trunk is a carrier whose numbers have the direction Outbound: it is listed here, and can be edited like any other."
        </p>
        {fields(request)}
        <h4>"Set Up Twilio First"</h4>
        <p>
            "Under Elastic SIP Trunking, create a trunk and note its Termination SIP URI. Set a credential list for authentication. Add the numbers to the trunk in E.164 form, and verify each one."
        </p>
        <h4>"Set Up Exotel First"</h4>
        <p>
            "Note SID and token in the dashboard. List the numbers for outbound calls, and make sure that they are activated for outbound calls."
        </p>
        <h4>"Afterwards"</h4>
        <p>"Note the trunk_id of the response: agents dial by it. See " {link("troubleshooting", "Troubleshooting")} "."</p>
    }
    .into_any()
}
