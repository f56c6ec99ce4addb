//! Objects of the edge as the console's forms edit them: every field as text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeObjectRow {
    /// Id of the row.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The fields as texts.
    pub texts: BTreeMap<String, String>,
    /// Those that name other rows, with the rows' names.
    pub named: BTreeMap<String, String>,
}

impl EdgeObjectRow {
    /// The text of a field.
    pub fn text(&self, field: &str) -> &str {
        self.texts.get(field).map(String::as_str).unwrap_or_default()
    }

    /// The names of the rows that a field names.
    pub fn named(&self, field: &str) -> Option<&str> {
        self.named.get(field).map(String::as_str)
    }
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EdgeObjectPage {
    /// The rows.
    pub items: Vec<EdgeObjectRow>,
    /// Where the next page begins; absent on the last one.
    pub next_cursor: Option<String>,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeObjectForm {
    /// Id of the row.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Increases with each change.
    pub version: i64,
    /// The fields as texts, without secrets.
    pub texts: BTreeMap<String, String>,
}

impl EdgeObjectForm {
    /// The text of a field.
    pub fn text(&self, field: &str) -> &str {
        self.texts.get(field).map(String::as_str).unwrap_or_default()
    }
}

/// The rows that fields may name, each with its id and its name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EdgeChoices {
    /// By the prefix of their ids.
    pub rows: BTreeMap<String, Vec<(String, String)>>,
}

/// The rows that a call can go to: the prefix of their ids, the kind of target and its label.
const TARGETS: [(&str, &str, &str); 5] = [
    ("bot_", "bot", "Bot"),
    ("us_", "user", "User"),
    ("ext_", "extension", "Extension"),
    ("rg_", "ring_group", "Ring Group"),
    ("car_", "trunk", "Carrier"),
];

impl EdgeChoices {
    /// The rows with these prefixes.
    pub fn of(&self, prefixes: &[&str]) -> Vec<(String, String)> {
        prefixes.iter().filter_map(|prefix| self.rows.get(*prefix)).flatten().cloned().collect()
    }

    /// The prefixes of the rows that a call can go to.
    pub fn target_prefixes() -> impl Iterator<Item = &'static str> {
        TARGETS.iter().map(|(prefix, ..)| *prefix)
    }

    /// The targets that are rows, as `Target`'s text and a label.
    pub fn targets(&self) -> Vec<(String, String)> {
        let targets = TARGETS.iter().flat_map(|(prefix, kind, label)| {
            let rows = self.rows.get(*prefix).into_iter().flatten();
            rows.map(move |(id, name)| (format!("{kind}:{id}"), format!("{label}: {name}")))
        });
        targets.collect()
    }
}
