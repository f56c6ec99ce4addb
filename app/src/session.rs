//! The user of the session, and whether the server uses the sandbox.

use api_types::view::UserView;
use domain::Role;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Set once by the server, because login and logout reload the page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Session {
    pub user: Option<UserView>,
    /// LiveKit is simulated in the server's process.
    pub sandbox: bool,
    /// The revision of the events that the rendered page includes.
    pub revision: String,
}

impl Session {
    /// Whether the user may change carriers, numbers and bots.
    pub fn may_change(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.role >= Role::Developer)
    }

    /// Whether the user may change the credentials of a provider.
    pub fn may_connect(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.role >= Role::Admin)
    }

    /// Whether the user may see and change API keys.
    pub fn may_manage_api_keys(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.role >= Role::Admin)
    }

    /// Whether the user may delete carriers.
    pub fn may_delete_carriers(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.role >= Role::Admin)
    }
}

pub fn provide_session() {
    provide_context(SharedValue::new(read).into_inner());
}

pub fn use_session() -> Session {
    expect_context()
}

#[cfg(feature = "ssr")]
fn read() -> Session {
    Session {
        user: use_context::<services::Actor>().and_then(|actor| actor.user().cloned()),
        sandbox: use_context::<services::Services>().is_some_and(|services| services.sandbox),
        revision: use_context::<services::Services>().map(|services| services.events.revision()).unwrap_or_default(),
    }
}

#[cfg(not(feature = "ssr"))]
fn read() -> Session {
    Session::default()
}
