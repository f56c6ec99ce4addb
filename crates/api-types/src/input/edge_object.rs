use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The fields of an object of the edge as a form of the console sends them: by name, as texts, with the `version` that was
/// read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EdgeObjectInput(pub BTreeMap<String, String>);
