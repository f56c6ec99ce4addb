use api_types::{
    Problem,
    view::{AdoptSetting, AdoptView},
};
use leptos::prelude::*;

use super::steps::Steps;
use crate::components::ui::{Banner, Tone};

/// Why the choice cannot be adopted.
#[component]
pub fn Refused(problem: Problem) -> impl IntoView {
    let text = problem.in_full();
    view! { <Banner tone=Tone::Error title="The trunk cannot be adopted with this choice" alert=true>{text}</Banner> }
        .into_any()
}

/// The dry run.
#[component]
pub fn Preview(preview: AdoptView) -> impl IntoView {
    let numbers = preview.numbers.into_iter().map(|number| line(number.number, number.text)).collect_view();
    let rules =
        preview.rules.into_iter().map(|rule| line(format!("{} ({})", rule.name, rule.id), rule.text)).collect_view();
    let settings = preview.settings.into_iter().map(setting).collect_view();
    let other = preview.trunk.unmanaged_settings.then(|| {
        view! {
            <Banner tone=Tone::Warn title="The trunk has settings that Trunkline does not manage">
                "Headers, allowed callers, time limits and media settings are removed."
            </Banner>
        }
    });
    let notes = preview.notes.into_iter().map(|note| view! { <Banner tone=Tone::Warn>{note}</Banner> }).collect_view();
    view! {
        <section class="grid gap-3" aria-labelledby="adopt-preview">
            <h3 id="adopt-preview" class="font-semibold" tabindex="-1">"Preview"</h3>
            {notes}
            {other}
            <Part title="Numbers in Trunkline"><ul>{numbers}</ul></Part>
            <Part title="Settings in Trunkline"><ul class="capitalised-items">{settings}</ul></Part>
            <Part title="Dispatch rules of the trunk"><ul>{rules}</ul></Part>
            <Part title="Changes in LiveKit, after the trunk has Trunkline's owner tag"><Steps steps=preview.steps/></Part>
        </section>
    }
    .into_any()
}

fn line(term: String, text: String) -> AnyView {
    view! { <li><span class="font-medium num wrap-anywhere">{term}</span> " " <span class="text-ink-2">{text}</span></li> }
        .into_any()
}

fn setting(setting: AdoptSetting) -> AnyView {
    let AdoptSetting { name, carrier, trunk, taken } = setting;
    let shown = |values: Vec<String>| if values.is_empty() { "none".to_owned() } else { values.join(", ") };
    let (carrier, trunk) = (shown(carrier), shown(trunk));
    let text = if taken {
        format!("{trunk} (from the trunk; the carrier has {carrier})")
    } else {
        format!("{carrier} (from the carrier; the trunk has {trunk})")
    };
    line(name.replace('_', " "), text)
}

#[component]
fn Part(title: &'static str, children: Children) -> impl IntoView {
    view! { <section class="adopt-part"><h4 class="font-medium mb-1">{title}</h4> {children()}</section> }.into_any()
}
