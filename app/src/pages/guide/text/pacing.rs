use domain::{Burst, Channels, Cps};
use leptos::prelude::*;

use super::parts::{choice, fields};

/// Time, calls started by then, and what happens.
const EXAMPLE: [(&str, &str, &str); 5] = [
    ("0 s", "10", "The burst: ten calls start at once."),
    ("1 to 15 s", "40", "Two more every second. At 15 s forty are up, as many as there are channels."),
    ("15 to 120 s", "40", "The others wait: whatever CPS would allow, there is no channel."),
    ("120 s", "50", "The first ten end, and since a burst has been saved up meanwhile, ten start at once."),
    ("121 to 125 s", "60", "Two end and two start every second, until all sixty have been placed."),
];

pub fn text() -> AnyView {
    let meanings = vec![
        choice("CPS", "New calls a second, on average. 0.1 is one call every ten seconds."),
        choice("Burst", "How many may start at once, after a quiet time, before that average holds them back."),
        choice("Channels", "How many may be up at the same time, ringing ones too."),
    ];
    let limits = vec![
        choice(
            "Twilio",
            "1 call a second for each trunk and region, until you raise it. Above, calls fail with error 32001.",
        ),
        choice("Plivo", "2 calls a second for an account. Above, calls fail with cps_limit_reached."),
        choice("Telnyx", "20 calls a second for an address or username."),
        choice("Vonage", "3 calls a second for an account. Above, calls are answered with 503."),
        choice("Exotel", "200 calls a minute for a trunk."),
    ];
    let rows = EXAMPLE
        .map(|(time, calls, what)| view! { <tr><th scope="row">{time}</th> <td>{calls}</td> <td>{what}</td></tr> })
        .collect_view();
    let defaults = format!(
        "A new carrier starts with {} call a second, a burst of {} and {} channels.",
        Cps::default(),
        Burst::default(),
        Channels::default(),
    );
    view! {
        {fields(meanings)}
        <h4>"An example"</h4>
        <p>"Sixty calls of two minutes each are to be placed, at 2 CPS with a burst of 10 and 40 channels."</p>
        <table class="guide-table">
            <thead><tr><th scope="col">"Time"</th> <th scope="col">"Started"</th> <th scope="col">"What happens"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        <h4>"Above the limit"</h4>
        <p>
            "A call above the limit is not lost as long as it waits; one that goes out all the same is refused by the carrier, and some carriers count refused calls against you. LiveKit's trunks know no such limits: whatever starts the calls keeps to the numbers that stand here, which the API answers as "
            <code>"outbound_cps"</code> ", " <code>"outbound_burst"</code> " and " <code>"outbound_channels"</code>
            ". Incoming calls are not counted."
        </p>
        <p>"Enter what the carrier grants you. What they grant at first, as published when this was written (November 2026):"</p>
        {fields(limits)}
        <p class="hint">{defaults}</p>
    }
    .into_any()
}
