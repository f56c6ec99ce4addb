use api_types::view::ExotelNumber;
use leptos::prelude::*;

use crate::{
    components::ui::{ALERT, Badge, Tone, WARNING},
    urls,
};

/// Whether the number can be imported.
pub fn is_free(number: &ExotelNumber) -> bool {
    number.carrier_id.is_none() && number.fault.is_none()
}

/// One number, with a checkbox for users who may import it.
pub fn choice_row(number: ExotelNumber, chosen: bool, may_change: bool) -> AnyView {
    let free = is_free(&number);
    let shown = number.formatted.clone();
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
        let value = number.number.clone();
        view! {
            <label class="pick">
                <input type="checkbox" name="numbers" value=value checked=chosen disabled=!free autocomplete="off"/>
                {shown}
            </label>
        }
        .into_any()
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
