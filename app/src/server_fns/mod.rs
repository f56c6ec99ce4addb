//! Server functions, by noun: one for each action, which calls one method of a service.
//!
//! Pages call them as plain async functions: on the server directly, in the browser by `POST /api/fn/{noun}/{action}`. The
//! arguments are the inputs of `/api/v1`. A form that is posted natively becomes the same arguments, see [`FormFn`].

pub mod api_key;
pub mod audit;
pub mod bot;
pub mod call;
pub mod carrier;
pub mod did;
pub mod drift;
pub mod edge_ban;
pub mod edge_live;
pub mod edge_object;
pub mod edge_route;
mod encoding;
mod error;
pub mod exotel;
pub mod fleet_server;
pub mod guide;
pub mod integration;
pub mod number;
pub mod number_purchase;
pub mod number_search;
pub mod overview;
pub mod own_account;
pub mod password_link;
pub mod provider;
mod read;
pub mod session;
pub mod user;

use api_types::input::FormFields;
use leptos::server_fn::ServerFn;
use serde::{Serialize, de::DeserializeOwned};

use self::encoding::Json;
#[cfg(feature = "ssr")]
pub use self::error::FunctionResponse;
pub use self::{error::ServerFnProblem, read::read};

/// A server function that a form can be posted to without JavaScript.
pub trait FormFn: ServerFn<Error = ServerFnProblem> + Serialize + DeserializeOwned + 'static {
    /// What the form has besides ids: says which fields are lists or secrets.
    type Input: FormFields;
}

/// The services and the actor of this request; 401 without a session. To be called before the first await.
#[cfg(feature = "ssr")]
fn caller() -> Result<(services::Services, services::Actor), ServerFnProblem> {
    use leptos::prelude::use_context;

    use_context().zip(use_context()).ok_or_else(|| services::Error::Unauthenticated.into())
}
