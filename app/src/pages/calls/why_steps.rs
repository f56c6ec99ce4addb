use api_types::view::{CallReplay, ReplayView};
use domain::livekit::{ReplayFix, ReplayResult, ReplayStep};
use leptos::prelude::*;

use crate::{
    components::ui::{Badge, Banner, CHECK, INFO, Tone, X},
    urls,
};

/// The replay on both states.
#[component]
pub fn Replays(replay: CallReplay) -> impl IntoView {
    let CallReplay { source, from_user, from_host, to_user, desired, observed, observed_error } = replay;
    let observed = match observed {
        Some(view) => state("LiveKit's State", "The trunks and rules that LiveKit has now.", view),
        None => {
            let error = observed_error.unwrap_or_default();
            view! {
                <div class="mt-4">
                    <Banner tone=Tone::Warn title="LiveKit's state is not known">{error}</Banner>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <p class="why-call" role="status">
            "Compared: source " <code>{source}</code> ", From user " <code>{from_user}</code> " at host "
            <code>{from_host}</code> ", To user " <code>{to_user}</code> "."
        </p>
        <div class="call-cards">
            {state("Desired State", "The trunks and rules that the carriers, numbers and bots here ask for.", desired)}
            {observed}
        </div>
    }
    .into_any()
}

fn state(title: &'static str, text: &'static str, view: ReplayView) -> AnyView {
    let ReplayView { steps, answer, accepted } = view;
    let (tone, verdict) = if accepted { (Tone::Ok, "Accepted") } else { (Tone::Error, "Rejected") };
    view! {
        <section class="card key-values" aria-label=title>
            <header class="key-values-head">
                <h2 class="text-[14px] font-medium">{title}</h2>
                <Badge tone text=verdict/>
            </header>
            <p class="why-text">{text}</p>
            <ol>{steps.into_iter().map(step).collect_view()}</ol>
            <p class="why-answer">{answer}</p>
        </section>
    }
    .into_any()
}

fn step(step: ReplayStep) -> AnyView {
    let (tone, glyph, result) = match step.result {
        ReplayResult::Passed => (Tone::Ok, CHECK, "Passed"),
        ReplayResult::Failed => (Tone::Error, X, "Failed"),
        ReplayResult::Depends => (Tone::Info, INFO, "Depends"),
    };
    let fix = step.fix.filter(|_| step.result != ReplayResult::Passed).map(|fix| {
        let (href, label) = page(&fix);
        view! { <a class="link" href=href>{label}</a> }
    });
    view! {
        <li class="why-step">
            <p class="why-step-head">
                <span class="font-medium">{step.stage.label()}</span>
                <Badge tone glyph text=result/>
            </p>
            <p class="wrap-anywhere">{step.text}</p>
            {fix}
        </li>
    }
    .into_any()
}

/// The page that corrects a step, and what its link says.
fn page(fix: &ReplayFix) -> (String, &'static str) {
    match fix {
        ReplayFix::Carriers => (urls::CARRIERS.to_owned(), "Open the Carriers"),
        ReplayFix::Carrier { carrier_id } => (urls::carrier(carrier_id), "Open the Carrier"),
        ReplayFix::Drift { carrier_id } => (urls::carrier_drift(carrier_id), "Compare with LiveKit"),
        ReplayFix::Did { carrier_id, did_id } => (urls::did(carrier_id, did_id), "Edit the Number"),
        ReplayFix::Bot { bot_id } => (urls::bot(bot_id), "Open the Bot"),
    }
}
