//! Whether the page has come alive: false on the server and in the first rendering of the browser, which must be the
//! same, true ever after.

use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Alive(RwSignal<bool>);

pub fn provide_alive() {
    let alive = RwSignal::new(false);
    provide_context(Alive(alive));
    Effect::new(move |_| alive.set(true));
}

pub fn use_alive() -> RwSignal<bool> {
    expect_context::<Alive>().0
}
