use leptos::prelude::*;

use crate::components::{
    carrier::{DirectionBadge, SyncBadge},
    ui::{Badge, GLOBE, LOCK, SHIELD_ALERT, SHIELD_OFF, Tone},
};
use domain::{Direction, SyncStatus};

pub fn connection() -> AnyView {
    view! {
        <section id="guide-connection">
            <h3>"Connection settings"</h3>
            <p>
                "The " <strong>"SIP address"</strong> " is where LiveKit sends outgoing calls: the host that the carrier names for termination, with a port if it is not the usual one (5060, with TLS 5061). Leave out "
                <code>"sip:"</code> ", user and parameters."
            </p>
            <p>
                <strong>"Transport"</strong> " says how SIP travels. Auto writes none, which in practice is UDP; large SIP messages are safer over TCP, and TLS also hides them on the way. "
                <strong>"Destination country"</strong> " helps LiveKit Cloud to choose a region, and tells how numbers in the carrier's own format are read."
            </p>
        </section>
    }
    .into_any()
}

pub fn authentication() -> AnyView {
    view! {
        <section id="guide-authentication">
            <h3>"Authentication, in two directions"</h3>
            <p>
                <strong>"Outbound"</strong> ", LiveKit proves itself to the carrier with username and password (digest). Carriers that trust your address instead need none."
            </p>
            <p>
                <strong>"Inbound"</strong> ", the carrier proves itself to LiveKit, in one of two modes: with the same " <em>"credentials"</em> ", and only from the allowlist where there is one; or by "
                <em>"IP allowlist"</em> " alone, for carriers that send no credentials. The list takes addresses and ranges, never host names: a host name would be compared with what the caller claims."
            </p>
            <dl class="guide-terms">
                <div><dt><Badge tone=Tone::Info glyph=LOCK text="Password"/></dt> <dd>"Username and password are set."</dd></div>
                <div><dt><Badge tone=Tone::Quiet glyph=GLOBE text="IP"/></dt> <dd>"There is an allowlist."</dd></div>
                <div><dt><Badge tone=Tone::Quiet glyph=SHIELD_OFF text="Closed"/></dt> <dd>"Nothing tells the carrier from anybody else, so no call comes in."</dd></div>
                <div><dt><Badge tone=Tone::Warn glyph=SHIELD_ALERT text="Any source"/></dt> <dd>"The same, but someone switched on that everybody may call in."</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

pub fn pacing() -> AnyView {
    view! {
        <section id="guide-pacing">
            <h3>"Pacing: CPS, burst and channels"</h3>
            <p>
                <strong>"CPS"</strong> " is how many new calls a second may start on average, "
                <strong>"burst"</strong> " how many may start at once before that average holds them back, and "
                <strong>"channels"</strong> " how many may be up at the same time. At 2 CPS with a burst of 10, ten calls start at once and then two every second."
            </p>
            <p>"Set them to what the carrier grants. Above it, carriers refuse calls with 503 or 486, and some count that against you."</p>
        </section>
    }
    .into_any()
}

pub fn directions() -> AnyView {
    view! {
        <section id="guide-directions">
            <h3>"What a number is for"</h3>
            <dl class="guide-terms">
                <div><dt><DirectionBadge direction=Direction::Both/></dt> <dd>"Rings its bot, and is a caller id for outgoing calls."</dd></div>
                <div><dt><DirectionBadge direction=Direction::Inbound/></dt> <dd>"Only rings its bot."</dd></div>
                <div><dt><DirectionBadge direction=Direction::Outbound/></dt> <dd>"Only a caller id: nobody answers it."</dd></div>
            </dl>
            <p>"A number that rings without a bot rejects its calls. Write numbers with country code, or the way the carrier sends them; either spelling finds the same number."</p>
        </section>
    }
    .into_any()
}

pub fn calls() -> AnyView {
    view! {
        <section id="guide-calls">
            <h3>"How calls flow"</h3>
            <p><strong>"Inbound"</strong></p>
            <ol>
                <li>"The carrier sends the call to your LiveKit SIP endpoint."</li>
                <li>"LiveKit finds the inbound trunk by the number that was called, and checks allowlist and credentials."</li>
                <li>"The dispatch rule of the number's bot opens a room of its own for the call and dispatches the bot's agent into it."</li>
            </ol>
            <p>"A call that fits no trunk or no rule is answered with 486, which carriers report as busy. Most often the number is missing here, or the carrier writes it in a way that nobody expected."</p>
            <p><strong>"Outbound"</strong></p>
            <ol>
                <li>"An agent or your software asks for a call through this carrier."</li>
                <li>"LiveKit dials the SIP address over the outbound trunk, with one of the carrier's outbound numbers as caller id."</li>
                <li>"Whoever answers is in the room with the agent."</li>
            </ol>
        </section>
    }
    .into_any()
}

pub fn sync() -> AnyView {
    view! {
        <section id="guide-sync">
            <h3>"Sync status"</h3>
            <p>"Whatever is saved here is carried over to LiveKit within moments: trunks for the carrier, and a dispatch rule for each bot."</p>
            <dl class="guide-terms">
                <div><dt><SyncBadge status=SyncStatus::Synced/></dt> <dd>"LiveKit holds what is shown here."</dd></div>
                <div><dt><SyncBadge status=SyncStatus::Pending/></dt> <dd>"A change is on its way, or LiveKit is away and it is tried again."</dd></div>
                <div><dt><SyncBadge status=SyncStatus::Error/></dt> <dd>"LiveKit refused. The carrier's page says why and when the next try is; Sync to LiveKit tries at once."</dd></div>
            </dl>
        </section>
    }
    .into_any()
}
