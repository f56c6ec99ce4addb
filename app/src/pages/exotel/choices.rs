use api_types::{input::ExotelImportInput, view::ExotelNumber};
use leptos::prelude::*;

use crate::{
    components::form::Checkbox,
    components::ui::{ALERT, Badge, Tone, WARNING},
    urls,
};

/// A number, and whether it is chosen for the import.
#[derive(Clone)]
pub struct Choice {
    pub number: ExotelNumber,
    pub chosen: RwSignal<bool>,
    /// Whether it was chosen at first.
    pub initial: bool,
}

impl Choice {
    /// Whether the number can be imported.
    pub fn is_free(&self) -> bool {
        is_free(&self.number)
    }

    /// Whether "Choose All" chooses it.
    pub fn is_usual(&self) -> bool {
        is_usual(&self.number)
    }
}

fn is_free(number: &ExotelNumber) -> bool {
    number.carrier_id.is_none() && number.fault.is_none()
}

/// A number that carries no calls is imported only if it is chosen by itself.
fn is_usual(number: &ExotelNumber) -> bool {
    is_free(number) && number.voice != Some(false)
}

/// `posted` is the choice of a form that was refused; otherwise as many as one import can have are chosen.
pub fn choices(numbers: Vec<ExotelNumber>, posted: Option<&str>, may_change: bool) -> Vec<Choice> {
    let mut left = ExotelImportInput::MAX_NUMBERS;
    let posted: Option<Vec<&str>> = posted.map(|posted| posted.lines().collect());
    let choice = |number: ExotelNumber| {
        let initial = may_change
            && match &posted {
                Some(posted) => is_free(&number) && posted.contains(&number.number.as_str()),
                None => is_usual(&number) && left > 0,
            };
        left -= usize::from(initial && left > 0);
        Choice { number, chosen: RwSignal::new(initial), initial }
    };
    numbers.into_iter().map(choice).collect()
}

/// One number, with a checkbox for users who may import it.
pub fn choice_row(choice: &Choice, may_change: bool) -> AnyView {
    let number = &choice.number;
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
        _ if number.voice == Some(false) => no_voice(),
        _ => view! { <span class="text-ink-2">"Not imported"</span> }.into_any(),
    };
    let cell = if may_change {
        let (value, free) = (number.number.clone(), choice.is_free());
        view! { <Checkbox name="numbers" value checked=choice.chosen label=shown disabled=!free/> }.into_any()
    } else {
        shown.into_any()
    };
    view! {
        <tr role="row" class="row-did row-import">
            <td role="cell" class="td cell-number num">{cell}</td>
            <td role="cell" class="td cell-label">{number.label.clone().unwrap_or_else(|| "—".to_owned())}</td>
            <td role="cell" class="td cell-state">{state}</td>
        </tr>
    }
    .into_any()
}

/// Marks a number that carries no calls.
pub fn no_voice() -> AnyView {
    view! { <Badge tone=Tone::Warn glyph=WARNING text="No voice at Exotel"/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: &str, voice: Option<bool>) -> ExotelNumber {
        ExotelNumber { number: number.to_owned(), voice, ..ExotelNumber::default() }
    }

    fn chosen(numbers: Vec<ExotelNumber>, posted: Option<&str>) -> Vec<String> {
        Owner::new_root(None).with(|| {
            let choices = choices(numbers, posted, true);
            choices.into_iter().filter(|choice| choice.initial).map(|choice| choice.number.number).collect()
        })
    }

    #[test]
    fn numbers_without_voice_are_not_chosen_at_first() {
        let numbers = vec![number("+911", Some(true)), number("+912", Some(false)), number("+913", None)];
        assert_eq!(chosen(numbers.clone(), None), ["+911", "+913"]);
        assert_eq!(chosen(numbers, Some("+912\n+913")), ["+912", "+913"]);
    }

    #[test]
    fn at_first_one_import_can_have_all_that_are_chosen() {
        let numbers =
            (0..ExotelImportInput::MAX_NUMBERS + 2).map(|index| number(&format!("+91{index}"), None)).collect();
        assert_eq!(chosen(numbers, None).len(), ExotelImportInput::MAX_NUMBERS);
    }
}
