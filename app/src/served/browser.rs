//! The browser's half: holds the server's HTML, and exchanges it where one would load a page.

use std::time::Duration;

use api_types::{
    Problem,
    view::{Change, ChangedNoun},
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
        HtmlSelectElement, HtmlTextAreaElement,
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
        form::{focus, guard_leaving},
        ui::{ToastState, use_toasts},
    },
    live::on_changes,
    session::use_session,
    submitted::submitted,
    urls,
};

/// Changes come in bursts; one exchange shows them all.
const GATHER: Duration = Duration::from_millis(250);
/// How long a search waits for the next letter.
const PAUSE: Duration = Duration::from_millis(200);

/// What one fills in to change something.
const POSTED: &str = "form[method=post] :is(input:not([type=hidden]), textarea, select)";
/// What one fills in, but for searches that take effect at once.
const ANY: &str = "form:not([data-instant], [method=dialog]) :is(input:not([type=hidden]), textarea, select)";

#[derive(Clone, Copy)]
struct Held {
    element: NodeRef<html::Div>,
    awaited: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    /// What the page says aloud when it changes.
    said: RwSignal<String>,
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
    /// What is shown answers a form: the address alone would not bring it back.
    posted: StoredValue<bool>,
    /// The form that was sent for a preview, with all that was chosen in it.
    previous: StoredValue<Option<SendWrapper<DocumentFragment>>>,
}

