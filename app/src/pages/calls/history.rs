use api_types::view::{CallDetail, CallEventView};
use domain::Timestamp;
use leptos::prelude::*;

/// What happened in the call, in order.
#[component]
pub fn History(#[prop(into)] detail: Signal<CallDetail>) -> impl IntoView {
    let start = Signal::derive(move || detail.with(|detail| detail.call.created_at));
    let events = move || {
        let events = detail.with(|detail| detail.events.clone());
        events.into_iter().map(|event| entry(event, start.get())).collect_view()
    };
    view! {
        <section class="card key-values mt-4" aria-labelledby="call-history">
            <header class="key-values-head">
                <h2 class="text-[14px] font-medium" id="call-history">"History"</h2>
            </header>
            <ol>{events}</ol>
        </section>
    }
    .into_any()
}

fn entry(event: CallEventView, start: Timestamp) -> AnyView {
    let detail = (!event.detail.is_empty()).then(|| view! { <p class="call-event-detail">{event.detail}</p> });
    view! {
        <li class="call-event">
            <time class="call-event-time num" datetime=event.at.rfc3339() title=event.at.rfc3339()>
                {event.at.readable_seconds()}
                <span class="call-event-offset">{offset(event.at, start)}</span>
            </time>
            <div class="min-w-0">
                <p class="font-medium">{event.kind.label()}</p>
                {detail}
            </div>
        </li>
    }
    .into_any()
}

/// "+1.250 s" after the start of the call.
fn offset(at: Timestamp, start: Timestamp) -> String {
    let millis = (at.millis() - start.millis()).max(0);
    format!("+{}.{:03} s", millis / 1000, millis % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offset_is_in_seconds_and_never_negative() {
        let start = Timestamp::from_millis(10_000);
        assert_eq!(offset(start.plus_millis(1_250), start), "+1.250 s");
        assert_eq!(offset(start.plus_millis(-5), start), "+0.000 s");
    }
}
