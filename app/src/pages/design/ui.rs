use api_types::Problem;
use domain::Timestamp;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::stage::{Sample, Theme, sample, state};
use crate::{clock::use_clock, components::ui::*, urls};

const TONES: [(&str, Tone); 6] = [
    ("Quiet", Tone::Quiet),
    ("Accent", Tone::Accent),
    ("Info", Tone::Info),
    ("Ok", Tone::Ok),
    ("Warn", Tone::Warn),
    ("Error", Tone::Error),
];

const GLYPHS: [(&str, Glyph); 36] = [
    ("CHECK", CHECK),
    ("WARNING", WARNING),
    ("CLOCK", CLOCK),
    ("LOCK", LOCK),
    ("GLOBE", GLOBE),
    ("BOT", BOT),
    ("PLUS", PLUS),
    ("SEARCH", SEARCH),
    ("NEXT", NEXT),
    ("PREVIOUS", PREVIOUS),
    ("SORT", SORT),
    ("UP", UP),
    ("DOWN", DOWN),
    ("BOOK", BOOK),
    ("REFRESH", REFRESH),
    ("PENCIL", PENCIL),
    ("TRASH", TRASH),
    ("X", X),
    ("SUN_MOON", SUN_MOON),
    ("LOG_OUT", LOG_OUT),
    ("MENU", MENU),
    ("ROUTE", ROUTE),
    ("COPY", COPY),
    ("INFO", INFO),
    ("SHIELD_ALERT", SHIELD_ALERT),
    ("SHIELD_OFF", SHIELD_OFF),
    ("BOTH_WAYS", BOTH_WAYS),
    ("INWARD", INWARD),
    ("OUTWARD", OUTWARD),
    ("ALERT", ALERT),
    ("EYE", EYE),
    ("EYE_OFF", EYE_OFF),
    ("LOADER", LOADER),
    ("UNPLUG", UNPLUG),
    ("HASH", HASH),
    ("LINK", LINK),
];

pub fn samples() -> Vec<Sample> {
    vec![
        sample("Badge", "ui/badge.rs", badges),
        sample("Banner", "ui/banner.rs", banners),
        sample("Counts", "ui/count.rs", counts),
        sample("Dialog", "ui/dialog.rs", |_| opener("dialog")),
        sample("EmptyState", "ui/empty_state.rs", empty),
        sample("Failure", "ui/failure.rs", failure),
        sample("Icons", "ui/icon.rs", icons),
        sample("RelativeTime", "ui/relative_time.rs", times),
        sample("Skeleton", "ui/skeleton.rs", |_| view! { <Skeleton rows=3/> }.into_any()),
        sample("Toast", "ui/toast.rs", toasts),
    ]
}

fn badges(_: Theme) -> AnyView {
    let with = TONES.map(|(name, tone)| view! { <Badge tone glyph=CHECK text=name/> " " }).collect_view();
    let without = TONES.map(|(name, tone)| view! { <Badge tone text=name/> " " }).collect_view();
    view! { {state("With an icon", with)} {state("Without", without)} }.into_any()
}

fn banners(_: Theme) -> AnyView {
    let titled = TONES
        .map(|(name, tone)| view! { <Banner tone title=name>"What is the case, and what to do about it."</Banner> })
        .collect_view();
    view! {
        {state("With a title", titled)}
        {state("Text alone", view! { <Banner tone=Tone::Info>"What is the case."</Banner> })}
    }
    .into_any()
}

fn counts(_: Theme) -> AnyView {
    let text = [counted(1, "number", "numbers"), counted(1_217, "number", "numbers"), grouped(1_234_567)].join(" · ");
    view! { <p class="num">{text}</p> }.into_any()
}

/// Only one dialog can be open, so both themes share it.
pub fn opener(what: &'static str) -> AnyView {
    view! { <a class="btn" href=format!("{}?open={what}", urls::DESIGN) data-noscroll="">"Open it"</a> }.into_any()
}

/// Whether the address says that it is open.
pub fn is_open(what: &'static str) -> Memo<bool> {
    let params = use_query_map();
    Memo::new(move |_| params.with(|params| params.get_str("open") == Some(what)))
}

/// The dialog over the page.
pub fn opened() -> AnyView {
    let open = is_open("dialog");
    view! {
        {move || {
            open.get()
                .then(|| view! {
                    <Dialog title="A dialog" close=urls::DESIGN class="dialog">
                        <div class="dialog-body"><p>"Esc, the cross and Cancel close it; the focus stays inside."</p></div>
                        <footer class="dialog-foot">
                            <a class="btn" href=urls::DESIGN data-noscroll="">"Cancel"</a>
                            <button type="button" class="btn-danger-solid">"Delete"</button>
                            <button type="button" class="btn-primary">"Save"</button>
                        </footer>
                    </Dialog>
                })
        }}
    }
    .into_any()
}

fn empty(_: Theme) -> AnyView {
    let act = view! {
        <EmptyState glyph=ROUTE title="No carriers yet" text="Why there is nothing, and what to do.">
            <button type="button" class="btn-primary">{icon(PLUS)} "Add the first"</button>
            <button type="button" class="btn">"Read the guide"</button>
        </EmptyState>
    };
    view! {
        {state("With something to do", act)}
        {state("Without", view! { <EmptyState glyph=SEARCH title="Nothing found" text="Neither a name nor an address contains it."/> })}
    }
    .into_any()
}

fn failure(_: Theme) -> AnyView {
    let problem =
        Problem::new(0, "offline", "No connection", "The server does not answer. Check the connection and try again.");
    view! { <Failure problem retry=|| ()/> }.into_any()
}

fn icons(_: Theme) -> AnyView {
    let all = GLYPHS.map(|(name, glyph)| view! { <li>{icon(glyph)} <code>{name}</code></li> }).collect_view();
    view! { <ul class="design-icons">{all}</ul> }.into_any()
}

fn times(_: Theme) -> AnyView {
    let now = use_clock();
    let ago = |seconds: i64| -> Timestamp { untrack(|| now.now()).plus_millis(-seconds * 1_000) };
    let all = [3, 360, 7_200, 86_400, 8_000_000, -120]
        .map(|seconds| view! { <li><RelativeTime at=ago(seconds)/></li> })
        .collect_view();
    view! { <ul>{all}</ul> }.into_any()
}

fn toasts(_: Theme) -> AnyView {
    let toasts = use_toasts();
    view! {
        <p class="flex gap-2">
            <button type="button" class="btn" on:click=move |_| toasts.success("Saved Twilio US East.")>"It went well"</button>
            <button type="button" class="btn" on:click=move |_| toasts.error("The sync failed: LiveKit did not respond.")>"It did not"</button>
        </p>
    }
    .into_any()
}
