use leptos::{html, prelude::*};

use super::Input;
use crate::components::ui::{Glyph, icon};

/// One choice with its icon, title and explanation.
#[derive(Clone, Copy)]
pub struct Card {
    pub value: &'static str,
    pub glyph: Glyph,
    pub title: &'static str,
    pub text: &'static str,
}

/// A radio group as cards.
#[component]
pub fn RadioCards(input: Input, label: &'static str, cards: Vec<Card>) -> impl IntoView {
    let columns = if cards.len() == 3 { "radio-cards sm:grid-cols-3" } else { "radio-cards sm:grid-cols-2" };
    input.set_labels(cards.iter().map(|card| (card.value.to_owned(), card.title.to_owned())).collect());
    let cards = cards.into_iter().map(|card| view! { <RadioCard input card/> }).collect_view();
    view! {
        <fieldset class="min-w-0">
            <legend class="label">{label}</legend>
            <div class=columns>{cards}</div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn RadioCard(input: Input, card: Card) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    // The first time the element wins, because it has what was chosen before hydration.
    Effect::new(move |before: Option<()>| {
        let chosen = input.value.get() == card.value;
        let Some(element) = node.get() else { return };
        if before.is_some() {
            element.set_checked(chosen);
        } else if element.checked() && !chosen {
            input.value.set(card.value.to_owned());
        }
    });
    let checked = input.value.get_untracked() == card.value;
    view! {
        <label class="radio-card">
            <input
                node_ref=node
                type="radio"
                class="sr-only"
                id=checked.then(|| input.id())
                name=input.name
                value=card.value
                checked=checked
                autocomplete="off"
                on:change=move |_| input.typed(card.value.to_owned())
            />
            <span class="radio-card-title">{icon(card.glyph)} {card.title}</span>
            <span class="block text-[12px] leading-4 text-ink-2 mt-1">{card.text}</span>
        </label>
    }
}
