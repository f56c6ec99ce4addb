use api_types::view::{FleetServerStatus, FleetServerView};
use domain::FleetHealth;
use leptos::prelude::*;
use serde_json::Value;

use super::tiles::{CROWDED, count, number, scarcity};
use crate::{
    components::ui::{ALERT, Badge, CHECK, CIRCLE, Meter, PENCIL, RelativeTime, TRASH, Tone, icon},
    urls,
};

/// One server: its health and load, its workers, and links to its dialogs.
#[component]
pub fn ServerCard(
    server: FleetServerView,
    /// None for a disabled server.
    status: Option<FleetServerStatus>,
) -> impl IntoView {
    let name = server.name.clone().unwrap_or_else(|| server.url.clone());
    let heading = format!("server-{}", server.id);
    let labelled_by = heading.clone();
    let id = server.id.as_str();
    let named = format!(" {name}");
    let url = server.name.is_some().then(|| view! { <p class="fleet-url">{server.url.clone()}</p> });
    view! {
        <section class="card overflow-hidden" aria-labelledby=labelled_by>
            <div class="section-head">
                <div class="min-w-0">
                    <h2 id=heading class="text-[14px] font-medium wrap-anywhere">{name.clone()}</h2>
                    {url}
                </div>
                <span class="ml-auto flex flex-wrap items-center justify-end gap-2">
                    {badge(status.as_ref())}
                    <a
                        class="btn"
                        id=format!("edit-{id}")
                        href=urls::fleet_dialog("server", id)
                        data-noscroll=""
                    >
                        {icon(PENCIL)} "Edit" <span class="sr-only">{named.clone()}</span>
                    </a>
                    <a class="btn" href=urls::fleet_dialog("remove", id) data-noscroll="">
                        {icon(TRASH)} "Remove" <span class="sr-only">{named}</span>
                    </a>
                </span>
            </div>
            {match status {
                None => view! { <p class="fleet-note">"Disabled: it is not polled and gets no calls."</p> }.into_any(),
                Some(status) if status.status == FleetHealth::Unreachable => unreachable(status),
                Some(status) => healthy(status),
            }}
        </section>
    }
    .into_any()
}

fn badge(status: Option<&FleetServerStatus>) -> AnyView {
    let (tone, text, glyph) = match status.map(|status| status.status) {
        None => (Tone::Quiet, "Disabled", CIRCLE),
        Some(FleetHealth::Healthy) => (Tone::Ok, "Healthy", CHECK),
        Some(FleetHealth::Unreachable) => (Tone::Error, "Unreachable", ALERT),
    };
    view! { <Badge tone text glyph/> }.into_any()
}

fn unreachable(status: FleetServerStatus) -> AnyView {
    let reason = status.reason.unwrap_or_default();
    let checked = status.checked_at.map(|at| view! { " Polled " <RelativeTime at/> "." });
    view! { <p class="fleet-note wrap-anywhere">{format!("It gets no calls: {reason}.")} {checked}</p> }.into_any()
}

fn healthy(status: FleetServerStatus) -> AnyView {
    let scarce = scarcity(status.total_available);
    let hint = scarce.map(|hint| format!(" · {hint}"));
    let workers = match status.workers.len() {
        0 => view! { <p class="fleet-note">"No workers registered"</p> }.into_any(),
        _ => workers(&status.workers),
    };
    view! {
        <div class="fleet-load">
            <Meter
                label="Calls"
                value=number(status.worker_calls)
                limit=number(status.total_capacity)
                red_above=CROWDED
            />
            <p class=if scarce.is_some() { "num text-error" } else { "num text-ink-2" }>
                {count(status.total_available)} " available" {hint}
            </p>
        </div>
        {workers}
    }
    .into_any()
}

fn workers(workers: &[Value]) -> AnyView {
    let rows = workers.iter().map(|worker| {
        let text = |name: &str| match worker.get(name) {
            None | Some(Value::Null) => "–".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let is_unreachable = worker.get("status").and_then(Value::as_str) == Some("unreachable");
        let (tone, status) = if is_unreachable { ("text-error", "Unreachable") } else { ("text-ok", "Running") };
        view! {
            <tr role="row">
                <td class="td wrap-anywhere" role="cell"><code class="font-mono text-[12.5px]">{text("id")}</code></td>
                <td class="td num" role="cell">{format!("{} of {} calls", text("calls"), text("max"))}</td>
                <td class="td num text-ink-2" role="cell">{format!("PID {}", text("pid"))}</td>
                <td class=format!("td {tone}") role="cell">{status}</td>
            </tr>
        }
    });
    view! {
        <table class="table" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th class="th" role="columnheader" scope="col">"Worker"</th>
                    <th class="th" role="columnheader" scope="col">"Calls"</th>
                    <th class="th" role="columnheader" scope="col">"Process"</th>
                    <th class="th" role="columnheader" scope="col">"Status"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}
