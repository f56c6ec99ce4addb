use serde::de::DeserializeOwned;
use serde_json::Value;

/// A row as it is saved now.
pub struct SavedRow {
    pub version: i64,
    pub fields: Vec<SavedField>,
}

/// A saved field, formatted as in the form.
pub struct SavedField {
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
}

/// The current row in a problem. Parsed from text again, because `from_value` would add to the size of the WebAssembly.
pub fn row<T: DeserializeOwned>(current: &Value) -> Option<T> {
    serde_json::from_str(&current.to_string()).ok()
}
