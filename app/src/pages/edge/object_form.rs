use std::collections::BTreeMap;

use api_types::{
    input::EdgeObjectInput,
    view::{EdgeChoices, EdgeObjectForm},
};
use domain::{
    FieldErrors,
    edge::{Control, EdgeKind, FieldInfo},
};
use leptos::prelude::*;
use serde_json::Value;

use super::wording::field_label;
use crate::components::form::{Form, Input, SavedField, SavedRow, row};

/// The form of an object of any kind: one input for each field that `domain::edge` describes.
#[derive(Clone, Copy)]
pub struct ObjectForm {
    pub form: Form,
    pub fields: StoredValue<Vec<(FieldInfo, Input)>>,
    /// Only for an existing object.
    pub version: Option<RwSignal<String>>,
    /// The rows that fields may name.
    pub choices: StoredValue<EdgeChoices>,
}

impl ObjectForm {
    pub fn new(kind: EdgeKind, object: Option<&EdgeObjectForm>, choices: EdgeChoices) -> Self {
        let form = Form::new("edge-object");
        let field = |info: FieldInfo| {
            let saved = object.map_or_else(|| info.default.clone(), |object| object.text(info.name).to_owned());
            let input = match info.control {
                Control::Switch | Control::Choice(_) => form.choice(info.name, saved),
                // An existing password is kept where none is typed.
                Control::Secret if object.is_some() => form.input(info.name, saved, |_| Ok(())),
                _ => form.input(info.name, saved, info.check),
            };
            (info, input)
        };
        let fields = kind.fields().into_iter().map(field).collect();
        Self {
            form,
            fields: StoredValue::new(fields),
            version: object.map(|object| form.version(object.version)),
            choices: StoredValue::new(choices),
        }
    }

    /// Faults of single fields, by the server's own parsers.
    pub fn check(self) -> Result<(), FieldErrors> {
        let is_new = self.version.is_none();
        let mut errors = FieldErrors::default();
        self.fields.with_value(|fields| {
            for (info, input) in fields.iter().filter(|(info, _)| is_new || info.control != Control::Secret) {
                errors.record(info.name, (info.check)(&input.value.get_untracked()));
            }
        });
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    pub fn input(self) -> EdgeObjectInput {
        let mut texts = BTreeMap::new();
        self.fields.with_value(|fields| {
            for (info, input) in fields {
                let text = input.value.get_untracked();
                if info.control != Control::Secret || !text.is_empty() {
                    texts.insert(info.name.to_owned(), text);
                }
            }
        });
        texts.extend(self.version.map(|version| ("version".to_owned(), version.get_untracked())));
        EdgeObjectInput(texts)
    }
}

/// The saved object for the conflict dialog.
pub fn conflicting(json: Value) -> Option<SavedRow> {
    row(&json).map(|object: EdgeObjectForm| current(&object))
}

pub fn current(object: &EdgeObjectForm) -> SavedRow {
    let kind = EdgeKind::of_id(&object.id).unwrap_or(EdgeKind::Settings);
    let field = |info: FieldInfo| SavedField {
        name: info.name,
        label: field_label(info.name),
        value: object.text(info.name).to_owned(),
    };
    let fields = kind.fields().into_iter().filter(|info| info.control != Control::Secret).map(field).collect();
    SavedRow { version: object.version, fields }
}
