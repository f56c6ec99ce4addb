//! The one API, by noun: on the server a call of the service, in the browser, for the pages that run there, a request to
//! `/api/v1`.
//!
//! Pages only read while the server renders them; changes are made by the browser, or by a form that the server takes
//! itself.

#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod bot;
pub mod carrier;
#[cfg(feature = "ssr")]
pub mod drift;
#[cfg(feature = "hydrate")]
pub mod events;
#[cfg(feature = "ssr")]
pub mod exotel;
pub mod guide;
pub mod http;
#[cfg(feature = "ssr")]
pub mod overview;
pub mod provider;
pub mod session;

#[cfg(feature = "ssr")]
mod server {
    use api_types::Problem;
    use leptos::prelude::use_context;
    use services::{Actor, Services};

    /// What answers, and who asks. To be called before the first await: contexts belong to the caller.
    pub fn caller() -> Option<(Services, Actor)> {
        Some((use_context()?, use_context()?))
    }

    pub fn nobody() -> Problem {
        Problem::new(401, "unauthenticated", "Not logged in", "Log in to go on.")
    }
}
