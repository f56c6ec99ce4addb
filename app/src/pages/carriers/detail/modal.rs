use domain::DidId;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::{
    context::CarrierContext, delete_dialog::delete_dialog, did_dialog::did_dialog, remove_dialog::remove_dialog,
};
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
    /// Without the role for it, a dialog that changes something stays closed.
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

    pub fn view(&self, context: &CarrierContext) -> Option<AnyView> {
        let number = |id: &DidId| context.carrier.dids.iter().find(|did| did.id == *id);
        match self {
            Self::AddNumber => Some(did_dialog(context, None)),
            Self::EditNumber(id) => number(id).map(|did| did_dialog(context, Some(did))),
            Self::RemoveNumber(id) => number(id).map(|did| remove_dialog(context, did)),
            Self::DeleteCarrier if use_session().may_delete_carriers() => Some(delete_dialog(context)),
            Self::DeleteCarrier | Self::None => None,
        }
    }
}
