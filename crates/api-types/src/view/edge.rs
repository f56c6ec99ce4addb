use std::collections::BTreeMap;

use domain::{
    Timestamp,
    edge::{EdgeNoun, EdgeObject},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An object of the SIP edge: its settings, and what every object has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(bound = "")]
pub struct EdgeView<S: EdgeNoun> {
    /// Id of the row.
    #[schema(value_type = String)]
    pub id: S::Id,
    /// What it is called in lists and in the audit log.
    pub label: String,
    /// The settings.
    #[serde(flatten)]
    pub settings: S,
    /// The names of the rows that the settings name, by id: objects of the edge, carriers, bots, and DIDs by number.
    pub names: BTreeMap<String, String>,
    /// When the object was created.
    pub created_at: Timestamp,
    /// When the settings were changed last.
    pub updated_at: Timestamp,
    /// Increases with each change of the settings.
    pub version: i64,
}

impl<S: EdgeNoun> EdgeView<S> {
    /// The object with its name, and the names of all rows that are known, of which it keeps those that it names.
    pub fn new(object: &EdgeObject<S>, label: String, names: &BTreeMap<String, String>) -> Self {
        let EdgeObject { id, settings, created_at, updated_at, version, .. } = object.clone();
        let references = settings.references().into_iter();
        let names = references.filter_map(|to| names.get(&to.id).map(|name| (to.id, name.clone()))).collect();
        Self { id, label, settings, names, created_at, updated_at, version }
    }
}

/// A page of a list of the SIP edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(bound = "")]
pub struct EdgePage<S: EdgeNoun> {
    /// The objects by name.
    pub items: Vec<EdgeView<S>>,
    /// The cursor of the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// The query of the lists of `/api/v1/edge`, and of their pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EdgeQuery {
    /// Part of the name, in any case.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Only objects that name the row with this id, such as the devices of an edge user.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub references: String,
    /// 1 to 200; 50 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
