//! One module for each noun's pages.

pub mod audit;
pub mod bots;
pub mod carriers;
mod deletion;
#[cfg(debug_assertions)]
pub mod design;
pub mod entry;
pub mod guide;
pub mod home;
pub mod integrations;
pub mod not_found;

/// Where the server renders a page that is an error, the answer's status says so too.
pub fn answer_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) =
        (leptos::prelude::use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
