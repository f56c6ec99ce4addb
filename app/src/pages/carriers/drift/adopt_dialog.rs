use api_types::{
    Problem,
    view::{AdoptView, BotView, UnmanagedView},
};
use domain::livekit::ObjectKind;
use leptos::prelude::*;

use super::{
    action::AdoptChoice,
    context::DriftContext,
    steps::{Steps, reload_link},
    unmanaged::summary,
};
use crate::components::{
    form::{Form, ProblemBanner, SubmitButton},
    ui::{Banner, Dialog, Tone},
};

/// The choice, its dry run, and the button that applies it. The choice is a form of its own that loads this page again, so
/// that the dry run always belongs to the choice that is shown.
#[component]
pub fn AdoptDialog(context: DriftContext, trunk: UnmanagedView, choice: AdoptChoice) -> impl IntoView {
    let page = context.href(&[]);
    let carrier = context.report.carrier_name.clone();
    let (preview, refusal) = match context.preview.clone() {
        Some(Ok(preview)) => (Some(preview), None),
        Some(Err(problem)) => (None, Some(problem)),
        None => (None, None),
    };
    let form = Form::new("adopt");
    let here = context.href(&[
        ("adopt", &choice.trunk_id),
        ("bot_id", &choice.bot_id),
        ("take", &choice.take.join(",")),
        ("preview", "1"),
    ]);
    let adopt = preview.as_ref().map(|preview| {
        let fingerprint = preview.fingerprint.clone();
        view! { <AdoptForm page=page.clone() choice=choice.clone() fingerprint form/> }
    });
    view! {
        <Dialog title=format!("Adopt into {carrier}") close=page.clone() class="dialog dialog-wide">
            <div class="dialog-body grid gap-4">
                <ProblemBanner form/>
                {summary(&trunk)}
                <ChoiceForm action=page.clone() bots=context.bots.clone() trunk choice/>
                {refusal.map(refused)}
                {preview.map(|preview| view! { <Preview preview/> })}
            </div>
            <footer class="dialog-foot">
                <a class="btn" href=page data-noscroll="" autofocus>"Leave it as it is"</a>
                {reload_link(form, here)}
                {adopt}
            </footer>
        </Dialog>
    }
    .into_any()
}

fn refused(problem: Problem) -> AnyView {
    let text = problem.in_full();
    view! { <Banner tone=Tone::Error title="It cannot be adopted like this" alert=true>{text}</Banner> }.into_any()
}

#[component]
fn ChoiceForm(action: String, bots: Vec<BotView>, trunk: UnmanagedView, choice: AdoptChoice) -> impl IntoView {
    let inbound = trunk.kind == ObjectKind::InboundTrunk;
    let chosen = choice.bot_id.clone();
    let answers = inbound.then(|| {
        let options = bots
            .into_iter()
            .map(|bot| {
                let id = bot.id.to_string();
                let selected = id == chosen;
                view! { <option value=id selected=selected>{bot.name}</option> }
            })
            .collect_view();
        view! {
            <div>
                <label class="label" for="adopt-bot">"Bot that answers its numbers"</label>
                <select id="adopt-bot" name="bot_id" class="field field-select" autocomplete="off">
                    <option value="">"Choose a bot"</option>
                    {options}
                </select>
            </div>
        }
    });
    let named = |name: &'static str, label: &'static str| {
        let checked = choice.take.iter().any(|taken| taken == name);
        view! {
            <label class="flex items-center gap-2">
                <input type="checkbox" name="take" value=name checked=checked autocomplete="off"/>
                {label}
            </label>
        }
        .into_any()
    };
    let credentials = trunk.auth_username.is_some().then(|| named("credentials", "Username and password"));
    let rest = if inbound {
        let some = !trunk.allowed_addresses.is_empty();
        some.then(|| named("allowed_addresses", "Allowed addresses, besides the carrier's")).into_any()
    } else {
        view! {
            {named("sip_address", "SIP address")}
            {named("transport", "Transport")}
            {named("destination_country", "Destination country")}
        }
        .into_any()
    };
    view! {
        <form method="get" action=action class="grid gap-3">
            <input type="hidden" name="adopt" value=choice.trunk_id/>
            <input type="hidden" name="preview" value="1"/>
            {answers}
            <fieldset class="grid gap-1">
                <legend class="label">"Take over from the trunk; elsewhere the carrier's own settings win"</legend>
                {rest}
                {credentials}
            </fieldset>
            <div><button type="submit" class="btn">"Show what would happen"</button></div>
        </form>
    }
    .into_any()
}

