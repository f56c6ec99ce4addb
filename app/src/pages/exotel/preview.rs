use api_types::view::{CarrierView, ExotelImported, ImportOutcome, ImportedNumber};
use leptos::prelude::*;

use crate::{
    components::ui::{ALERT, Badge, CHECK, Glyph, PLUS, Tone, WARNING, counted, icon},
    submitted::submitted,
    urls,
};

/// What an import would do with each number and the button to import, or the result of an import.
pub fn preview(imported: ExotelImported, carriers: &[CarrierView]) -> AnyView {
    let chosen = |name: &str| submitted().and_then(|form| form.last(name)).unwrap_or_default();
    let (carrier_id, direction, bot_id) = (chosen("carrier_id"), chosen("direction"), chosen("bot_id"));
    let carrier = carriers.iter().find(|carrier| carrier.id.as_str() == carrier_id);
    let carrier_name = carrier.map(|carrier| carrier.name.clone()).unwrap_or_default();
    let (dry, added) = (imported.dry_run, imported.added);
    let skipped = imported.items.iter().filter(|item| item.outcome != ImportOutcome::Added).count();
    let hidden = imported
        .items
        .iter()
        .filter(|item| dry && item.outcome == ImportOutcome::Added)
        .map(|item| view! { <input type="hidden" name="numbers" value=item.number.clone()/> })
        .collect_view();
    let page = format!("{}/{carrier_id}", urls::CARRIERS);
    let title = match (dry, added) {
        (true, 0) => "Nothing to import".to_owned(),
        (true, _) => format!("{} will be added to {carrier_name}", counted(added, "number", "numbers")),
        (false, 0) => format!("No number was added to {carrier_name}"),
        (false, _) => {
            let added = counted(added, "number was", "numbers were");
            format!("{added} added to {carrier_name}, {skipped} skipped")
        }
    };
    let confirm = (dry && added > 0).then(|| {
        let label = format!("Import {}", counted(added, "number", "numbers"));
        view! { <button type="submit" class="btn-primary" data-busy="Importing…">{icon(PLUS)} {label}</button> }
    });
    // Shown on the carrier's page, which follows if no number was skipped.
    let done = dry.then(|| format!("Added {} to {carrier_name}.", counted(added, "number", "numbers")));
    let again = format!("{}?numbers=1", urls::EXOTEL);
    let leave = if dry {
        view! { <a class="btn" href=again data-back="">"Choose again"</a> }.into_any()
    } else {
        view! { <a class="btn" href=page>{format!("Open {carrier_name}")}</a> }.into_any()
    };
    let rows = imported.items.into_iter().map(|item| row(item, dry)).collect_view();
    view! {
        <form method="post" action=format!("{}?numbers=1", urls::EXOTEL) class="grid gap-4" data-done=done>
            <input type="hidden" name="carrier_id" value=carrier_id/>
            <input type="hidden" name="direction" value=direction/>
            <input type="hidden" name="bot_id" value=bot_id/>
            {hidden}
            <section class="card overflow-hidden" aria-labelledby="import-preview">
                <div class="section-head">
                    <h2 id="import-preview" class="text-[14px] font-medium" tabindex="-1" autofocus>{title}</h2>
                </div>
                <table class="table" role="table">
                    <caption class="sr-only">"What happens to each number"</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th class="th" role="columnheader" scope="col">"Number"</th>
                            <th class="th" role="columnheader" scope="col">"Label"</th>
                            <th class="th" role="columnheader" scope="col">"What happens"</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </section>
            <div class="flex flex-wrap items-center gap-2">{confirm} {leave}</div>
        </form>
    }
    .into_any()
}

fn row(item: ImportedNumber, dry: bool) -> AnyView {
    let owner = item.carrier_name.unwrap_or_else(|| "another carrier".to_owned());
    let (tone, glyph, text): (Tone, Glyph, String) = match item.outcome {
        ImportOutcome::Added => {
            (Tone::Ok, if dry { PLUS } else { CHECK }, if dry { "Is added" } else { "Added" }.to_owned())
        }
        ImportOutcome::Exists => (Tone::Quiet, CHECK, "Already there".to_owned()),
        ImportOutcome::Taken => (Tone::Warn, WARNING, format!("On {owner}: stays there")),
        ImportOutcome::Invalid => (Tone::Error, ALERT, "Not a usable number".to_owned()),
        ImportOutcome::Unknown => (Tone::Warn, WARNING, "No longer in the Exotel account".to_owned()),
    };
    view! {
        <tr role="row" class="row-did row-import">
            <td role="cell" class="td cell-number num">{item.formatted}</td>
            <td role="cell" class="td cell-label">{item.label.unwrap_or_else(|| "—".to_owned())}</td>
            <td role="cell" class="td cell-state">
                <Badge tone glyph text/>
                {item.fault.map(|fault| view! { <p class="hint">{fault}</p> })}
            </td>
        </tr>
    }
    .into_any()
}
