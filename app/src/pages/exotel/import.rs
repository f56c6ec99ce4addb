use std::collections::HashSet;

use api_types::{
    Problem,
    input::ExotelImportInput,
    view::{BotView, ExotelNumber},
};
use domain::{Direction, IntoEnumIterator};
use leptos::prelude::*;

use super::{
    carriers::Carriers,
    choices::{choice_row, is_free},
};
use crate::{
    components::{
        form::{Form, ProblemBanner, SelectField, SubmitButton},
        ui::{ALERT, Banner, CopyButton, Tone, grouped, icon},
    },
    submitted::submitted,
    urls,
};

/// The form: numbers, their carrier and a preview.
pub fn import_form(
    numbers: Vec<ExotelNumber>,
    carriers: Carriers,
    bots: Vec<BotView>,
    refused: Option<Problem>,
    may_change: bool,
) -> AnyView {
    let form = Form::new("import");
    if let Some(problem) = refused {
        let detail = problem.in_full();
        form.problem.set(Some(Problem { errors: Default::default(), detail, ..problem }));
    }
    // Has the posted choice and its fault, but no text of its own.
    let picked = form.input("numbers", String::new(), |_| Ok(()));
    let returned = submitted().is_some().then(|| picked.value.get_untracked());
    let free = || numbers.iter().filter(|number| is_free(number)).map(|number| number.number.as_str());
    // Without a posted choice: all free numbers, up to the maximum of one import.
    let chosen: HashSet<String> = match &returned {
        Some(returned) => {
            let returned: HashSet<&str> = returned.lines().collect();
            free().filter(|free| returned.contains(free)).map(str::to_owned).collect()
        }
        None => free().take(ExotelImportInput::MAX_NUMBERS).map(str::to_owned).collect(),
    };
    let free_count = free().count();
    let every = chosen.len() == free_count;
    let too_many = free_count > ExotelImportInput::MAX_NUMBERS;
    let no_carrier = carriers.listed.is_empty();
    let count = numbers.len();
    let everything = numbers.iter().map(|number| number.e164.as_ref().unwrap_or(&number.number).as_str());
    let everything = everything.collect::<Vec<_>>().join("\n");
    let rows = numbers
        .into_iter()
        .map(|number| {
            let chosen = may_change && chosen.contains(&number.number);
            choice_row(number, chosen, may_change)
        })
        .collect_view();
    view! {
        <form method="post" action=format!("{}?numbers=1", urls::EXOTEL) class="grid gap-4">
            <input type="hidden" name="dry_run" value="true"/>
            <ProblemBanner form/>
            {(may_change && no_carrier).then(|| view! {
                <Banner tone=Tone::Info title="There is no carrier yet">
                    "Numbers belong to a carrier: its SIP address is where their calls come from and go to. "
                    <a class="link" href=urls::CREATE_CARRIER>"Add one for Exotel"</a>
                    ", then come back."
                </Banner>
            })}
            {(may_change && !no_carrier).then(|| carriers.truncation_note())}
            {(may_change && !no_carrier).then(|| destination(form, &carriers, bots))}
            {(may_change && too_many).then(|| view! {
                <Banner tone=Tone::Info title="More than one import takes">
                    {too_many_text(free_count)}
                </Banner>
            })}
            <section class="card overflow-hidden" aria-labelledby="exotel-numbers">
                <div class="section-head">
                    <h2 id="exotel-numbers" class="text-[14px] font-medium">
                        "Numbers of the account "
                        <span class="num font-normal text-ink-2 ml-1">{count}</span>
                    </h2>
                    <span class="inline-flex items-center text-ink-2 text-[12.5px]">
                        <span class="needs-js">"Copy all"</span>
                        <CopyButton text=everything what="numbers"/>
                    </span>
                    {(may_change && free_count > 0 && !too_many).then(|| view! {
                        <button type="button" class="btn-quiet needs-js ml-auto" data-choose="numbers">
                            {if every { "Choose none" } else { "Choose all" }}
                        </button>
                    })}
                </div>
                <div id=picked.id() tabindex="-1">
                    {move || picked.error.get().map(|message| view! {
                        <p class="field-error px-4 pb-2" role="alert">{icon(ALERT)} <span>{message}</span></p>
                    })}
                </div>
                <table class="table" role="table">
                    <caption class="sr-only">"Numbers of the Exotel account"</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th class="th" role="columnheader" scope="col">"Number"</th>
                            <th class="th" role="columnheader" scope="col">"Name at Exotel"</th>
                            <th class="th" role="columnheader" scope="col">"In Trunkline"</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </section>
            <div class="flex flex-wrap items-center gap-2">
                {(may_change && !no_carrier && free_count > 0).then(|| view! {
                    <SubmitButton label="Preview import" busy_label="Asking Exotel…" busy=form.busy/>
                })}
                {(free_count == 0).then(|| view! {
                    <p class="text-ink-2 grow">"Every number of the account is in Trunkline already, or cannot be."</p>
                })}
                <a class="btn" href=urls::EXOTEL>"Back to the connection"</a>
            </div>
        </form>
    }
    .into_any()
}

fn too_many_text(free: usize) -> String {
    let [free, most] =
        [free, ExotelImportInput::MAX_NUMBERS].map(|count| grouped(i64::try_from(count).unwrap_or(i64::MAX)));
    format!(
        "{free} numbers could be added, {most} at once. The first {most} are chosen; show the numbers again for the rest."
    )
}

/// Carrier, direction and bot. Preselects the requested carrier, else the first with an Exotel address.
fn destination(form: Form, carriers: &Carriers, bots: Vec<BotView>) -> AnyView {
    let Carriers { listed, chosen, .. } = carriers;
    let exotel_carrier = listed.iter().find(|carrier| carrier.sip_address.contains("exotel")).or(listed.first());
    let first = chosen.as_ref().or(exotel_carrier.map(|carrier| &carrier.id));
    let carrier_id = form.choice("carrier_id", first.map(ToString::to_string).unwrap_or_default());
    let direction = form.choice("direction", Direction::Both.as_str().to_owned());
    let bot_id = form.choice("bot_id", String::new());
    let carriers = listed.iter().map(|carrier| (carrier.id.to_string(), carrier.name.clone())).collect();
    let bots = bots.into_iter().map(|bot| (bot.id.to_string(), bot.name));
    let no_bot = (String::new(), "No bot: calls are rejected".to_owned());
    view! {
        <div class="card p-4 import-target">
            <SelectField input=carrier_id label="Carrier" options=carriers hint="The numbers go on its LiveKit trunks."/>
            <SelectField
                input=direction
                label="Direction"
                options=Direction::iter().map(|direction| (direction.as_str().to_owned(), direction.label().to_owned())).collect()
            />
            <SelectField
                input=bot_id
                label="Assign bot"
                options=std::iter::once(no_bot).chain(bots).collect()
                hint="Answers when one of the numbers rings."
            />
        </div>
    }
    .into_any()
}
