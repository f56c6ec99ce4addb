use domain::{
    Country,
    edge::{Control, FieldInfo},
};
use leptos::prelude::*;

use super::{
    object_form::ObjectForm,
    rows_field::RowsField,
    target_field::TargetField,
    wording::{choice_label, field_label},
};
use crate::components::form::{Input, SelectField, Switch, TextArea, TextField, TextKind};

/// The fields of an object, each with the control that its type asks for.
#[component]
pub fn ObjectFields(fields: ObjectForm) -> impl IntoView {
    let is_new = fields.version.is_none();
    let views = fields.fields.get_value().into_iter().enumerate();
    let views = views.map(|(index, (info, input))| field(fields, info, input, is_new, index == 0)).collect_view();
    view! { <div class="card p-5 grid gap-5 max-w-3xl">{views}</div> }.into_any()
}

fn field(fields: ObjectForm, info: FieldInfo, input: Input, is_new: bool, autofocus: bool) -> AnyView {
    let (label, hint, optional) = (field_label(info.name), info.hint, info.optional);
    match info.control {
        Control::Text => view! { <TextField input label hint optional autofocus=autofocus && is_new/> }.into_any(),
        Control::Number => view! { <TextField input label hint optional kind=TextKind::Number/> }.into_any(),
        Control::Switch => view! { <Switch input label hint/> }.into_any(),
        Control::Lines => {
            view! { <TextArea input label hint optional placeholder="mon-fri 09:00-17:00\n2026-12-25 closed"/> }
                .into_any()
        }
        Control::Secret => {
            let hint = if is_new { hint } else { "Leave it blank to keep the password." };
            view! { <TextField input label hint kind=TextKind::ForeignPassword optional=!is_new/> }.into_any()
        }
        Control::Choice(values) => {
            let options = values.into_iter().map(|value| (value.to_owned(), choice_label(value))).collect();
            view! { <SelectField input label hint options/> }.into_any()
        }
        Control::Country => {
            let countries = Country::all().map(|country| (country.as_str().to_owned(), country.name().to_owned()));
            let options = std::iter::once((String::new(), "International form only".to_owned())).chain(countries);
            view! { <SelectField input label hint options=options.collect()/> }.into_any()
        }
        Control::Row(prefixes) => {
            let none = if optional { "None" } else { "Choose…" };
            let rows = fields.choices.with_value(|choices| choices.of(prefixes));
            let options = std::iter::once((String::new(), none.to_owned())).chain(rows).collect();
            view! { <SelectField input label hint options=with_own(input, options)/> }.into_any()
        }
        Control::Rows(prefixes) => {
            let rows = fields.choices.with_value(|choices| choices.of(prefixes));
            view! { <RowsField input label hint rows/> }.into_any()
        }
        Control::Target => {
            let options = fields.choices.with_value(|choices| choices.targets());
            view! { <TargetField input label hint optional options/> }.into_any()
        }
    }
}

/// A list that is incomplete has the field's own value all the same.
pub fn with_own(input: Input, mut options: Vec<(String, String)>) -> Vec<(String, String)> {
    let own = input.value.get_untracked();
    if !options.iter().any(|(value, _)| *value == own) {
        options.push((own.clone(), own));
    }
    options
}
