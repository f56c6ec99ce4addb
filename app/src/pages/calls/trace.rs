use api_types::view::{TraceStepView, TraceView};
use leptos::prelude::*;

use crate::components::ui::{Badge, Tone};

/// What the SIP edge did for the call, step by step, each with its place on a line of time.
#[component]
pub fn Trace(trace: TraceView) -> impl IntoView {
    let length = trace.steps.last().map_or(1, |step| step.offset_ms.max(1));
    let steps = trace.steps.into_iter().map(|step| entry(step, length)).collect_view();
    view! {
        <section class="card key-values mt-4" aria-labelledby="call-trace">
            <header class="key-values-head">
                <h2 class="text-[14px] font-medium" id="call-trace">"Trace of the SIP Edge"</h2>
                <code class="hint wrap-anywhere">{trace.call_id}</code>
            </header>
            <ol>{steps}</ol>
        </section>
    }
    .into_any()
}

fn entry(step: TraceStepView, length: i64) -> AnyView {
    let detail =
        (!step.detail.is_empty()).then(|| view! { <p class="call-event-detail wrap-anywhere">{step.detail}</p> });
    let tone = match step.outcome.as_str() {
        "reject" | "rejected" | "refused" | "error" | "failed" | "banned" => Tone::Error,
        _ => Tone::Quiet,
    };
    let place = format!("{}%", 98 * step.offset_ms.clamp(0, length) / length);
    view! {
        <li class="call-event">
            <time class="call-event-time num" datetime=step.at.rfc3339() title=step.at.rfc3339()>
                {step.at.readable_seconds()}
                <span class="call-event-offset">{format!("+{} ms", step.offset_ms)}</span>
                <svg class="trace-line" height="6" aria-hidden="true">
                    <rect class="meter-track" width="100%" height="6" rx="3"></rect>
                    <rect class="trace-mark" x=place width="2%" height="6"></rect>
                </svg>
            </time>
            <div class="min-w-0">
                <p class="font-medium">
                    {format!("{} {} ", step.source.as_str(), step.step)} <Badge tone text=step.outcome/>
                </p>
                {detail}
            </div>
        </li>
    }
    .into_any()
}
