use domain::SyncStatus;
use leptos::prelude::*;

use super::parts::{term, terms};
use crate::components::carrier::SyncBadge;

pub fn text() -> AnyView {
    let badges = vec![
        term(view! { <SyncBadge status=SyncStatus::Synced/> }, "LiveKit has what is shown here."),
        term(
            view! { <SyncBadge status=SyncStatus::Pending/> },
            "A change is on its way, or LiveKit could not be reached and it is tried again.",
        ),
        term(
            view! { <SyncBadge status=SyncStatus::Error/> },
            "LiveKit refused. The carrier's page says what, why, and when the next try is.",
        ),
    ];
    view! {
        <p>"What you save is carried over to LiveKit within moments. The badge says how far it has followed."</p>
        {terms(badges)}
        <h4>"Connecting LiveKit"</h4>
        <p>
            "The server's settings say which LiveKit it uses: " <code>"LIVEKIT_URL"</code> ", "
            <code>"LIVEKIT_API_KEY"</code> " and " <code>"LIVEKIT_API_SECRET"</code> ", a key that may manage SIP. "
            <code>"trunkline doctor"</code> " on the server tries them, and says what to fix."
        </p>
        <h4>"What is carried over"</h4>
        <p>
            "An inbound trunk for each bot that answers on the carrier, with that bot's numbers; a dispatch rule for each of these; and one outbound trunk, if the carrier has numbers to call from. Objects that others made in LiveKit are never touched."
        </p>
        <h4>"When it fails"</h4>
        <p>
            "Nothing is lost: the change stands here, and is tried again after two seconds, four, eight, and so on up to five minutes, also after a restart. "
            <strong>"Sync to LiveKit"</strong>
            " on the carrier's page tries at once and waits for the outcome. Most often a number is on two trunks: the message names the number and the trunk or carrier that has it."
        </p>
        <p>"A carrier that is deleted goes at once; its trunks follow as soon as LiveKit can be reached. Calls that are under way go on."</p>
    }
    .into_any()
}
