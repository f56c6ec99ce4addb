//! Where one is in a page whose HTML is exchanged: the focus, what is being typed, what is unfolded.

use leptos::{
    prelude::document,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlDetailsElement, HtmlElement, HtmlInputElement},
};

/// An element, to be found again among others: by its id, its name, its address or what it copies; a button also by what
/// it sends, so that its twin can stand in for it.
#[derive(Clone)]
pub struct Key {
    own: Option<(&'static str, String)>,
    action: Option<String>,
}

impl Key {
    pub fn of(element: &Element) -> Self {
        // What unfolds goes by the name of what it unfolds.
        let summary = element.tag_name() == "SUMMARY";
        let named = element.parent_element().filter(|_| summary).unwrap_or_else(|| element.clone());
        let own = ["id", "name", "href", "data-copy"]
            .into_iter()
            .find_map(|attribute| Some((attribute, named.get_attribute(attribute)?)));
        let action = (element.get_attribute("type").as_deref() == Some("submit")).then(|| sends(element)).flatten();
        Self { own, action }
    }

    fn find(&self, within: &Element) -> Option<HtmlElement> {
        let own = self.own.as_ref().and_then(|(attribute, value)| {
            all(within, &format!("[{attribute}]"))
                .find(|element| element.get_attribute(attribute).as_ref() == Some(value))
        });
        let found = own.or_else(|| {
            let action = self.action.as_ref()?;
            all(within, "[type=submit]").find(|button| sends(button).as_ref() == Some(action))
        })?;
        let summary = found.query_selector(":scope > summary").ok().flatten();
        summary.unwrap_or(found).dyn_into().ok()
    }
}

/// Where the element's form goes.
fn sends(element: &Element) -> Option<String> {
    element.closest("form").ok()??.get_attribute("action")
}

/// What there was before an exchange.
pub struct Before {
    focused: Option<Key>,
    /// Something in the page had the focus.
    had_focus: bool,
    /// A search that is being typed, and where: it may be further on than what the page answers.
    typed: Option<(String, Option<u32>)>,
    /// By id.
    unfolded: Vec<String>,
    dialog: bool,
    /// By name. The server never sends one back.
    secrets: Vec<(String, String)>,
}

impl Before {
    pub fn of(page: &Element) -> Self {
        let active = document().active_element().filter(|active| page.contains(Some(active)));
        let typed =
            active.as_ref().and_then(|active| active.dyn_ref::<HtmlInputElement>()).filter(|input| is_search(input));
        Self {
            focused: active.as_ref().map(Key::of),
            had_focus: active.is_some(),
            typed: typed.map(|input| (input.value(), input.selection_start().ok().flatten())),
            unfolded: unfolding(page).filter(|details| details.open()).map(|details| details.id()).collect(),
            dialog: dialog(page).is_some(),
            secrets: secrets(page).map(|input| (input.name(), input.value())).collect(),
        }
    }

    /// The focus where it was, or where the answer wants it. `opener` is what opened the dialog that may be gone now.
    pub fn restore(self, page: &Element, opener: &mut Option<Key>, refused: bool) {
        // What the server unfolds stays so, too.
        for details in unfolding(page).filter(|details| self.unfolded.contains(&details.id())) {
            details.set_open(true);
        }
        if refused {
            for input in secrets(page) {
                if let Some((_, typed)) = self.secrets.iter().find(|(name, _)| *name == input.name()) {
                    input.set_value(typed);
                }
            }
        }
        let key = match (self.dialog, dialog(page).is_some()) {
            // A dialog takes the focus by itself.
            (false, true) => {
                opener.clone_from(&self.focused);
                None
            }
            (true, false) => opener.take(),
            _ => self.focused,
        };
        let wanted = if refused { "[aria-invalid=true], [role=alert]" } else { "[autofocus]" };
        let wanted = all(page, wanted).next().and_then(|element| element.dyn_into::<HtmlElement>().ok());
        let closed = self.dialog && dialog(page).is_none();
        let found = key
            .and_then(|key| key.find(page))
            .or_else(|| rest(page).filter(|_| closed))
            .or_else(|| beginning().filter(|_| closed || self.had_focus && dialog(page).is_none()));
        let Some(element) = (if refused { wanted.or(found) } else { found.or(wanted) }) else { return };
        if refused && element.tab_index() < 0 {
            element.set_tab_index(-1);
        }
        let _ = element.focus();
        if let (Some((text, place)), Some(input)) = (self.typed, element.dyn_ref::<HtmlInputElement>()) {
            input.set_value(&text);
            let _ = input.set_selection_start(place);
            let _ = input.set_selection_end(place);
        }
    }
}

/// Where one goes on after a dialog whose opener is gone.
fn rest(page: &Element) -> Option<HtmlElement> {
    page.query_selector("[data-rest]").ok()??.dyn_into().ok()
}

fn beginning() -> Option<HtmlElement> {
    document().get_element_by_id("content")?.dyn_into().ok()
}

fn is_search(input: &HtmlInputElement) -> bool {
    input.closest("[role=search]").ok().flatten().is_some()
}

pub fn dialog(page: &Element) -> Option<Element> {
    page.query_selector("dialog[open]").ok().flatten()
}

pub fn all(within: &Element, selector: &str) -> impl Iterator<Item = Element> + use<> {
    let found = within.query_selector_all(selector).ok();
    let count = found.as_ref().map_or(0, |found| found.length());
    (0..count).filter_map(move |place| found.as_ref()?.item(place)?.dyn_into().ok())
}

fn secrets(page: &Element) -> impl Iterator<Item = HtmlInputElement> + use<> {
    all(page, "input[type=password]").filter_map(|element| element.dyn_into().ok())
}

fn unfolding(page: &Element) -> impl Iterator<Item = HtmlDetailsElement> + use<> {
    all(page, "details[id]").filter_map(|element| element.dyn_into().ok())
}
