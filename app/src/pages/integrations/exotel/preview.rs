use domain::{
    input::{ExotelImportInput, Text, TextList},
    view::{ExotelImported, ImportOutcome, ImportedNumber},
};
use leptos::{
    ev::{MouseEvent, SubmitEvent},
    prelude::*,
};
use leptos_router::hooks::use_navigate;

use crate::{
    api,
    components::{
        form::{Form, ProblemBanner},
        ui::{ALERT, Badge, CHECK, Glyph, LOADER, PLUS, Tone, WARNING, counted, icon, phone, use_toasts},
    },
    urls,
};

/// What an import would do with each number, and the button that does it; afterwards, what it did.
#[component]
pub fn Preview(
    imported: ExotelImported,
    looked: RwSignal<Option<ExotelImported>>,
    carrier_id: String,
    carrier_name: String,
    direction: String,
    bot_id: String,
) -> impl IntoView {
    let form = Form::button("confirm");
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let (dry, added) = (imported.dry_run, imported.added);
    let wanted: Vec<String> = imported
        .items
        .iter()
        .filter(|item| item.outcome == ImportOutcome::Added)
        .map(|item| item.number.clone())
        .collect();
    let hidden =
        wanted.iter().map(|number| view! { <input type="hidden" name="numbers" value=number.clone()/> }).collect_view();
    let input = ExotelImportInput {
        carrier_id: Text(carrier_id.clone()),
        numbers: TextList(wanted),
        direction: Text(direction.clone()),
        bot_id: Text(bot_id.clone()),
        dry_run: Text::default(),
    };
    let page = format!("{}/{carrier_id}", urls::CARRIERS);
    let to = StoredValue::new(page.clone());
    let name = carrier_name.clone();
    let import = move |event: SubmitEvent| {
        event.prevent_default();
        let name = name.clone();
        form.send(api::integration::import(input.clone()), move |done| {
            let all = done.added == added;
            toasts.say(format!("Imported {} into {name}.", counted(done.added, "number", "numbers")));
            if all {
                to.with_value(|to| navigate.with_value(|navigate| navigate(to, Default::default())));
            } else {
                // Somebody was faster with some: the page says which.
                looked.set(Some(done));
            }
        });
    };
    let back = move |event: MouseEvent| {
        event.prevent_default();
        looked.set(None);
    };
    let title = match (dry, added) {
        (true, 0) => "Nothing to import".to_owned(),
        (true, _) => format!("{} will be added to {carrier_name}", counted(added, "number", "numbers")),
        (false, _) => format!("{} added to {carrier_name}", counted(added, "number was", "numbers were")),
    };
    let confirm = (dry && added > 0).then(|| {
        let label = format!("Import {}", counted(added, "number", "numbers"));
        view! {
            <button type="submit" class="btn-primary" aria-disabled=move || form.busy.get().then_some("true")>
                {move || if form.busy.get() { icon(LOADER) } else { icon(PLUS) }}
                {move || if form.busy.get() { "Importing…".to_owned() } else { label.clone() }}
            </button>
        }
    });
    let again = format!("{}?numbers=1", urls::EXOTEL);
    let leave = if dry {
        view! { <a class="btn" href=again on:click=back>"Choose again"</a> }.into_any()
    } else {
        view! { <a class="btn" href=page>{format!("Open {carrier_name}")}</a> }.into_any()
    };
    let rows = imported.items.into_iter().map(|item| row(item, dry)).collect_view();
    view! {
        <form method="post" action=format!("{}/import", urls::EXOTEL) class="grid gap-4" on:submit=import>
            <input type="hidden" name="carrier_id" value=carrier_id/>
            <input type="hidden" name="direction" value=direction/>
            <input type="hidden" name="bot_id" value=bot_id/>
            {hidden}
            <ProblemBanner problem=form.problem.into()/>
            <section class="card overflow-hidden" aria-labelledby="import-preview">
                <div class="section-head">
                    <h2 id="import-preview" class="text-[14px] font-medium" tabindex="-1">{title}</h2>
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
    let holder = item.carrier_name.unwrap_or_else(|| "another carrier".to_owned());
    let (tone, glyph, text): (Tone, Glyph, String) = match item.outcome {
        ImportOutcome::Added => {
            (Tone::Ok, if dry { PLUS } else { CHECK }, if dry { "Is added" } else { "Added" }.to_owned())
        }
        ImportOutcome::Exists => (Tone::Quiet, CHECK, "Already there".to_owned()),
        ImportOutcome::Taken => (Tone::Warn, WARNING, format!("On {holder}: stays there")),
        ImportOutcome::Invalid => (Tone::Error, ALERT, "Not a usable number".to_owned()),
        ImportOutcome::Unknown => (Tone::Warn, WARNING, "No longer in the Exotel account".to_owned()),
    };
    view! {
        <tr role="row" class="row-did row-import">
            <td role="cell" class="td cell-number num">{phone(item.e164.as_deref().unwrap_or(&item.number))}</td>
            <td role="cell" class="td cell-label">{item.label.unwrap_or_else(|| "—".to_owned())}</td>
            <td role="cell" class="td cell-state">
                <Badge tone glyph text/>
                {item.fault.map(|fault| view! { <p class="hint">{fault}</p> })}
            </td>
        </tr>
    }
    .into_any()
}
