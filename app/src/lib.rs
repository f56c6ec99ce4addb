//! Trunkline's console. The server renders complete pages, which work without JavaScript. In the browser the same code
//! hydrates them.
//!
//! [`server_fns`] calls the services: on the server directly, in the browser by `/api/fn`.

mod app;
mod clock;
#[cfg_attr(
    not(debug_assertions),
    expect(
        dead_code,
        unused_imports,
        reason = "the design page of development builds uses all of them, the other pages only some"
    )
)]
mod components;
mod hydrated;
mod live;
mod pages;
mod server_fns;
mod session;
#[cfg(feature = "ssr")]
mod shell;
mod status;
mod submitted;
pub mod urls;

/// The server functions that forms are posted to.
#[cfg(feature = "ssr")]
pub mod functions {
    pub use crate::server_fns::{
        api_key::{CreateApiKey, DeleteApiKey, UpdateApiKey},
        bot::{CreateBot, DeleteBot, UpdateBot},
        call::UpdateCallSettings,
        carrier::{CreateCarrier, DeleteCarrier, SyncCarrier, UpdateCarrier},
        did::{AddDid, BulkAllDids, BulkDids, RemoveDid, UpdateDid},
        drift::{AdoptTrunk, ApplyDrift, RemoveOrphans},
        edge_ban::LiftBan,
        edge_live::ResetLive,
        edge_object::{CreateEdgeObject, DeleteEdgeObject, UpdateEdgeObject},
        exotel::{DisconnectExotel, ImportExotel, SaveExotel, TestExotel},
        fleet_server::{CreateFleetServer, DeleteFleetServer, UpdateFleetServer},
        integration::{DisconnectIntegration, SaveIntegration, TestIntegration},
        number::{DeleteNumber, RegisterNumber},
        number_purchase::{GiveUpPurchase, MarkPurchaseReleased, ReleasePurchase, RequestPurchase, RetryPurchase},
        own_account::{ChangePassword, EndOwnSession, EndOwnSessions},
        password_link::AcceptPasswordLink,
        session::{LogIn, LogOut, SetUp},
        user::{CreateUserLink, DeleteUser, EndUserSessions, InviteUser, UpdateUser},
    };
}

/// The topics of the carrier guide.
#[cfg(feature = "ssr")]
pub mod guide {
    pub use crate::pages::guide::{TOPICS, text::html};
}

pub use app::App;
pub use server_fns::{FormFn, ServerFnProblem};
#[cfg(feature = "ssr")]
pub use server_fns::{FunctionResponse, session::SessionRequest, user::user_link};
#[cfg(feature = "ssr")]
pub use shell::{Assets, shell};
pub use submitted::Submitted;

/// Hydrates the page in the browser. `data-hydrated` on `<html>` is set when it is done.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    use leptos::prelude::{document, set_timeout};

    leptos::mount::hydrate_body(App);
    // Effects run in microtasks, so the listeners exist in the next task.
    set_timeout(
        || {
            if let Some(html) = document().document_element() {
                let _ = html.set_attribute("data-hydrated", "true");
            }
        },
        std::time::Duration::ZERO,
    );
}
