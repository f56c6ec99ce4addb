//! The user of the session, and whether the server uses the sandbox.

use api_types::view::UserView;
use domain::Action;
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
    /// Whether the user's role allows the action. The services check it again.
    pub fn may(&self, action: Action) -> bool {
        self.user.as_ref().is_some_and(|user| user.role.allows(action))
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
