use leptos::prelude::*;
use serde_json::Value;

use super::SavedRow;

/// An existing row that a form changes. If someone else saves it meanwhile, the conflict dialog compares both.
#[derive(Clone, Copy)]
pub struct Editing {
    /// What the row is called: "carrier".
    pub noun: &'static str,
    /// The version that the next save refers to; see `Form::version`.
    pub version: RwSignal<String>,
    /// Reads the row that is saved now from the problem's `current`.
    pub read: fn(Value) -> Option<SavedRow>,
}
