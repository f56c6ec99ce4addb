//! A form that came back: posted natively, refused, and shown again with all that was typed.

use std::collections::BTreeMap;

use api_types::Problem;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The server provides it as a context when it renders the page of a refused form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// What was posted, by field name, in order; secrets left out.
    pub fields: BTreeMap<String, Vec<String>>,
    pub problem: Option<Problem>,
}

impl Submitted {
    /// A field's value; the list's entries by line.
    pub fn value(&self, name: &str) -> Option<String> {
        self.fields.get(name).map(|values| values.join("\n"))
    }

    /// A checkbox sends its value after the hidden "false" before it.
    pub fn last(&self, name: &str) -> Option<String> {
        self.fields.get(name).and_then(|values| values.last().cloned())
    }
}

/// The address of the page that is rendered, where the browser is at another: the one that its form was posted to. The
/// shell puts the browser right before the page comes hydrated, since both renderings go by the address.
#[derive(Clone, Debug)]
pub struct RenderedAt(pub String);

#[derive(Clone, Copy)]
struct Returned(StoredValue<Option<Submitted>>);

/// Makes the server's context known to both renderings.
pub fn provide_submitted() {
    let submitted = StoredValue::new(SharedValue::new(use_context::<Submitted>).into_inner());
    provide_context(Returned(submitted));
    // It belongs to the page that was asked for, which has come hydrated by the next task, and to no later one.
    if cfg!(feature = "hydrate") {
        set_timeout(move || submitted.set_value(None), std::time::Duration::ZERO);
    }
}

/// The form that came back; while a page is rendered for the first time.
pub fn submitted() -> Option<Submitted> {
    use_context::<Returned>()?.0.get_value()
}
