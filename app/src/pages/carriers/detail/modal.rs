use domain::DidId;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use super::{delete_dialog::DeleteDialog, number_dialog::NumberDialog, remove_dialog::RemoveDialog, state::use_detail};
use crate::{pages::guide::Guide, session::use_session};

/// The dialog that the address asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Modal {
    None,
    Guide,
    AddNumber,
    EditNumber(DidId),
    RemoveNumber(DidId),
    DeleteCarrier,
}

impl Modal {
    /// Dialogs that change something open only for those who may.
    pub fn read(params: &ParamsMap, may_change: bool) -> Self {
        let did = |name: &str| params.get_str(name).and_then(|id| id.parse::<DidId>().ok());
        if params.get_str("guide").is_some() {
            return Self::Guide;
        }
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
}

#[component]
pub fn Modals(modal: Memo<Modal>, editing: Memo<bool>) -> impl IntoView {
    let detail = use_detail();
    let may_delete = use_session().may_delete_carriers();
    move || match modal.get() {
        Modal::Guide => {
            let edit = if editing.get_untracked() { "1" } else { "" };
            view! { <Guide close=detail.href(&[("edit", edit)])/> }.into_any()
        }
        Modal::AddNumber => view! { <NumberDialog did=None/> }.into_any(),
        Modal::EditNumber(id) => detail.number(&id).map(|did| view! { <NumberDialog did=Some(did)/> }).into_any(),
        Modal::RemoveNumber(id) => detail.number(&id).map(|did| view! { <RemoveDialog did/> }).into_any(),
        Modal::DeleteCarrier if may_delete => view! { <DeleteDialog/> }.into_any(),
        Modal::DeleteCarrier | Modal::None => ().into_any(),
    }
}
