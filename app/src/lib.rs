//! Trunkline's console. The server renders its pages whole, so that they read and submit without JavaScript; in the
//! browser the same code takes forms over that check while one types, and [`served`] keeps all other pages current.
//!
//! There is one JSON API for everything: [`api`] calls the services on the server and `/api/v1` in the browser.

mod api;
mod app;
mod clock;
#[cfg_attr(
    not(any(feature = "ssr", debug_assertions)),
    expect(
        dead_code,
        unused_imports,
        reason = "the server and the designers' page show all of them, the browser some"
    )
)]
mod components;
mod hydrated;
mod live;
mod pages;
mod served;
mod session;
#[cfg(feature = "ssr")]
mod shell;
mod submitted;
pub mod urls;

/// The carrier guide's texts.
#[cfg(feature = "ssr")]
pub mod guide {
    pub use crate::pages::guide::{TOPICS, text::html};
}

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::{Assets, shell};
pub use submitted::{RenderedAt, Submitted};

/// Takes over the page in the browser. `data-hydrated` on `<html>` says when it is done.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    use leptos::prelude::{document, set_timeout};

    leptos::mount::hydrate_body(App);
    // Effects run in microtasks; a task later, listeners are in place.
    set_timeout(
        || {
            if let Some(html) = document().document_element() {
                let _ = html.set_attribute("data-hydrated", "true");
            }
        },
        std::time::Duration::ZERO,
    );
}
