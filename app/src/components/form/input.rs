use domain::FieldFault;
use leptos::{
    prelude::*,
    wasm_bindgen::JsValue,
    web_sys::{Element, js_sys::Reflect},
};

/// What one more key cannot heal: said at once, while all other faults wait until the field was left.
const HOPELESS: [&str; 6] =
    ["has_scheme", "has_user", "has_parameters", "has_blank", "unprintable_character", "foreign_digit"];

/// One field of a form: what is typed, what is wrong with it, and what was there before.
#[derive(Clone, Copy)]
pub struct Input {
    form: &'static str,
    /// As in JSON and in the posted form.
    pub name: &'static str,
    pub value: RwSignal<String>,
    pub error: RwSignal<Option<String>>,
    saved: RwSignal<String>,
    /// What the values of a choice are called, where there is one.
    words: StoredValue<Vec<(String, String)>>,
    /// Was left once: from then on it is checked at every key.
    left: RwSignal<bool>,
    check: fn(&str) -> Result<(), FieldFault>,
}

impl Input {
    pub(super) fn new(
        form: &'static str,
        name: &'static str,
        saved: String,
        typed: Option<String>,
        error: Option<String>,
        check: fn(&str) -> Result<(), FieldFault>,
    ) -> Self {
        Self {
            form,
            name,
            value: RwSignal::new(typed.unwrap_or_else(|| saved.clone())),
            left: RwSignal::new(error.is_some()),
            error: RwSignal::new(error),
            saved: RwSignal::new(saved),
            words: StoredValue::new(Vec::new()),
            check,
        }
    }

    /// Has a value told in words from now on.
    pub(super) fn call(self, words: Vec<(String, String)>) {
        self.words.set_value(words);
    }

    /// A value as the form shows it.
    pub(super) fn told(self, value: &str) -> String {
        let word =
            self.words.with_value(|words| words.iter().find(|(known, _)| known == value).map(|(_, word)| word.clone()));
        word.unwrap_or_else(|| value.to_owned())
    }

    pub(super) fn saved_untracked(self) -> String {
        self.saved.get_untracked()
    }

    /// Of the element that takes the text.
    pub fn id(self) -> String {
        format!("{}-{}", self.form, self.name)
    }

    pub fn error_id(self) -> String {
        format!("{}-{}-error", self.form, self.name)
    }

    pub fn hint_id(self) -> String {
        format!("{}-{}-hint", self.form, self.name)
    }

    /// For `aria-describedby`: the error first, because it is the news.
    pub fn described_by(self, hint: bool) -> Signal<Option<String>> {
        Signal::derive(move || match (self.error.read().is_some(), hint) {
            (true, true) => Some(format!("{} {}", self.error_id(), self.hint_id())),
            (true, false) => Some(self.error_id()),
            (false, true) => Some(self.hint_id()),
            (false, false) => None,
        })
    }

    pub fn typed(self, text: String) {
        if self.is_gone() {
            return;
        }
        self.value.set(text);
        let fault = self.value.with_untracked(|text| (self.check)(text)).err();
        let speak = self.left.get_untracked() || fault.as_ref().is_some_and(|fault| HOPELESS.contains(&fault.code));
        self.say(fault.filter(|_| speak).map(|fault| fault.message));
    }

    /// Nobody is told off for a field that was only passed through.
    pub fn blurred(self) {
        if !self.is_gone() && self.changed_untracked() {
            self.left.set(true);
            self.say(self.value.with_untracked(|text| (self.check)(text)).err().map(|fault| fault.message));
        }
    }

    pub fn refuse(self, message: String) {
        self.left.set(true);
        self.say(Some(message));
    }

    /// Another value from outside, such as what someone else saved.
    pub fn replace(self, text: String) {
        self.saved.set(text.clone());
        self.value.set(text);
        self.say(None);
    }

    pub fn accept(self) {
        let _ = self.saved.try_set(self.value.get_untracked());
        self.say(None);
    }

    /// What a merge starts from, where the field is kept but what was saved has moved on.
    pub fn rebase(self, saved: String) {
        self.saved.set(saved);
    }

    pub fn changed(self) -> bool {
        *self.value.read() != *self.saved.read()
    }

    pub fn changed_untracked(self) -> bool {
        *self.value.read_untracked() != *self.saved.read_untracked()
    }

    /// Taking a focused element out of the page blurs it, when its form is no more.
    fn is_gone(self) -> bool {
        self.value.is_disposed()
    }

    fn say(self, message: Option<String>) {
        if *self.error.read_untracked() != message {
            self.error.set(message);
        }
    }
}

/// Keeps an element's `value` and the signal in step. The first time the element wins: what was typed before the page
/// came hydrated counts.
pub fn follow_dom(input: Input, element: impl Fn() -> Option<Element> + 'static) {
    Effect::new(move |before: Option<()>| {
        let wanted = input.value.get();
        let Some(element) = element() else { return };
        let key = JsValue::from_str("value");
        let shown = Reflect::get(&element, &key).ok().and_then(|shown| shown.as_string()).unwrap_or_default();
        if shown == wanted {
            return;
        }
        if before.is_none() {
            input.value.set(shown);
        } else {
            let _ = Reflect::set(&element, &key, &JsValue::from_str(&wanted));
        }
    });
}
