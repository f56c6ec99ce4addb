use api_types::{
    input::{ExotelImportInput, Text, TextList},
    view::{ExotelImported, ImportOutcome},
};
use domain::{CarrierId, Direction, IntoEnumIterator};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

use super::{
    choices::{Choice, choice_row, choices},
    numbers::NumbersData,
    preview::Preview,
};
use crate::{
    components::{
        form::{Form, Input, ProblemBanner, SelectField, SubmitButton, focus, guard_leaving, row},
        ui::{ALERT, Banner, COPY, Tone, copy_text, counted, grouped, icon, use_toasts},
    },
    server_fns::exotel::import_exotel,
    submitted::submitted,
    urls,
};

/// The import: what is chosen, and the preview or the result that is shown instead of the form.
#[derive(Clone, Copy)]
pub struct ImportState {
    pub form: Form,
    carrier_id: Input,
    pub direction: Input,
    pub bot_id: Input,
    /// Shows the fault of the choice; its own text is empty.
    numbers: Input,
    choices: StoredValue<Vec<Choice>>,
    pub data: StoredValue<NumbersData>,
    pub outcome: RwSignal<Option<ExotelImported>>,
    /// Something was chosen that is not imported yet.
    previewed: RwSignal<bool>,
    pub reload: Callback<()>,
}

impl ImportState {
    fn new(mut data: NumbersData, may_change: bool, reload: Callback<()>) -> Self {
        let form = Form::new("import");
        let preselected = data.carriers.preselected.as_ref().map(ToString::to_string).unwrap_or_default();
        let carrier_id = form.choice("carrier_id", preselected);
        let direction = form.choice("direction", Direction::Both.as_str().to_owned());
        let bot_id = form.choice("bot_id", String::new());
        let numbers = form.input("numbers", String::new(), |_| Ok(()));
        let submitted = submitted();
        let posted = submitted.is_some().then(|| numbers.value.get_untracked());
        let listed = data.listing.as_mut().map(|listing| std::mem::take(&mut listing.items)).unwrap_or_default();
        Self {
            form,
            carrier_id,
            direction,
            bot_id,
            numbers,
            choices: StoredValue::new(choices(listed, posted.as_deref(), may_change)),
            data: StoredValue::new(data),
            outcome: RwSignal::new(submitted.and_then(|form| form.outcome).and_then(|json| row(&json))),
            previewed: RwSignal::new(false),
            reload,
        }
    }

    fn count(self, matches: impl Fn(&Choice) -> bool) -> usize {
        self.choices.with_value(|choices| choices.iter().filter(|choice| matches(choice)).count())
    }

    /// Tracks.
    fn chosen(self) -> usize {
        self.count(|choice| choice.chosen.get())
    }

    fn is_changed(self) -> bool {
        self.outcome.with(|outcome| outcome.as_ref().is_none_or(|outcome| outcome.dry_run))
            && (self.previewed.get()
                || self.form.changed()
                || self.count(|choice| choice.chosen.get() != choice.initial) > 0)
    }

    /// Chooses all numbers that carry calls, or none.
    fn choose(self, all: bool) {
        self.choices.with_value(|choices| {
            choices.iter().for_each(|choice| choice.chosen.set(all && choice.is_usual()));
        });
    }

    fn input(self, numbers: Vec<String>, dry_run: bool) -> ExotelImportInput {
        let text = |input: Input| Text(input.value.get_untracked());
        ExotelImportInput {
            carrier_id: text(self.carrier_id),
            numbers: TextList(numbers),
            direction: text(self.direction),
            bot_id: text(self.bot_id),
            dry_run: dry_run.to_string().as_str().into(),
        }
    }

    fn preview(self) {
        let chosen = |choice: &&Choice| choice.chosen.get_untracked();
        let number = |choice: &Choice| choice.number.number.clone();
        let numbers = self.choices.with_value(|choices| choices.iter().filter(chosen).map(number).collect());
        let input = self.input(numbers, true);
        if let Err(errors) = input.parse() {
            self.form.refuse_fields(&errors);
            return;
        }
        self.form.send(import_exotel(input), move |imported| {
            self.previewed.set(true);
            self.outcome.set(Some(imported));
            focus("import-preview".to_owned());
        });
    }

    /// Imports the numbers of the preview.
    pub fn import(self, form: Form, numbers: Vec<String>, done: impl FnOnce(CarrierId, i64) + 'static) {
        form.send(import_exotel(self.input(numbers, false)), move |imported| {
            if imported.items.iter().all(|item| item.outcome == ImportOutcome::Added) {
                done(imported.carrier_id, imported.added);
            } else {
                self.outcome.set(Some(imported));
                focus("import-preview".to_owned());
            }
        });
    }
}

/// The form: numbers, their carrier and a preview.
#[component]
pub fn Import(data: NumbersData, may_change: bool, reload: Callback<()>) -> impl IntoView {
    let state = ImportState::new(data, may_change, reload);
    let address = format!("{}?numbers=1", urls::EXOTEL);
    guard_leaving(
        address,
        move || state.is_changed(),
        |target| target.starts_with(&format!("{}?numbers=", urls::EXOTEL)),
    );
    let navigate = StoredValue::new(use_navigate());
    let toasts = use_toasts();
    let imported = Callback::new(move |(carrier_id, added): (CarrierId, i64)| {
        let name = state.data.with_value(|data| data.carriers.name(&carrier_id));
        toasts.success(format!("Imported {} into {name}.", counted(added, "number", "numbers")));
        navigate.with_value(|navigate| navigate(&urls::carrier(&carrier_id), Default::default()));
    });
    move || match state.outcome.get() {
        Some(outcome) => view! { <Preview state outcome imported/> }.into_any(),
        None => view! { <ChoiceForm state may_change/> }.into_any(),
    }
}

