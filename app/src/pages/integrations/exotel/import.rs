use domain::{
    Direction, Problem,
    input::{ExotelImportInput, Text, TextList},
    view::{BotView, CarrierView, ExotelImported, ExotelNumber},
};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    choices::{Choice, ChoiceRow, is_free},
    preview::Preview,
};
use crate::{
    api,
    components::{
        form::{Form, Input, ProblemBanner, SelectField, SubmitButton, focus},
        ui::{ALERT, Banner, CopyButton, Tone, icon},
    },
    submitted::submitted,
    urls,
};

/// Choose numbers and where they go, look at what would happen, and only then let it happen.
#[component]
pub fn ImportForm(
    numbers: Vec<ExotelNumber>,
    carriers: Vec<CarrierView>,
    bots: Vec<BotView>,
    preview: Option<Result<ExotelImported, Problem>>,
    may_change: bool,
) -> impl IntoView {
    let form = Form::new("import");
    let likely = carriers.iter().find(|carrier| carrier.sip_address.contains("exotel")).or(carriers.first());
    let carrier_id = form.choice("carrier_id", likely.map(|carrier| carrier.id.to_string()).unwrap_or_default());
    let direction = form.choice("direction", Direction::Both.as_str().to_owned());
    let bot_id = form.choice("bot_id", String::new());
    // Holds no text of its own: what came back, and what is wrong with the choice.
    let picked = form.input("numbers", String::new(), |_| Ok(()));
    let returned = submitted().is_some().then(|| picked.value.get_untracked());
    let choices: Vec<Choice> = numbers
        .into_iter()
        .map(|number| {
            let wanted = |returned: &String| returned.lines().any(|line| line == number.number);
            let chosen = may_change && is_free(&number) && returned.as_ref().is_none_or(wanted);
            Choice { number, chosen: RwSignal::new(chosen) }
        })
        .collect();
    let free: Vec<Choice> = choices.iter().filter(|choice| is_free(&choice.number)).cloned().collect();
    let choices = StoredValue::new(choices);

    let (looked, problem) = match preview {
        Some(Ok(imported)) => (Some(imported), None),
        Some(Err(problem)) => (None, Some(problem)),
        None => (None, None),
    };
    if let Some(problem) = problem {
        // Faults of single fields are told there by a form that was refused; this one was not, and says the first as a whole.
        let detail = problem.errors.iter().next().map_or(problem.detail.clone(), |error| error.message.clone());
        form.problem.set(Some(Problem::new(problem.status, &problem.code, &problem.title, detail)));
    }
    let looked = RwSignal::new(looked);
    let input = move || {
        let text = |input: Input| Text(input.value.get_untracked());
        let chosen = |choice: &&Choice| choice.chosen.get_untracked();
        let numbers = choices
            .with_value(|all| all.iter().filter(chosen).map(|choice| choice.number.number.clone()).collect::<Vec<_>>());
        ExotelImportInput {
            carrier_id: text(carrier_id),
            numbers: TextList(numbers),
            direction: text(direction),
            bot_id: text(bot_id),
            dry_run: Text::default(),
        }
    };
    let look = move |event: SubmitEvent| {
        event.prevent_default();
        form.send(api::integration::preview(input()), move |imported| {
            looked.set(Some(imported));
            focus("import-preview".to_owned());
        });
    };
    let names: Vec<(String, String)> =
        carriers.iter().map(|carrier| (carrier.id.to_string(), carrier.name.clone())).collect();
    let names = StoredValue::new(names);
    let bots = StoredValue::new(bots);
    let no_carrier = names.with_value(Vec::is_empty);
    let free_count = free.len();
    let free = StoredValue::new(free);
    let all_chosen = move || free.with_value(|free| free.iter().all(|choice| choice.chosen.get()));
    let toggle = move |_| {
        let on = !all_chosen();
        free.with_value(|free| free.iter().for_each(|choice| choice.chosen.set(on)));
    };
    let everything = choices.with_value(|all| {
        let number = |choice: &Choice| choice.number.e164.clone().unwrap_or_else(|| choice.number.number.clone());
        all.iter().map(number).collect::<Vec<_>>().join("\n")
    });
    let everything = StoredValue::new(everything);
    let destination = move || {
        view! {
            <div class="card p-4 import-target">
                <SelectField input=carrier_id label="Carrier" options=names.get_value() hint="The numbers go on its LiveKit trunks."/>
                <SelectField
                    input=direction
                    label="Direction"
                    options=Direction::ALL.map(|way| (way.as_str().to_owned(), way.label().to_owned())).to_vec()
                />
                <SelectField
                    input=bot_id
                    label="Assign bot"
                    options=std::iter::once((String::new(), "No bot: calls are rejected".to_owned()))
                        .chain(bots.get_value().into_iter().map(|bot| (bot.id.to_string(), bot.name)))
                        .collect()
                    hint="Answers when one of the numbers rings."
                />
            </div>
        }
    };
    let rows =
        move || choices.get_value().into_iter().map(|choice| view! { <ChoiceRow choice may_change/> }).collect_view();
    let selection = move || {
        view! {
            <form method="post" action=format!("{}/import", urls::EXOTEL) class="grid gap-4" on:submit=look>
                <input type="hidden" name="dry_run" value="true"/>
                <ProblemBanner problem=form.problem.into()/>
                {(may_change && no_carrier).then(|| view! {
                    <Banner tone=Tone::Info title="There is no carrier yet">
                        "Numbers belong to a carrier: its SIP address is where their calls come from and go to. "
                        <a class="link" href=urls::CREATE_CARRIER>"Add one for Exotel"</a>
                        ", then come back."
                    </Banner>
                })}
                {(may_change && !no_carrier).then(destination)}
                <section class="card overflow-hidden" aria-labelledby="exotel-numbers">
                    <div class="section-head">
                        <h2 id="exotel-numbers" class="text-[14px] font-medium">
                            "Numbers of the account "
                            <span class="num font-normal text-ink-2 ml-1">{choices.with_value(Vec::len)}</span>
                        </h2>
                        <span class="inline-flex items-center text-ink-2 text-[12.5px]">
                            <span class="needs-js">"Copy all"</span>
                            <CopyButton text=everything.get_value() what="numbers"/>
                        </span>
                        {(may_change && free_count > 0).then(|| view! {
                            <button type="button" class="btn-quiet needs-js ml-auto" on:click=toggle>
                                {move || if all_chosen() { "Choose none" } else { "Choose all" }}
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
                        <tbody role="rowgroup">{rows()}</tbody>
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
    };
    move || match looked.get() {
        None => selection(),
        Some(imported) => {
            let chosen = carrier_id.value.get_untracked();
            let carrier = names.with_value(|names| names.iter().find(|(id, _)| *id == chosen).cloned());
            let way = direction.value.get_untracked();
            let bot = bot_id.value.get_untracked();
            let (carrier_id, carrier_name) = carrier.unwrap_or_default();
            view! { <Preview imported looked carrier_id carrier_name direction=way bot_id=bot/> }.into_any()
        }
    }
}