pub fn hold(
    page: Page,
    awaited: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    said: RwSignal<String>,
) -> (AnyView, Callback<()>) {
    let held = Held {
        element: NodeRef::new(),
        awaited,
        problem,
        said,
        toasts: use_toasts(),
        busy: RwSignal::new(false),
        title: RwSignal::new(bare_title(&document().title())),
        address: StoredValue::new(String::new()),
        html: StoredValue::new(String::new()),
        asked: StoredValue::new(0),
        missed: StoredValue::new(false),
        opener: StoredValue::new(None),
        previous: StoredValue::new(None),
        posted: StoredValue::new(submitted().is_some()),
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
        let may_change = use_session().may_change();
        Effect::new(move |before: Option<()>| {
            let address = super::address(&location);
            let Some(element) = self.element.get() else { return };
            if !page.is_at(&address, may_change) {
                return;
            }
            let here = address.clone();
            guard_leaving(address.clone(), move || self.has_unsaved(), move |target| target == here);
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
            helpers::hear_dialogs(&element);
        });
        let slash = window_event_listener(ev::keydown, move |event| helpers::find_search(&event, self.element));
        on_cleanup(move || slash.remove());
    }

    /// What others change, and how long ago things were.
    fn stay_current(self, page: Page) {
        let wanted = move |change: &Change| {
            let address = self.address.try_get_value().unwrap_or_default();
            let path = address.split('?').next().unwrap_or_default();
            match page {
                Page::Carriers => matches!(change.noun, ChangedNoun::Carrier | ChangedNoun::Integration),
                Page::Carrier => match change.noun {
                    ChangedNoun::Carrier => urls::carrier_of(path) == Some(change.id.as_str()),
                    noun => noun == ChangedNoun::Bot,
                },
            }
        };
        on_changes(GATHER, wanted, move || {
            self.missed.set_value(true);
            self.catch_up();
        });
        let clock = use_clock();
        Effect::new(move |_| {
            let now = clock.now();
            if let Some(element) = self.element.get() {
                helpers::tell_times(&element, now);
            }
        });
    }

    fn fields(self, selector: &str) -> Vec<Element> {
        self.element.get_untracked().map(|page| all(&page, selector).collect()).unwrap_or_default()
    }

    /// Whether something would be lost by an exchange of what is not in a dialog.
    fn is_at_work(self) -> bool {
        let begun = |field: &Element| is_edited(field) && field.closest("dialog").ok().flatten().is_none();
        self.busy.get_untracked() || self.posted.get_value() || self.fields(ANY).iter().any(begun)
    }

    /// Whether something would be lost by leaving: what is begun, or what came back refused.
    fn has_unsaved(self) -> bool {
        let fields = self.fields(POSTED);
        self.posted.get_value() && !fields.is_empty() || fields.iter().any(is_edited)
    }

    /// Shows the changes that were heard of, as soon as nobody is disturbed by that.
    fn catch_up(self) {
        if self.missed.try_get_value() == Some(true) && !self.is_at_work() {
            self.load(false);
        }
    }

    /// Asks for the page at the address. Where nobody is waiting for it, a failure is not worth a word.
    fn load(self, awaited: bool) {
        let address = self.address.get_value();
        let mine = self.ask(awaited);
        spawn_local(async move {
            let answer = document::get(&address).await;
            if !self.is_last(mine) {
                return;
            }
            match answer {
                Ok(document) if awaited => self.show(document),
                Ok(document) => self.show_change(document),
                Err(problem) if awaited => {
                    self.replace(Shown { title: self.title.get_untracked(), ..Shown::default() }, false);
                    self.problem.set(Some(problem));
                }
                Err(_) => {}
            }
            self.catch_up();
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

    /// An answer from another page is that page's to show.
    fn show(self, document: Document) {
        match document.shown {
            Some(shown) if !document.redirected || self.address.with_value(|here| *here == document.address) => {
                self.posted.set_value(false);
                self.replace(shown, false);
            }
            _ => {
                let _ = window().location().assign(&document.address);
            }
        }
    }

    /// What others changed; nobody has asked for it, so that nothing may suffer from it.
    fn show_change(self, document: Document) {
        if self.is_at_work() {
            self.missed.set_value(true);
            return;
        }
        match document.shown {
            // What cannot be read now stays as it was.
            Some(_) if document.status >= 400 && document.status != 404 => {}
            Some(shown) if self.html.with_value(|html| *html == shown.html) => {}
            Some(shown) if self.is_in_dialog() => self.replace_behind(shown),
            Some(shown) => self.replace(shown, false),
            None if document.address.starts_with(urls::LOGIN) && !self.is_in_dialog() => {
                let _ = window().location().assign(&document.address);
            }
            None => {}
        }
    }

    fn replace(self, Shown { html, title, .. }: Shown, refused: bool) {
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

    fn is_in_dialog(self) -> bool {
        self.element.get_untracked().is_some_and(|page| dialog(&page).is_some())
    }

    /// Everything but the dialogs, in which one may be at work.
    fn replace_behind(self, Shown { html, title, .. }: Shown) {
        let Some(page) = self.element.get_untracked() else { return };
        let Ok(new) = document().create_element("div") else { return };
        new.set_inner_html(&html);
        all(&new, ":scope > dialog").for_each(|dialog| dialog.remove());
        all(&page, ":scope > :not(dialog)").for_each(|old| old.remove());
        let dialogs = page.first_child();
        while let Some(child) = new.first_child() {
            let _ = page.insert_before(&child, dialogs.as_ref());
        }
        self.title.set(bare_title(&title));
        self.html.set_value(html);
        self.say(&page);
    }

    /// The server renders dialogs open, but not modal.
    fn bring_alive(self, page: &Element) {
        for dialog in all(page, "dialog[open]").filter_map(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
            dialog.set_open(false);
            let _ = dialog.show_modal();
        }
        self.say(page);
    }

    fn say(self, page: &Element) {
        let said = page
            .query_selector("[data-announcement]")
            .ok()
            .flatten()
            .and_then(|said| said.get_attribute("data-announcement"));
        if let Some(said) = said.filter(|said| self.said.with_untracked(|before| before != said)) {
            self.said.set(said);
        }
    }

    /// A link to where one is reads anew; one that is marked so goes back to the form that asked for a preview.
    fn follow_link(self, event: &MouseEvent, target: &Element) {
        let link = target.closest("a[href]").ok().flatten().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
        let Some(link) = link.filter(|_| is_plain(event)) else { return };
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
                    self.posted.set_value(false);
                    focus("content".to_owned());
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
                let version = button.and_then(|button| button.get_attribute("data-unresolved"));
                if let (Some(version), Some(page)) = (version, self.element.get_untracked()) {
                    helpers::set_version(&page, &version);
                }
            }
        }
    }

    /// Sends a form as the browser would; its button says so meanwhile.
    fn send(self, form: &HtmlFormElement, button: Option<Element>, go: Callback<(String, bool)>) {
        if self.busy.get_untracked() {
            return;
        }
        self.fields("[data-warning]").iter().for_each(Element::remove);
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
                        let said = document.shown.as_ref().and_then(|shown| shown.said.as_deref()).unwrap_or_default();
                        self.toasts.success(done.replace("{announcement}", said));
                    }
                    self.posted.set_value(false);
                    if self.address.with_value(|here| *here == document.address) {
                        self.show(document);
                    } else {
                        go.run((document.address, false));
                    }
                }
                // What was typed is not saved yet: nothing leads away from it.
                Ok(document) if document.address.starts_with(urls::LOGIN) => {
                    self.warn("You are logged out. Log in in another tab, then send this again: it is still here.");
                }
                Ok(Document { shown: Some(shown), status, .. }) => {
                    let refused = status >= 400;
                    if !refused {
                        self.keep();
                    }
                    self.replace(shown, refused);
                    self.posted.set_value(true);
                }
                Ok(document) => {
                    let status = document.status;
                    self.warn(&format!("The server did not take this ({status}). What you typed is still here."));
                }
                Err(problem) => self.warn(&problem.detail),
            }
            self.catch_up();
        });
    }

    /// Why a form was not taken. A dialog makes all outside of it inert, so that it is told within.
    fn warn(self, text: &str) {
        let told = self.element.get_untracked().and_then(|page| helpers::warn_in_dialog(&page, text));
        if told.is_none() {
            self.toasts.warn(text);
        }
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

/// Something was typed, ticked or chosen that is not sent yet.
fn is_edited(field: &Element) -> bool {
    if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        let option = |selector| select.query_selector(selector).ok().flatten();
        let came = option("option[selected]").or_else(|| option("option"));
        return came.and_then(|came| came.get_attribute("value")).is_some_and(|came| came != select.value());
    }
    match (field.dyn_ref::<HtmlInputElement>(), field.dyn_ref::<HtmlTextAreaElement>()) {
        (Some(input), _) => input.value() != input.default_value() || input.checked() != input.default_checked(),
        (_, Some(area)) => area.default_value().is_ok_and(|default| area.value() != default),
        _ => false,
    }
}

/// An ordinary click: no new tab, no download.
fn is_plain(event: &MouseEvent) -> bool {
    event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key()
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
