//! Calls of the API, by noun: on the server directly to the service, in the browser a request to `/api/v1`.
//!
//! While the server renders a page it only reads. Changes come from the browser, as JSON or as a posted form.

#[cfg(feature = "ssr")]
pub mod bot;
pub mod carrier;
#[cfg(feature = "ssr")]
pub mod exotel;
pub mod guide;
pub mod http;
pub mod provider;

#[cfg(feature = "ssr")]
mod server {
    use api_types::Problem;
    use leptos::prelude::use_context;
    use services::{Actor, Services};

    /// The services and the actor of this request; 401 without a session. To be called before the first await, because
    /// contexts are gone after it.
    pub fn caller() -> Result<(Services, Actor), Problem> {
        use_context()
            .zip(use_context())
            .ok_or_else(|| Problem::new(401, "unauthenticated", "Not logged in", "Log in to go on."))
    }
}
