use api_types::view::{ExotelImported, ImportOutcome, ImportedNumber};
use domain::{CarrierId, Direction};
use leptos::{
    ev::{MouseEvent, SubmitEvent},
    prelude::*,
};

use super::{choices::no_voice, import::ImportState};
use crate::{
    components::{
        form::{Form, ProblemBanner},
        ui::{ALERT, Badge, Banner, CHECK, Glyph, LOADER, PLUS, Tone, WARNING, counted, icon},
    },
    urls,
};

/// What an import would do with each number and the button to import, or the result of an import.
#[component]
pub fn Preview(
    state: ImportState,
    outcome: ExotelImported,
    /// Called with the carrier and the count if every number was imported.
    imported: Callback<(CarrierId, i64)>,
) -> impl IntoView {
    let form = Form::button("confirm");
    let ExotelImported { carrier_id, dry_run, added, items } = outcome;
    let carrier_name = state.data.with_value(|data| data.carriers.name(&carrier_id));
    let adds = |item: &&ImportedNumber| item.outcome == ImportOutcome::Added;
    let numbers: Vec<String> = items.iter().filter(adds).map(|item| item.number.clone()).collect();
    let skipped = items.len() - numbers.len();
    let no_voice_count = items.iter().filter(adds).filter(|item| item.voice == Some(false)).count();
    let hidden = dry_run.then(|| {
        numbers.iter().map(|number| view! { <input type="hidden" name="numbers" value=number.clone()/> }).collect_view()
    });
    let title = match (dry_run, added) {
        (true, 0) => "Nothing to import".to_owned(),
        (true, _) => format!("{} will be added to {carrier_name}", counted(added, "number", "numbers")),
        (false, 0) => format!("No number was added to {carrier_name}"),
        (false, _) => {
            let added = counted(added, "number was", "numbers were");
            format!("{added} added to {carrier_name}, {skipped} skipped")
        }
    };
    let import = move |event: SubmitEvent| {
        event.prevent_default();
        state.import(form, numbers.clone(), move |carrier_id, added| imported.run((carrier_id, added)));
    };
    let confirm = (dry_run && added > 0).then(|| {
        let label = format!("Import {}", counted(added, "Number", "Numbers"));
        view! {
            <button type="submit" class="btn-primary" aria-disabled=move || form.busy.get().then_some("true")>
                {move || icon(if form.busy.get() { LOADER } else { PLUS })}
                {move || if form.busy.get() { "Importing…".to_owned() } else { label.clone() }}
            </button>
        }
    });
    let leave = if dry_run {
        view! { <ChooseAgain state/> }.into_any()
    } else {
        view! { <a class="btn" href=urls::carrier(&carrier_id)>{format!("Open {carrier_name}")}</a> }.into_any()
    };
    let settings = (added > 0).then(|| view! { <Settings state dry_run no_voice_count/> });
    let rows = items.into_iter().map(|item| row(item, dry_run)).collect_view();
    view! {
        <form method="post" action=format!("{}?numbers=1", urls::EXOTEL) class="form-page" on:submit=import>
            <input type="hidden" name="carrier_id" value=carrier_id.to_string()/>
            <input type="hidden" name="direction" value=state.direction.value.get_untracked()/>
            <input type="hidden" name="bot_id" value=state.bot_id.value.get_untracked()/>
            {hidden}
            <section class="card overflow-hidden" aria-labelledby="import-preview">
                <div class="section-head">
                    <h2 id="import-preview" class="text-[14px] font-medium" tabindex="-1">{title}</h2>
                </div>
                {settings}
                <table class="table" role="table">
                    <caption class="sr-only">"What happens to each number"</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th class="th" role="columnheader" scope="col">"Number"</th>
                            <th class="th" role="columnheader" scope="col">"Label"</th>
                            <th class="th" role="columnheader" scope="col">{if dry_run { "Result of the Import" } else { "Result" }}</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </section>
            <div class="action-bar">
                <div class="basis-full empty:hidden"><ProblemBanner form/></div>
                <span class="grow"></span>
                {leave}
                {confirm}
            </div>
        </form>
    }
    .into_any()
}

