use leptos::prelude::*;

use crate::urls;

pub fn recipes() -> AnyView {
    view! {
        <section id="guide-recipes">
            <h3>"Recipes"</h3>
            <p class="hint">"Carriers change what they offer: where their own console says otherwise, it is right."</p>
            <h4 id="guide-plivo">"Plivo"</h4>
            <ul>
                <li>"SIP address: your Zentrunk's termination domain, " <code>"<trunk-id>.zt.plivo.com"</code> "; transport TCP."</li>
                <li>"Outbound: the username and password of the trunk's credentials list."</li>
                <li>"Inbound: Plivo sends no credentials by default. Choose IP allowlist, and enter the signalling addresses that Plivo publishes."</li>
                <li>"At Plivo, the inbound trunk's URI is your LiveKit SIP endpoint followed by " <code>";transport=tcp"</code> "."</li>
            </ul>
            <h4 id="guide-twilio">"Twilio"</h4>
            <ul>
                <li>"SIP address: the Elastic SIP trunk's termination URI, " <code>"<name>.pstn.twilio.com"</code> "; transport TCP or TLS."</li>
                <li>"Outbound: the username and password of its credential list. Shared credentials work."</li>
                <li>"Inbound: the trunk itself sends no credentials, so allow Twilio's signalling ranges of your region, such as " <code>"54.172.60.0/30"</code> " and " <code>"54.244.51.0/30"</code> "."</li>
                <li>"At Twilio, the origination URI is " <code>"sip:<your LiveKit SIP endpoint>;transport=tcp"</code> "."</li>
            </ul>
            <h4 id="guide-exotel">"Exotel"</h4>
            <ul>
                <li>"Exotel has " <a class="link" href=urls::EXOTEL>"an integration of its own"</a> ", and is set up there rather than as a carrier."</li>
                <li>"Good to know: it trusts addresses, not credentials, speaks TCP on port 5070 or TLS on 443, and grants 200 calls a minute per trunk."</li>
            </ul>
        </section>
    }
    .into_any()
}
