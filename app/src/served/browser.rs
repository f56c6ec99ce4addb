//! The browser's half: holds the server's HTML, and exchanges it where one would load a page.

use std::time::Duration;

use domain::{
    Problem,
    view::{Change, ChangeKind, ChangedNoun},
};
use leptos::{
    ev::{self, Event, MouseEvent, SubmitEvent},
    html,
    leptos_dom::helpers::debounce,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{
        DocumentFragment, Element, HtmlAnchorElement, HtmlDialogElement, HtmlFormElement, HtmlInputElement,
        HtmlTextAreaElement,
    },
};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use send_wrapper::SendWrapper;

use super::{
    Page,
    document::{self, Document, Shown},
    focus::{Before, Key, all, dialog},
    helpers,
};
use crate::{
    clock::use_clock,
    components::{
        form::guard_leaving,
        ui::{ToastState, use_toasts},
    },
    live::on_changes,
    urls,
};

/// Changes come in bursts; one exchange shows them all.
const GATHER: Duration = Duration::from_millis(250);
/// How long a search waits for the next letter.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Clone, Copy)]
struct Held {
    element: NodeRef<html::Div>,
    awaited: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    toasts: ToastState,
    busy: RwSignal<bool>,
    title: RwSignal<String>,
    /// Path and query of what is shown, or will be.
    address: StoredValue<String>,
    /// The HTML as it came: the page itself changes under its dialogs and fields.
    html: StoredValue<String>,
    /// Counts the requests; only the answer to the last one is shown.
    asked: StoredValue<u32>,
    /// A change was heard of that is not shown, for the sake of what one was doing.
    missed: StoredValue<bool>,
    /// What opened the dialog.
    opener: StoredValue<Option<Key>>,
    /// The form that was sent for a preview, with all that was chosen in it.
    previous: StoredValue<Option<SendWrapper<DocumentFragment>>>,
}

