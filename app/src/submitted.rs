//! A native form that was refused and is shown again with the posted values.

use std::collections::BTreeMap;

use api_types::Problem;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A context of the server while it renders the page of a refused form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// The posted values by field name, in order, without secrets.
    pub fields: BTreeMap<String, Vec<String>>,
    pub problem: Option<Problem>,
    /// What the action would do or did, if the page shows it.
    pub outcome: Option<serde_json::Value>,
}

impl Submitted {
    /// A field's value; several values become one line each.
    pub fn value(&self, name: &str) -> Option<String> {
        self.fields.get(name).map(|values| values.join("\n"))
    }

    /// The last value: a checkbox sends its value after the hidden "false" before it.
    pub fn last(&self, name: &str) -> Option<String> {
        self.fields.get(name).and_then(|values| values.last().cloned())
    }
}

#[derive(Clone, Copy)]
struct RefusedForm(StoredValue<Option<Submitted>>);

/// Provides the server's context to both renderings.
pub fn provide_submitted() {
    let submitted = StoredValue::new(SharedValue::new(use_context::<Submitted>).into_inner());
    provide_context(RefusedForm(submitted));
    // Only for the page of this response, which is hydrated by the next task, and not for later ones.
    if cfg!(feature = "hydrate") {
        set_timeout(move || submitted.set_value(None), std::time::Duration::ZERO);
    }
}

/// The refused form, during the first rendering of the page.
pub fn submitted() -> Option<Submitted> {
    use_context::<RefusedForm>()?.0.get_value()
}
