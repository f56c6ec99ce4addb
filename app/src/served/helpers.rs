//! What a page does by itself where it is only HTML: small conveniences, asked for by attributes.

use domain::Timestamp;
use leptos::{
    ev::KeyboardEvent,
    html,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{
        Element, Event, FormData, HtmlDialogElement, HtmlElement, HtmlFormElement, HtmlInputElement, UrlSearchParams,
    },
};

use super::focus::{all, dialog};
use crate::components::ui::{ToastState, copy_text, next_try, relative};

/// `data-copy` is put on the clipboard; a path with the console's origin before it. `data-what` says what it is.
pub fn copy(pressed: &Element, toasts: ToastState) {
    let Some(button) = pressed.closest("[data-copy]").ok().flatten() else { return };
    let text = button.get_attribute("data-copy").unwrap_or_default();
    let origin = if text.starts_with('/') { window().location().origin().unwrap_or_default() } else { String::new() };
    if copy_text(&(origin + &text)) {
        let what = button.get_attribute("data-what").unwrap_or_else(|| "text".to_owned());
        toasts.success(format!("Copied the {what}."));
    } else {
        toasts.warn("This browser copies over https only: select the text instead.");
    }
}

/// A button with `data-choose` ticks all boxes of that name in its form, or none.
pub fn choose_all(pressed: &Element) {
    let Some(button) = pressed.closest("[data-choose]").ok().flatten() else { return };
    let boxes = boxes(&button);
    let on = !boxes.iter().all(HtmlInputElement::checked);
    boxes.iter().for_each(|field| field.set_checked(on));
    name_choice(&button);
}

/// The button says what it would do now.
pub fn count_chosen(field: &Element) {
    let button =
        field.closest("form").ok().flatten().and_then(|form| form.query_selector("[data-choose]").ok().flatten());
    if let Some(button) = button {
        name_choice(&button);
    }
}

fn name_choice(button: &Element) {
    let every = boxes(button).iter().all(HtmlInputElement::checked);
    button.set_text_content(Some(if every { "Choose none" } else { "Choose all" }));
}

fn boxes(button: &Element) -> Vec<HtmlInputElement> {
    let Some(form) = button.closest("form").ok().flatten() else { return Vec::new() };
    let name = button.get_attribute("data-choose").unwrap_or_default();
    all(&form, &format!("input[type=checkbox][name={name}]:enabled"))
        .filter_map(|field| field.dyn_into().ok())
        .collect()
}

/// Esc follows the dialog's closing link, so that whatever guards links guards that too, or presses the button that
/// settles nothing. The listeners go with the element; the events do not bubble.
pub fn hear_dialogs(page: &Element) {
    hear(page, "cancel", |event, dialog| {
        event.prevent_default();
        let closing = dialog.query_selector(".dialog-head a, [data-unresolved]").ok().flatten();
        click(closing);
    });
    // A second Esc closes without asking.
    hear(page, "close", |_, dialog| {
        let closing = dialog.query_selector(".dialog-head a").ok().flatten();
        if closing.is_some() {
            let _ = dialog.show_modal();
            click(closing);
        }
    });
}

fn click(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

fn hear(page: &Element, name: &str, then: fn(Event, HtmlDialogElement)) {
    let callback = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if let Some(dialog) = event.target().and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
            then(event, dialog);
        }
    });
    let callback = callback.into_js_value();
    let _ = page.add_event_listener_with_callback_and_bool(name, callback.unchecked_ref(), true);
}

/// `/` leads to the page's search from anywhere.
pub fn find_search(event: &KeyboardEvent, page: NodeRef<html::Div>) {
    if event.key() != "/" || event.ctrl_key() || event.meta_key() || event.alt_key() || is_taken(event) {
        return;
    }
    let Some(page) = page.get_untracked() else { return };
    let search =
        all(&page, "[aria-keyshortcuts='/']").next().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    if let Some(search) = search {
        event.prevent_default();
        let _ = search.focus();
        search.select();
    }
}

/// Whether the key belongs to a field, or to an open dialog.
fn is_taken(event: &KeyboardEvent) -> bool {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| element.closest("input, textarea, select, dialog").ok().flatten().is_some());
    field || document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// "2 min ago" stays true, and so does "in 4 min" (`data-next`).
pub fn tell_times(page: &Element, now: Timestamp) {
    for time in all(page, "time[data-at]") {
        if let Some(at) = time.get_attribute("data-at").and_then(|at| at.parse().ok()) {
            let at = Timestamp::from_millis(at);
            let text = if time.has_attribute("data-next") { next_try(at, now) } else { relative(at.min(now), now) };
            if time.text_content().as_ref() != Some(&text) {
                time.set_text_content(Some(&text));
            }
        }
    }
}

/// Where a form leads that asks for a page, without what it leaves blank.
pub fn address(form: &HtmlFormElement) -> String {
    let path = form.get_attribute("action").unwrap_or_default();
    let all = urlencoded(form);
    let pairs: Vec<&str> = all.split('&').filter(|pair| !pair.ends_with('=') && !pair.is_empty()).collect();
    if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
}

/// What a form sends (HTML, "URL-encoded form data").
pub fn urlencoded(form: &HtmlFormElement) -> String {
    let fields = FormData::new_with_form(form).ok();
    let pairs = fields.and_then(|fields| UrlSearchParams::new_with_str_sequence_sequence(&fields).ok());
    pairs.map(|pairs| String::from(pairs.to_string())).unwrap_or_default()
}

/// What is said once the form has been taken: `data-done`, with a field's value for `{name}` or `{number}`. What the page
/// says then (`{announcement}`) is not known yet.
pub fn done(form: &HtmlFormElement) -> Option<String> {
    let text = form.get_attribute("data-done")?;
    let fields = FormData::new_with_form(form).ok();
    let value = |name: &str| fields.as_ref().and_then(|fields| fields.get(name).as_string()).unwrap_or_default();
    Some(["name", "number"].into_iter().fold(text, |text, name| text.replace(&format!("{{{name}}}"), &value(name))))
}

/// A save that is refused as stale is so until its conflict is settled.
pub fn set_version(page: &Element, version: &str) {
    let field = page.query_selector("[name=version]").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value(version);
    }
}

/// None where no dialog is open.
pub fn warn_in_dialog(page: &Element, text: &str) -> Option<()> {
    let body = dialog(page)?.query_selector(".dialog-body").ok()??;
    let warning = document().create_element("p").ok()?;
    warning.set_class_name("banner banner-error");
    warning.set_attribute("role", "alert").ok()?;
    warning.set_attribute("data-warning", "").ok()?;
    body.insert_before(&warning, body.first_child().as_ref()).ok()?;
    warning.set_text_content(Some(text));
    warning.scroll_into_view();
    Some(())
}

/// The button says what it waits for, and gives back what it said before.
pub fn tell_busy(button: &Element) -> String {
    let before = button.inner_html();
    let _ = button.set_attribute("aria-disabled", "true");
    if let Some(text) = button.get_attribute("data-busy") {
        button.set_text_content(Some(&text));
    }
    before
}

pub fn tell_ready(button: &Element, before: &str) {
    let _ = button.remove_attribute("aria-disabled");
    button.set_inner_html(before);
}