#[component]
fn ChoiceForm(state: ImportState, may_change: bool) -> impl IntoView {
    let ImportState { form, numbers, choices, data, .. } = state;
    let free = state.count(Choice::is_free);
    let no_carrier = data.with_value(|data| data.carriers.listed.is_empty());
    let can_import = may_change && !no_carrier && free > 0;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        state.preview();
    };
    // A fault of the choice is gone when it changes.
    Effect::new(move |before: Option<()>| {
        state.chosen();
        if before.is_some() && numbers.error.read_untracked().is_some() {
            numbers.error.set(None);
        }
    });
    let rows = choices.with_value(|choices| choices.iter().map(|choice| choice_row(choice, may_change)).collect_view());
    view! {
        <form method="post" action=format!("{}?numbers=1", urls::EXOTEL) class="form-page" on:submit=submit>
            <input type="hidden" name="dry_run" value="true"/>
            {(may_change && no_carrier).then(|| view! {
                <Banner tone=Tone::Info title="There is no carrier yet">
                    "Numbers belong to a carrier: calls come from its SIP address and go to it. "
                    <a class="link" href=urls::CREATE_CARRIER>"Add a carrier for Exotel"</a>
                    ", then come back."
                </Banner>
            })}
            {can_import.then(|| data.with_value(|data| data.carriers.truncation_note()))}
            {can_import.then(|| view! { <Target state/> })}
            {(may_change && free > ExotelImportInput::MAX_NUMBERS).then(|| view! {
                <Banner tone=Tone::Info title="More numbers than one import can have">{too_many_text(free)}</Banner>
            })}
            <section class="card overflow-hidden" aria-labelledby="exotel-numbers">
                <div class="section-head">
                    <h2 id="exotel-numbers" class="text-[14px] font-medium">
                        "Numbers of the account "
                        <span class="num font-normal text-ink-2 ml-1">{choices.with_value(Vec::len)}</span>
                    </h2>
                    <CopyAll state/>
                    {(can_import && free <= ExotelImportInput::MAX_NUMBERS).then(|| view! { <ChooseAll state/> })}
                </div>
                <div id=numbers.id() tabindex="-1" role="alert">
                    {move || numbers.error.get().map(|message| view! {
                        <p class="field-error px-4 pb-2">{icon(ALERT)} <span>{message}</span></p>
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
            <div class="action-bar">
                <div class="basis-full empty:hidden"><ProblemBanner form/></div>
                <p role="status" class="grow min-w-0 text-ink-2 num">
                    {move || match (can_import, free) {
                        (true, _) => format!("{} of {} chosen", size(state.chosen()), counted(number(free), "number", "numbers")),
                        (_, 0) => "There is no number left to import.".to_owned(),
                        _ => String::new(),
                    }}
                </p>
                <a class="btn" href=urls::EXOTEL>"Back to Connection"</a>
                {can_import.then(|| view! {
                    <SubmitButton label="Preview Import" busy_label="Loading Preview…" busy=form.busy/>
                })}
            </div>
        </form>
    }
    .into_any()
}

/// Carrier, direction and bot.
#[component]
fn Target(state: ImportState) -> impl IntoView {
    let choose = (String::new(), "Choose a carrier".to_owned());
    let no_bot = (String::new(), "No bot: calls are rejected".to_owned());
    let (carriers, bots) = state.data.with_value(|data| {
        let carriers = data.carriers.listed.iter().map(|(id, name)| (id.to_string(), name.clone()));
        let bots = data.bots.iter().map(|(id, name)| (id.to_string(), name.clone()));
        (std::iter::once(choose).chain(carriers).collect(), std::iter::once(no_bot).chain(bots).collect())
    });
    let directions =
        Direction::iter().map(|direction| (direction.as_str().to_owned(), direction.label().to_owned())).collect();
    view! {
        <div class="card p-4 import-target">
            <SelectField
                input=state.carrier_id
                label="Carrier"
                options=carriers
                hint="The numbers are added to its LiveKit trunks."
            />
            <SelectField input=state.direction label="Direction" options=directions/>
            <SelectField
                input=state.bot_id
                label="Assign Bot"
                options=bots
                hint="Answers the calls to these numbers."
            />
        </div>
    }
    .into_any()
}

/// Copies all numbers, for the trunk's settings at Exotel.
#[component]
fn CopyAll(state: ImportState) -> impl IntoView {
    let toasts = use_toasts();
    let copy = move |_| {
        let number = |choice: &Choice| choice.number.e164.clone().unwrap_or_else(|| choice.number.number.clone());
        let all = state.choices.with_value(|choices| choices.iter().map(number).collect::<Vec<_>>().join("\n"));
        if copy_text(&all) {
            toasts.success("Copied the numbers.");
        } else {
            toasts.error("This browser copies over HTTPS only. Select the text instead.");
        }
    };
    view! { <button type="button" class="btn-quiet needs-js" on:click=copy>{icon(COPY)} "Copy All"</button> }.into_any()
}

#[component]
fn ChooseAll(state: ImportState) -> impl IntoView {
    let every = move || state.count(|choice| choice.is_usual() && !choice.chosen.get()) == 0;
    view! {
        <button type="button" class="btn-quiet needs-js ml-auto" on:click=move |_| state.choose(!untrack(every))>
            {move || if every() { "Choose None" } else { "Choose All" }}
        </button>
    }
    .into_any()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn size(count: usize) -> String {
    grouped(number(count))
}

fn too_many_text(free: usize) -> String {
    let [free, most] = [free, ExotelImportInput::MAX_NUMBERS].map(size);
    format!(
        "{free} numbers can be imported, {most} at a time. The first {most} are chosen. Open the numbers again for the rest."
    )
}
