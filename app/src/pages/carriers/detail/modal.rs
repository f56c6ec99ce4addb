use domain::DidId;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::{delete_dialog::delete_dialog, did_dialog::did_dialog, remove_dialog::remove_dialog, view::Seen};
use crate::session::use_session;

/// The dialog that the address asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Modal {
    None,
    AddNumber,
    EditNumber(DidId),
    RemoveNumber(DidId),
    DeleteCarrier,
}

impl Modal {
    /// Dialogs that change something open only for those who may.
    pub fn read(params: &ParamsMap, may_change: bool) -> Self {
        let did = |name: &str| params.get_str(name).and_then(|id| id.parse::<DidId>().ok());
        if !may_change {
            return Self::None;
        }
        if params.get_str("delete").is_some() {
            return Self::DeleteCarrier;
        }
        if params.get_str("did") == Some("new") {
            return Self::AddNumber;
        }
        did("did").map(Self::EditNumber).or_else(|| did("remove").map(Self::RemoveNumber)).unwrap_or(Self::None)
    }
    pub fn view(&self, seen: &Seen) -> Option<AnyView> {
        let number = |id: &DidId| seen.carrier.dids.iter().find(|did| did.id == *id);
        match self {
            Self::AddNumber => Some(did_dialog(seen, None)),
            Self::EditNumber(id) => number(id).map(|did| did_dialog(seen, Some(did))),
            Self::RemoveNumber(id) => number(id).map(|did| remove_dialog(seen, did)),
            Self::DeleteCarrier if use_session().may_delete_carriers() => Some(delete_dialog(seen)),
            Self::DeleteCarrier | Self::None => None,
        }
    }
}