#[component]
fn Preview(preview: AdoptView) -> impl IntoView {
    let line = |term: String, text: String| {
        view! { <li><span class="font-medium num wrap-anywhere">{term}</span> " " <span class="text-ink-2">{text}</span></li> }
            .into_any()
    };
    let numbers = preview.numbers.into_iter().map(|number| line(number.number, number.text)).collect_view();
    let rules =
        preview.rules.into_iter().map(|rule| line(format!("{} ({})", rule.name, rule.id), rule.text)).collect_view();
    let settings = preview
        .settings
        .into_iter()
        .map(|setting| {
            let (taken, other) =
                if setting.taken { (setting.trunk, setting.carrier) } else { (setting.carrier, setting.trunk) };
            let shown = |values: Vec<String>| if values.is_empty() { "none".to_owned() } else { values.join(", ") };
            let from = if setting.taken { "the trunk's is taken" } else { "the carrier's wins" };
            line(
                setting.name.replace('_', " "),
                format!("{} ({from}; the other one is {})", shown(taken), shown(other)),
            )
        })
        .collect_view();
    let other = preview.trunk.unmanaged_settings.then(|| {
        view! {
            <Banner tone=Tone::Warn title="It has settings that Trunkline does not keep">
                "Headers, allowed callers, time limits, media: whatever it is, it is cleared."
            </Banner>
        }
    });
    let notes = preview.notes.into_iter().map(|note| view! { <Banner tone=Tone::Warn>{note}</Banner> }).collect_view();
    view! {
        <div class="grid gap-3">
            {notes}
            {other}
            <Part title="In Trunkline: numbers"><ul>{numbers}</ul></Part>
            <Part title="In Trunkline: settings"><ul class="capitalised-items">{settings}</ul></Part>
            <Part title="Rules that answer the trunk"><ul>{rules}</ul></Part>
            <Part title="In LiveKit, after Trunkline's owner tag is on it"><Steps steps=preview.steps/></Part>
        </div>
    }
    .into_any()
}

#[component]
fn Part(title: &'static str, children: Children) -> impl IntoView {
    view! { <section class="adopt-part"><h3 class="font-medium mb-1">{title}</h3> {children()}</section> }.into_any()
}

/// The button, with everything that the dry run was made from.
#[component]
fn AdoptForm(page: String, choice: AdoptChoice, fingerprint: String, form: Form) -> impl IntoView {
    let action = page
        + &crate::urls::query(&[
            ("adopt", choice.trunk_id.as_str()),
            ("bot_id", choice.bot_id.as_str()),
            ("take", &choice.take.join(",")),
            ("preview", "1"),
        ]);
    let take =
        choice.take.into_iter().map(|name| view! { <input type="hidden" name="take" value=name/> }).collect_view();
    view! {
        <form method="post" action=action class="contents">
            <input type="hidden" name="trunk_id" value=choice.trunk_id/>
            <input type="hidden" name="bot_id" value=choice.bot_id/>
            {take}
            <input type="hidden" name="dry_run" value="false"/>
            <input type="hidden" name="fingerprint" value=fingerprint/>
            <SubmitButton label="Adopt" busy_label="Adopting…" busy=form.busy/>
        </form>
    }
    .into_any()
}
