//! One module for each noun's pages. Those of the server alone are served (see [`crate::served`]).

#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod bots;
pub mod carriers;
#[cfg(debug_assertions)]
pub mod design;
pub mod entry;
#[cfg(feature = "ssr")]
pub mod exotel;
pub mod guide;
#[cfg(feature = "ssr")]
pub mod home;
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
