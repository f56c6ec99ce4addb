use leptos::prelude::*;

use super::parts::link;

pub fn text() -> AnyView {
    view! {
        <h4>"Authentication failed"</h4>
        <p>"The carrier answers a call with 401, 403 or 407."</p>
        <ul class="list-disc pl-5 grid gap-1">
            <li>"Check username and password: at Twilio those of the credential list, or account SID and auth token."</li>
            <li>"Enter them as they are. Only programs that put them into a URL encode special characters."</li>
            <li>"Make sure that the provider's trunk or SIP domain allows the address of your LiveKit."</li>
        </ul>
        <h4>"Invalid number"</h4>
        <p>"The provider rejects the called number, mostly with 404, 484 or 604."</p>
        <ul class="list-disc pl-5 grid gap-1">
            <li>"Dial in E.164 form: a plus, the country code and the number."</li>
            <li>"Check that the trunk may call the destination country."</li>
            <li>"Check that the number is not on a do-not-call list."</li>
        </ul>
        <h4>"Trunk not found"</h4>
        <p>"The trunk API answers 404, or LiveKit does not know the trunk that an agent dials by."</p>
        <ul class="list-disc pl-5 grid gap-1">
            <li>"Use the full trunk ID, which starts with ST_. The carrier's page has it."</li>
            <li>"The trunk has to belong to the user of the API key: another user's trunks are not found."</li>
            <li>"Check that the carrier was not deleted, and that it has a number with the direction Outbound or Both."</li>
        </ul>
        <p>"How a call is placed, and where it may fail: " {link("outbound", "Outbound calls")} "."</p>
    }
    .into_any()
}
