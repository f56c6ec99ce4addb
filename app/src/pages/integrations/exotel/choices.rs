use domain::view::ExotelNumber;
use leptos::{html, prelude::*};

use crate::{
    components::ui::{ALERT, Badge, Tone, WARNING, phone},
    urls,
};

/// A number, and whether it is chosen.
#[derive(Clone)]
pub struct Choice {
    pub number: ExotelNumber,
    pub chosen: RwSignal<bool>,
}

/// Free numbers can be chosen; the others say who has them, or what is wrong with them.
pub fn is_free(number: &ExotelNumber) -> bool {
    number.carrier_id.is_none() && number.fault.is_none()
}

#[component]
pub fn ChoiceRow(choice: Choice, may_change: bool) -> impl IntoView {
    let Choice { number, chosen } = choice;
    let free = is_free(&number);
    let shown = phone(number.e164.as_deref().unwrap_or(&number.number));
    let state = match (&number.carrier_id, &number.carrier_name, &number.fault) {
        (Some(id), name, _) => {
            let name = name.clone().unwrap_or_default();
            view! { <a class="link" href=urls::carrier(id)>{format!("On {name}")}</a> }.into_any()
        }
        (_, _, Some(fault)) => view! {
            <Badge tone=Tone::Error glyph=ALERT text="Not a usable number"/>
            <p class="hint">{fault.clone()}</p>
        }
        .into_any(),
        _ if number.voice == Some(false) => view! {
            <Badge tone=Tone::Warn glyph=WARNING text="No calls, says Exotel"/>
        }
        .into_any(),
        _ => view! { <span class="text-ink-2">"Not here yet"</span> }.into_any(),
    };
    let cell = if may_change {
        view! { <Pick value=number.number.clone() shown chosen free/> }.into_any()
    } else {
        shown.into_any()
    };
    view! {
        <tr role="row" class="row-did row-import">
            <td role="cell" class="td cell-number num">{cell}</td>
            <td role="cell" class="td cell-label">{number.label.unwrap_or_else(|| "—".to_owned())}</td>
            <td role="cell" class="td cell-state">{state}</td>
        </tr>
    }
    .into_any()
}

/// As with every field, what was ticked before the page came alive counts.
#[component]
fn Pick(value: String, shown: String, chosen: RwSignal<bool>, free: bool) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |before: Option<()>| {
        let on = chosen.get();
        let Some(element) = node.get() else { return };
        if before.is_some() {
            element.set_checked(on);
        } else if element.checked() != on {
            chosen.set(element.checked());
        }
    });
    view! {
        <label class="pick">
            <input
                node_ref=node
                type="checkbox"
                name="numbers"
                value=value
                checked=chosen.get_untracked()
                disabled=!free
                autocomplete="off"
                on:change=move |event| chosen.set(event_target_checked(&event))
            />
            {shown}
        </label>
    }
    .into_any()
}
