use api_types::view::{LiveKitState, Overview};
use domain::{Action, Attention};
use leptos::prelude::*;

use crate::{
    components::ui::{CHECK, CIRCLE, icon},
    session::use_session,
    urls,
};

/// Steps to the first call. Each is done if its row exists.
#[component]
pub fn Checklist(overview: Overview) -> impl IntoView {
    let setup = overview.setup;
    let may_change = use_session().may(Action::CreateCarrier);
    let livekit = match &overview.livekit {
        LiveKitState::Connected => "It answers, and the API key may manage SIP.".to_owned(),
        LiveKitState::Unknown => "It has not answered yet.".to_owned(),
        LiveKitState::Failing { error } => format!("{error} Run trunkline doctor on the server."),
    };
    // The first carrier without a number.
    let carrier_without_number = overview.group(Attention::NoNumbers).and_then(|group| group.items.first());
    let number = match carrier_without_number {
        Some(carrier) if !setup.number && may_change => urls::add_did(&carrier.carrier_id),
        _ => urls::CARRIERS.to_owned(),
    };
    let failed = overview.group(Attention::SyncError).is_some_and(|group| group.total > 0);
    let sync = if failed { urls::carriers_with(Attention::SyncError) } else { urls::CARRIERS.to_owned() };
    let next =
        |done, list: &'static str, create: &'static str| if done || !may_change { list } else { create }.to_owned();
    let steps = [
        (setup.livekit, "Connect LiveKit", livekit, urls::guide("sync")),
        (
            setup.bot,
            "Add the First Bot",
            "It names the LiveKit agent that answers calls.".to_owned(),
            next(setup.bot, urls::BOTS, urls::CREATE_BOT),
        ),
        (
            setup.carrier,
            "Add the First Carrier",
            "A SIP provider, or one account with it.".to_owned(),
            next(setup.carrier, urls::CARRIERS, urls::CREATE_CARRIER),
        ),
        (setup.number, "Add the First Number", "And assign the bot that answers it.".to_owned(), number),
        (
            setup.synced,
            "Sync to LiveKit",
            "Trunks and dispatch rules are created once a carrier has a number.".to_owned(),
            sync,
        ),
    ];
    let done = steps.iter().filter(|(done, ..)| *done).count();
    let all = steps.len();
    let steps = steps.into_iter().map(step).collect_view();
    view! {
        <section class="card overflow-hidden" aria-labelledby="checklist">
            <div class="section-head">
                <h2 id="checklist" class="text-[14px] font-medium">"Get Started"</h2>
                <span class="num ml-auto text-ink-2">{format!("{done} of {all} done")}</span>
            </div>
            <ol>{steps}</ol>
        </section>
    }
    .into_any()
}

fn step((done, title, text, href): (bool, &'static str, String, String)) -> AnyView {
    let (class, glyph, state) =
        if done { ("step-mark text-ok", CHECK, "Done: ") } else { ("step-mark text-ink-3", CIRCLE, "To do: ") };
    view! {
        <li class="step">
            <span class=class>{icon(glyph)}</span>
            <div class="min-w-0">
                <span class="sr-only">{state}</span>
                <a class="link font-medium" href=href>{title}</a>
                <p class="text-ink-2 wrap-anywhere">{text}</p>
            </div>
        </li>
    }
    .into_any()
}
