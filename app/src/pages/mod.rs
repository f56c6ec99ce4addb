//! One module for the pages of each noun. Pages that only the server renders are in `cfg(ssr)` (see [`crate::served`]).

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

/// Sets the HTTP status when the server renders an error page.
pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) =
        (leptos::prelude::use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