/// Direction and bot of the numbers, with warnings about calls that will fail.
#[component]
fn Settings(state: ImportState, dry_run: bool, no_voice_count: usize) -> impl IntoView {
    let direction = state.direction.value.get_untracked().parse::<Direction>().unwrap_or_default();
    let bot_id = state.bot_id.value.get_untracked();
    let bot = state
        .data
        .with_value(|data| data.bots.iter().find(|(id, _)| id.as_str() == bot_id).map(|(_, name)| name.clone()));
    let receives = direction != Direction::Outbound;
    let unanswered = (dry_run && receives && bot.is_none()).then(|| {
        view! {
            <Banner tone=Tone::Warn title="No bot answers these numbers">
                "Calls to them are rejected until a bot is assigned."
            </Banner>
        }
    });
    let voiceless = (dry_run && no_voice_count > 0).then(|| {
        let count = i64::try_from(no_voice_count).unwrap_or(i64::MAX);
        view! {
            <Banner tone=Tone::Warn title=format!("{} no voice at Exotel", counted(count, "number has", "numbers have"))>
                "Exotel says that no calls can be made to or from these numbers."
            </Banner>
        }
    });
    let bot = match bot {
        _ if !receives => "Not used: the numbers place calls only".to_owned(),
        Some(name) => name,
        None => "None".to_owned(),
    };
    view! {
        <div class="px-4 pb-4 grid gap-3">
            <dl class="facts">
                <div class="fact"><dt>"Direction"</dt> <dd>{direction.label()}</dd></div>
                <div class="fact"><dt>"Bot"</dt> <dd>{bot}</dd></div>
            </dl>
            {unanswered}
            {voiceless}
        </div>
    }
    .into_any()
}

/// Back to the form, which still has what was chosen unless the preview was loaded natively.
#[component]
fn ChooseAgain(state: ImportState) -> impl IntoView {
    let back = move |event: MouseEvent| {
        event.prevent_default();
        if state.data.with_value(|data| data.listing.is_some()) {
            state.outcome.set(None);
            crate::components::form::focus("content".to_owned());
        } else {
            state.reload.run(());
        }
    };
    view! { <a class="btn" href=format!("{}?numbers=1", urls::EXOTEL) on:click=back>"Choose Again"</a> }.into_any()
}

fn row(item: ImportedNumber, dry_run: bool) -> AnyView {
    let owner = item.carrier_name.unwrap_or_else(|| "another carrier".to_owned());
    let adds = item.outcome == ImportOutcome::Added;
    let (tone, glyph, text): (Tone, Glyph, String) = match item.outcome {
        ImportOutcome::Added if dry_run => (Tone::Ok, PLUS, "Will be added".to_owned()),
        ImportOutcome::Added => (Tone::Ok, CHECK, "Added".to_owned()),
        ImportOutcome::Exists => (Tone::Quiet, CHECK, "Already on this carrier".to_owned()),
        ImportOutcome::Taken => (Tone::Warn, WARNING, format!("Skipped: on {owner}")),
        ImportOutcome::Invalid => (Tone::Error, ALERT, "Not a usable number".to_owned()),
        ImportOutcome::Unknown => (Tone::Warn, WARNING, "No longer in the Exotel account".to_owned()),
    };
    view! {
        <tr role="row" class="row-did row-import">
            <td role="cell" class="td cell-number num">{item.formatted}</td>
            <td role="cell" class="td cell-label">{item.label.unwrap_or_else(|| "—".to_owned())}</td>
            <td role="cell" class="td cell-state">
                <span class="inline-flex flex-wrap gap-1">
                    <Badge tone glyph text/>
                    {(adds && item.voice == Some(false)).then(no_voice)}
                </span>
                {item.fault.map(|fault| view! { <p class="hint">{fault}</p> })}
            </td>
        </tr>
    }
    .into_any()
}