pub fn hold(page: Page, awaited: RwSignal<bool>, problem: RwSignal<Option<Problem>>) -> (AnyView, Callback<()>) {
    let held = Held {
        element: NodeRef::new(),
        awaited,
        problem,
        toasts: use_toasts(),
        busy: RwSignal::new(false),
        title: RwSignal::new(bare_title(&document().title())),
        address: StoredValue::new(String::new()),
        html: StoredValue::new(String::new()),
        asked: StoredValue::new(0),
        missed: StoredValue::new(false),
        opener: StoredValue::new(None),
        previous: StoredValue::new(None),
    };
    held.follow(page);
    held.stay_current(page);
    let navigate = SendWrapper::new(use_navigate());
    let go = Callback::new(move |(address, replace): (String, bool)| {
        navigate(&address, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    });
    let click = move |event: MouseEvent| {
        let Some(target) = target(&event) else { return };
        helpers::copy(&target, held.toasts);
        helpers::choose_all(&target);
        held.follow_link(&event, &target);
    };
    let submit = move |event: SubmitEvent| held.submit(&event, go);
    let mut later = debounce(PAUSE, move |form: SendWrapper<HtmlFormElement>| search(&form, go));
    let typed = move |event: Event| {
        let form = target(&event).and_then(|field| instant(&field));
        if let Some(form) = form {
            later(SendWrapper::new(form));
        }
    };
    let changed = move |event: Event| {
        let Some(field) = target(&event) else { return };
        helpers::count_chosen(&field);
        if field.tag_name() == "SELECT"
            && let Some(form) = instant(&field)
        {
            search(&form, go);
        }
    };
    let view = view! {
        <Title text=move || held.title.try_get().unwrap_or_default()/>
        <div
            class="served busy-fades"
            node_ref=held.element
            aria-busy=move || held.busy.get().then_some("true")
            on:click=click
            on:submit=submit
            on:input=typed
            on:change=changed
        ></div>
    };
    (view.into_any(), Callback::new(move |()| held.load(true)))
}

impl Held {
    /// Shows what the address asks for.
    fn follow(self, page: Page) {
        let location = use_location();
        Effect::new(move |before: Option<()>| {
            let address = super::address(&location);
            let Some(element) = self.element.get() else { return };
            if !page.is_at(address.split('?').next().unwrap_or_default()) {
                return;
            }
            guard_leaving(address.clone(), move || self.has_fields(is_typed), |_| false);
            if self.address.with_value(|shown| *shown == address) {
                return;
            }
            self.address.set_value(address);
            if before.is_none() && element.first_element_child().is_some() {
                self.html.set_value(element.inner_html());
                self.bring_alive(&element);
            } else {
                self.load(true);
            }
        });
        // What is a dialog's own does not bubble.
        Effect::new(move |_| {
            let Some(element) = self.element.get() else { return };
            helpers::hear_cancel(&element);
        });
        let slash = window_event_listener(ev::keydown, move |event| helpers::find_search(&event, self.element));
        on_cleanup(move || slash.remove());
    }

    /// What others change, and how long ago things were.
    fn stay_current(self, page: Page) {
        let wanted = move |change: &Change| {
            let address = self.address.try_get_value().unwrap_or_default();
            let (path, query) = address.split_once('?').unwrap_or((&address, ""));
            match page {
                Page::Home => change.noun != ChangedNoun::Session,
                Page::Carriers => matches!(change.noun, ChangedNoun::Carrier | ChangedNoun::Integration),
                Page::CarrierLiveKit => {
                    change.noun == ChangedNoun::Carrier && urls::livekit_of(path) == Some(change.id.as_str())
                }
                Page::Bots => matches!(change.noun, ChangedNoun::Bot | ChangedNoun::Carrier),
                Page::NewBot => false,
                Page::Bot => match change.noun {
                    ChangedNoun::Bot => urls::bot_of(path) == Some(change.id.as_str()),
                    noun => noun == ChangedNoun::Carrier,
                },
                // Only its first page grows.
                Page::Audit => {
                    change.kind != ChangeKind::Synced
                        && change.noun != ChangedNoun::LiveKit
                        && !query.split('&').any(|pair| pair.starts_with("cursor="))
                }
                // With a query it is a form, or Exotel itself would be asked.
                Page::Exotel => {
                    query.is_empty() && matches!(change.noun, ChangedNoun::Carrier | ChangedNoun::Integration)
                }
            }
        };
        on_changes(GATHER, wanted, move || {
            let at_work = self.busy.get_untracked()
                || self.element.get_untracked().is_some_and(|element| dialog(&element).is_some())
                || self.has_fields(|field| is_typed(field) || is_ticked(field));
            if at_work {
                self.missed.set_value(true);
            } else {
                self.load(false);
            }
        });
        let clock = use_clock();
        Effect::new(move |_| {
            let now = clock.now();
            if let Some(element) = self.element.get() {
                helpers::tell_times(&element, now);
            }
        });
    }

    /// Whether a form has such a field.
    fn has_fields(self, such: fn(&Element) -> bool) -> bool {
        let Some(page) = self.element.get_untracked() else { return false };
        all(&page, "form[method=post] :is(input:not([type=hidden]), textarea)").any(|field| such(&field))
    }

    /// Asks for the page at the address. Where nobody is waiting for it, a failure is not worth a word.
    fn load(self, awaited: bool) {
        let address = self.address.get_value();
        let mine = self.ask(awaited);
        spawn_local(async move {
            let answer = document::get(&address).await;
            if self.is_last(mine) {
                match answer {
                    // Where nothing has changed, nothing is disturbed.
                    Ok(document) if !awaited && self.is_shown(&document) => {}
                    Ok(document) => self.show(document, false),
                    Err(problem) if awaited => {
                        self.replace(Shown { html: String::new(), title: self.title.get_untracked() }, false);
                        self.problem.set(Some(problem));
                    }
                    Err(_) => {}
                }
            }
        });
    }

    fn ask(self, awaited: bool) -> u32 {
        let mine = self.asked.get_value() + 1;
        self.asked.set_value(mine);
        self.missed.set_value(false);
        if awaited {
            self.busy.set(true);
            self.problem.set(None);
            self.awaited.set(self.html.with_value(String::is_empty));
        }
        mine
    }

    /// Whether that was the last question, and the page is still there.
    fn is_last(self, mine: u32) -> bool {
        let last = self.asked.try_get_value() == Some(mine);
        if last {
            self.busy.set(false);
            self.awaited.set(false);
        }
        last
    }

    fn is_shown(self, document: &Document) -> bool {
        document.shown.as_ref().is_some_and(|shown| self.html.with_value(|html| *html == shown.html))
    }

    /// An answer from another page is that page's to show.
    fn show(self, document: Document, refused: bool) {
        match document.shown {
            Some(shown) if !document.redirected || self.address.with_value(|here| *here == document.address) => {
                self.replace(shown, refused);
            }
            _ => {
                let _ = window().location().assign(&document.address);
            }
        }
    }

    fn replace(self, Shown { html, title }: Shown, refused: bool) {
        self.title.set(bare_title(&title));
        let Some(element) = self.element.get_untracked() else { return };
        let before = Before::of(&element);
        element.set_inner_html(&html);
        self.html.set_value(html);
        self.bring_alive(&element);
        let mut opener = self.opener.get_value();
        before.restore(&element, &mut opener, refused);
        self.opener.set_value(opener);
    }

    /// The server renders dialogs open, but not modal.
    fn bring_alive(self, page: &Element) {
        if let Some(dialog) = dialog(page).and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
            dialog.set_open(false);
            let _ = dialog.show_modal();
        }
    }

    /// A link to where one is reads anew; one that is marked so goes back to the form that asked for a preview.
    fn follow_link(self, event: &MouseEvent, target: &Element) {
        let link = target.closest("a[href]").ok().flatten().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
        let Some(link) = link.filter(|_| event.button() == 0 && !event.ctrl_key() && !event.meta_key()) else { return };
        if self.address.with_value(|here| *here != link.pathname() + &link.search()) {
            return;
        }
        event.prevent_default();
        match self.previous.get_value() {
            Some(previous) if link.has_attribute("data-back") => {
                if let Some(element) = self.element.get_untracked() {
                    element.set_inner_html("");
                    let _ = element.append_child(&previous);
                    self.html.set_value(element.inner_html());
                    self.previous.set_value(None);
                }
            }
            _ => self.load(true),
        }
    }

    fn submit(self, event: &SubmitEvent, go: Callback<(String, bool)>) {
        let Some(form) = target(event).and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
        let button = event.submitter().and_then(|button| button.dyn_into::<Element>().ok());
        match form.method().as_str() {
            "get" => {
                event.prevent_default();
                go.run((helpers::address(&form), false));
            }
            "post" => {
                event.prevent_default();
                self.send(&form, button, go);
            }
            // The browser closes the dialog about two versions of a row.
            _ => {
                let page = self.element.get_untracked();
                let edited = page.and_then(|page| page.query_selector("form.form-page").ok().flatten());
                let edited = edited.and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
                let (Some(form), Some(button)) = (edited, button) else { return };
                if button.has_attribute("data-save") {
                    self.send(&form, None, go);
                } else if let Some(version) = button.get_attribute("data-unsettled") {
                    helpers::set_version(&form, &version);
                }
            }
        }
    }

    /// Sends a form as the browser would; its button says so meanwhile.
    fn send(self, form: &HtmlFormElement, button: Option<Element>, go: Callback<(String, bool)>) {
        if self.busy.get_untracked() {
            return;
        }
        let told = button.as_ref().map(helpers::tell_busy);
        let done = helpers::done(form);
        let (action, body) = (form.get_attribute("action").unwrap_or_default(), helpers::urlencoded(form));
        let mine = self.ask(true);
        spawn_local(async move {
            let answer = document::post(&action, body).await;
            if !self.is_last(mine) {
                return;
            }
            if let (Some(button), Some(told)) = (&button, &told) {
                helpers::tell_ready(button, told);
            }
            match answer {
                Ok(document) if document.redirected && document.address.starts_with(urls::HOME) => {
                    if let Some(done) = done {
                        self.toasts.say(done);
                    }
                    if self.address.with_value(|here| *here == document.address) {
                        self.show(document, false);
                    } else {
                        go.run((document.address, false));
                    }
                }
                // What was typed is not saved yet: nothing leads away from it.
                Ok(document) if document.address.starts_with(urls::LOGIN) => {
                    self.toasts
                        .warn("You are logged out. Log in in another tab, then send this again: it is still here.");
                }
                Ok(document) if document.shown.is_none() => {
                    let status = document.status;
                    self.toasts.warn(format!("The server did not take this ({status}). What you typed is still here."));
                }
                Ok(document) => {
                    let refused = document.is_refusal();
                    if !refused {
                        self.keep();
                    }
                    self.show(document, refused);
                }
                Err(problem) => self.toasts.warn(problem.detail),
            }
        });
    }

    /// The form that is left for its preview.
    fn keep(self) {
        let Some(element) = self.element.get_untracked() else { return };
        let kept = document().create_document_fragment();
        while let Some(child) = element.first_child() {
            let _ = kept.append_child(&child);
        }
        self.previous.set_value(Some(SendWrapper::new(kept)));
    }
}

/// Something was typed that is not sent yet.
fn is_typed(field: &Element) -> bool {
    match (field.dyn_ref::<HtmlInputElement>(), field.dyn_ref::<HtmlTextAreaElement>()) {
        (Some(input), _) => input.value() != input.default_value(),
        (_, Some(area)) => area.default_value().is_ok_and(|default| area.value() != default),
        _ => false,
    }
}

fn is_ticked(field: &Element) -> bool {
    field.dyn_ref::<HtmlInputElement>().is_some_and(|input| input.checked() != input.default_checked())
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The form of a field that takes effect at once.
fn instant(field: &Element) -> Option<HtmlFormElement> {
    field.closest("form[data-instant]").ok()??.dyn_into().ok()
}

/// What is being searched for takes no step in the history.
fn search(form: &HtmlFormElement, go: Callback<(String, bool)>) {
    go.run((helpers::address(form), true));
}

fn bare_title(title: &str) -> String {
    title.strip_suffix(crate::app::TITLE_END).unwrap_or(title).to_owned()
}
