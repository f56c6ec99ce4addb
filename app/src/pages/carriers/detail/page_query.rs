use domain::{Action, DidId};
use leptos_router::params::ParamsMap;

use crate::session::Session;

/// What the page's address asks for apart from the table of DIDs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageQuery {
    pub edit: bool,
    pub guide: bool,
    pub dialog: OpenDialog,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum OpenDialog {
    #[default]
    None,
    DeleteCarrier,
    AddDid,
    EditDid(DidId),
    RemoveDid(DidId),
    AssignBot,
    ChangeDirection,
    RemoveSelected,
}

impl PageQuery {
    /// Without the role for it, what changes something stays closed.
    pub fn read(params: &ParamsMap, session: &Session) -> Self {
        let has = |name: &str| params.get_str(name).is_some();
        let may_change = session.may(Action::UpdateCarrier);
        Self {
            edit: may_change && has("edit"),
            guide: has("guide"),
            dialog: if may_change { OpenDialog::read(params, session) } else { OpenDialog::None },
        }
    }
}

impl OpenDialog {
    fn read(params: &ParamsMap, session: &Session) -> Self {
        let has = |name: &str| params.get_str(name).is_some();
        let did = |name: &str| params.get_str(name).and_then(|id| id.parse::<DidId>().ok());
        if has("edit") {
            Self::None
        } else if has("delete") {
            if session.may(Action::DeleteCarrier) { Self::DeleteCarrier } else { Self::None }
        } else if params.get_str("did") == Some("new") {
            Self::AddDid
        } else if has("assign-bot") {
            Self::AssignBot
        } else if has("change-direction") {
            Self::ChangeDirection
        } else if has("remove-selected") {
            Self::RemoveSelected
        } else {
            did("did").map(Self::EditDid).or_else(|| did("remove").map(Self::RemoveDid)).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use api_types::view::UserView;
    use domain::Role;

    use super::*;

    fn read(role: Role, params: &[(&'static str, &str)]) -> PageQuery {
        let user: UserView = serde_json::from_value(serde_json::json!({
            "id": "usr_01hf7yat000000000000000000",
            "email": "ops@example.com",
            "role": role,
        }))
        .unwrap();
        PageQuery::read(&params.iter().copied().collect(), &Session { user: Some(user), ..Session::default() })
    }

    #[test]
    fn each_dialog_has_its_parameter() {
        let did = "did_01hf7yat000000000000000000";
        let id: DidId = did.parse().unwrap();
        for (params, dialog) in [
            (&[("did", "new")][..], OpenDialog::AddDid),
            (&[("did", did)], OpenDialog::EditDid(id.clone())),
            (&[("remove", did)], OpenDialog::RemoveDid(id)),
            (&[("did", "nonsense")], OpenDialog::None),
            (&[("delete", "1")], OpenDialog::DeleteCarrier),
            (&[("assign-bot", "1"), ("q", "415")], OpenDialog::AssignBot),
            (&[("remove-selected", "1")], OpenDialog::RemoveSelected),
            (&[("edit", "1"), ("delete", "1")], OpenDialog::None),
        ] {
            assert_eq!(read(Role::Admin, params).dialog, dialog, "{params:?}");
        }
    }

    #[test]
    fn viewer_opens_only_the_guide() {
        let asked = read(Role::Viewer, &[("edit", "1"), ("delete", "1"), ("guide", "1")]);
        assert_eq!(asked, PageQuery { guide: true, ..PageQuery::default() });
        assert_eq!(read(Role::Developer, &[("delete", "1")]).dialog, OpenDialog::None);
    }
}
