//! Pages that only the server renders: those that are read more than worked on, and whose forms a browser can send by
//! itself. Their code need not be loaded with the program.
//!
//! They are whole without JavaScript. Where there is some, the browser's half exchanges their HTML instead of loading the
//! document anew: links and forms lead on within the console, what others change appears, and nothing blinks.

#[cfg(not(feature = "ssr"))]
mod browser;
#[cfg(not(feature = "ssr"))]
mod document;
#[cfg(not(feature = "ssr"))]
mod focus;
#[cfg(not(feature = "ssr"))]
mod helpers;

use api_types::Problem;
use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Location};

use crate::{
    components::ui::{Failure, Skeleton},
    pages::guide::Guide,
    urls,
};

/// A page that the server renders.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Carriers,
    /// To look at; the form that changes it is the browser's own.
    Carrier,
}

impl Page {
    /// Whether that is an address of the page. While the browser leaves for another page, it is not any more.
    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "the browser asks"))]
    fn is_at(self, address: &str, may_change: bool) -> bool {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        match self {
            Self::Carriers => path == urls::CARRIERS,
            Self::Carrier => urls::carrier_of(path).is_some() && !(may_change && query.split('&').any(is_edit)),
        }
    }
}

/// What stands instead of the page where it is not there.
#[derive(Clone, Copy)]
struct Missing {
    /// It is on its way, and nothing has been there before.
    awaited: RwSignal<bool>,
    /// It did not come.
    problem: RwSignal<Option<Problem>>,
    again: Callback<()>,
}

/// The page's address. The guide over it is none of its business.
fn address(location: &Location) -> String {
    let query = location.search.get();
    let pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_guide(pair)).collect();
    let path = location.pathname.get();
    if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
}

fn is_edit(pair: &str) -> bool {
    pair == "edit" || pair.starts_with("edit=")
}

fn is_guide(pair: &str) -> bool {
    pair == "guide" || pair.starts_with("guide=")
}

#[component]
pub fn Served(page: Page) -> impl IntoView {
    let location = use_location();
    let guide_open = Memo::new(move |_| {
        matches!(page, Page::Carriers | Page::Carrier) && location.search.with(|query| query.split('&').any(is_guide))
    });
    let location = StoredValue::new(use_location());
    let guide = move || guide_open.get().then(|| view! { <Guide close=untrack(|| location.with_value(address))/> });
    let (awaited, problem) = (RwSignal::new(false), RwSignal::new(None));
    let said = RwSignal::new(String::new());
    let (held, again) = hold(page, awaited, problem, said);
    let missing = Missing { awaited, problem, again };
    view! {
        {held}
        {move || missing.view()}
        // Told to assistive technology: what is exchanged is not.
        <p class="sr-only" role="status">{said}</p>
        {guide}
    }
    .into_any()
}

impl Missing {
    fn view(self) -> AnyView {
        match self.problem.get() {
            Some(problem) => {
                view! { <div class="card"><Failure problem retry=move || self.again.run(())/></div> }.into_any()
            }
            None if self.awaited.get() => view! { <div class="card"><Skeleton rows=6/></div> }.into_any(),
            None => ().into_any(),
        }
    }
}

#[cfg(feature = "ssr")]
fn hold(
    page: Page,
    _awaited: RwSignal<bool>,
    _problem: RwSignal<Option<Problem>>,
    _said: RwSignal<String>,
) -> (AnyView, Callback<()>) {
    use crate::pages::carriers::{CarrierListPage, CarrierReadPage};

    let content = match page {
        Page::Carriers => view! { <CarrierListPage/> }.into_any(),
        Page::Carrier => view! { <CarrierReadPage/> }.into_any(),
    };
    // The title is the page's own; the browser's half has one at this place.
    let view = view! {
        <leptos_meta::Title/>
        <div class="served busy-fades">{content}</div>
    };
    (view.into_any(), Callback::new(|()| ()))
}

#[cfg(not(feature = "ssr"))]
use browser::hold;
