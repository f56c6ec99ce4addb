//! Whether the page is hydrated: false on the server and in the first rendering of the browser, which must be equal, then
//! true.

use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Hydrated(RwSignal<bool>);

pub fn provide_hydrated() {
    let hydrated = RwSignal::new(false);
    provide_context(Hydrated(hydrated));
    Effect::new(move |_| hydrated.set(true));
}

pub fn use_hydrated() -> RwSignal<bool> {
    expect_context::<Hydrated>().0
}
