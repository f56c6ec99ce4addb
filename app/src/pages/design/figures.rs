//! Tiles, meters, small charts, facts to copy, tabs and JSON.

use leptos::prelude::*;

use super::stage::{Sample, Theme, sample, state};
use crate::{components::ui::*, urls};

pub fn samples() -> Vec<Sample> {
    vec![
        sample("CopyField", "ui/copy_field.rs", copy_fields),
        sample("JsonView", "ui/json_view.rs", json),
        sample("KeyValueCard", "ui/key_value_card.rs", facts),
        sample("Meter", "ui/meter.rs", meters),
        sample("Sparkline", "ui/sparkline.rs", sparklines),
        sample("StatTile", "ui/stat_tile.rs", tiles),
        sample("Tabs", "ui/tabs.rs", tabs),
    ]
}

const LONG: &str = "very-long-host-name-of-a-session-border-controller.signalling.frankfurt.provider.example:5061";

fn copy_fields(_: Theme) -> AnyView {
    view! {
        {state("Short", view! { <CopyField value="acme.pstn.twilio.com" what="SIP address"/> })}
        {state("Longer than its place", view! { <CopyField value=LONG what="SIP address"/> })}
        {state("In several lines", view! { <CopyField value=LONG what="SIP address" wrap=true/> })}
    }
    .into_any()
}

fn json(_: Theme) -> AnyView {
    let text = r#"{"language":"en","greeting":"Good day","limits":{"minutes":30,"transfers":null,"recorded":true},"tags":[],"queues":["billing","support"]}"#;
    view! {
        {state("JSON", view! { <JsonView text what="metadata"/> })}
        {state("Not JSON", view! { <JsonView text="language=en" what="metadata"/> })}
    }
    .into_any()
}

fn facts(_: Theme) -> AnyView {
    let rows = || {
        vec![
            ("SIP Address", view! { <CopyField value=LONG what="SIP address"/> }.into_any()),
            ("Transport", "TLS".into_any()),
            ("Destination Country", "United States".into_any()),
        ]
    };
    let edit = view! { <a class="btn-quiet" href=urls::DESIGN>{icon(PENCIL)} "Edit"</a> }.into_any();
    view! {
        {state("Facts", view! { <KeyValueCard title="Connection Settings" rows=rows()/> })}
        {state("With an action and a note", view! {
            <KeyValueCard title="Connection Settings" rows=rows() actions=edit>
                <p class="hint">"What the facts mean."</p>
            </KeyValueCard>
        })}
    }
    .into_any()
}

fn meters(_: Theme) -> AnyView {
    let cases = [("Below 80 %", 37.0), ("From 80 %", 85.0), ("At the limit", 100.0), ("Beyond it", 120.0)]
        .map(|(name, value)| state(name, view! { <Meter label="Channels" value limit=100.0/> }))
        .collect_view();
    view! {
        {cases}
        {state("With a unit", view! { <Meter label="Outbound rate" value=2.5 limit=10.0 unit="calls/s"/> })}
        {state("Without a limit", view! { <Meter label="Channels" value=0.0 limit=0.0/> })}
    }
    .into_any()
}

fn sparklines(_: Theme) -> AnyView {
    let day = [4.0, 3.0, 2.0, 2.0, 5.0, 12.0, 30.0, 42.0, 38.0, 40.0, 35.0, 20.0, 12.0, 8.0];
    view! {
        {state("A day", view! { <Sparkline values=day.to_vec() label="Calls by hour: 2 to 42, now 8"/> })}
        {state("One value", view! { <Sparkline values=vec![3.0] label="Calls by hour: 3"/> })}
        {state("Only zeroes", view! { <Sparkline values=vec![0.0, 0.0, 0.0] label="Calls by hour: none"/> })}
        {state("No value", view! { <Sparkline values=Vec::new() label="Calls by hour: not known"/> })}
    }
    .into_any()
}

fn tiles(_: Theme) -> AnyView {
    view! {
        <div class="stat-tiles">
            <StatTile label="Carriers" value="61"/>
            <StatTile label="Failed Syncs" value="3" glyph=WARNING tone=Tone::Error hint="3 need attention" href=urls::DESIGN/>
            <StatTile label="Active Calls" value="218" hint="12 more than an hour ago">
                <Sparkline values=vec![3.0, 9.0, 12.0, 8.0, 20.0, 18.0] label="Calls by hour: 3 to 20, now 18"/>
            </StatTile>
            <StatTile label="A label that is longer than its tile" value="1,234,567">
                <Meter label="Channels" value=85.0 limit=100.0/>
            </StatTile>
        </div>
    }
    .into_any()
}

fn tabs(_: Theme) -> AnyView {
    let tabs = || {
        vec![
            Tab::new("overview", "Overview", format!("{}?tab=overview", urls::DESIGN)),
            Tab::new("numbers", "Phone Numbers", format!("{}?tab=numbers", urls::DESIGN)).count("1,217"),
            Tab::new("livekit", "LiveKit", format!("{}?tab=livekit", urls::DESIGN)),
        ]
    };
    let params = leptos_router::hooks::use_query_map();
    let current =
        Signal::derive(move || params.with(|params| params.get("tab").unwrap_or_else(|| "overview".to_owned())));
    view! { <Tabs label="Parts of the sample" tabs=tabs() current/> }.into_any()
}
