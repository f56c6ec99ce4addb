use domain::FieldFault;
use leptos::{
    prelude::*,
    wasm_bindgen::JsValue,
    web_sys::{Element, js_sys::Reflect},
};

/// Faults that more typing cannot resolve are shown at once. All others are shown when the field loses the focus.
const IMMEDIATE_FAULTS: [&str; 6] =
    ["has_scheme", "has_user", "has_parameters", "has_blank", "unprintable_character", "foreign_digit"];

/// One field of a form: its value, its error and its saved value.
#[derive(Clone, Copy)]
pub struct Input {
    form: &'static str,
    /// The name in JSON and in the posted form; with a dot it is that of a nested object's field.
    pub name: &'static str,
    pub value: RwSignal<String>,
    pub error: RwSignal<Option<String>>,
    saved: RwSignal<String>,
    /// Labels of the values, for a choice.
    labels: StoredValue<Vec<(String, String)>>,
    /// Lost the focus once. From then on its error is updated at every key.
    blurred: RwSignal<bool>,
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
            blurred: RwSignal::new(error.is_some()),
            error: RwSignal::new(error),
            saved: RwSignal::new(saved),
            labels: StoredValue::new(Vec::new()),
            check,
        }
    }

    /// Sets the labels of the values.
    pub(super) fn set_labels(self, labels: Vec<(String, String)>) {
        self.labels.set_value(labels);
    }

    /// The label of a value; the value itself if it has none.
    pub(super) fn label_of(self, value: &str) -> String {
        let label = self
            .labels
            .with_value(|labels| labels.iter().find(|(known, _)| known == value).map(|(_, label)| label.clone()));
        label.unwrap_or_else(|| value.to_owned())
    }

    pub(super) fn saved_untracked(self) -> String {
        self.saved.get_untracked()
    }

    /// Id of the form control. A dot would be a class in a CSS selector.
    pub fn id(self) -> String {
        format!("{}-{}", self.form, self.name.replace('.', "-"))
    }

    pub fn error_id(self) -> String {
        format!("{}-error", self.id())
    }

    pub fn hint_id(self) -> String {
        format!("{}-hint", self.id())
    }

    /// For `aria-describedby`; the error is read first.
    pub fn described_by(self, hint: bool) -> Signal<Option<String>> {
        Signal::derive(move || match (self.error.read().is_some(), hint) {
            (true, true) => Some(format!("{} {}", self.error_id(), self.hint_id())),
            (true, false) => Some(self.error_id()),
            (false, true) => Some(self.hint_id()),
            (false, false) => None,
        })
    }

    pub fn typed(self, text: String) {
        if self.is_disposed() {
            return;
        }
        self.value.set(text);
        let fault = self.value.with_untracked(|text| (self.check)(text)).err();
        let show =
            self.blurred.get_untracked() || fault.as_ref().is_some_and(|fault| IMMEDIATE_FAULTS.contains(&fault.code));
        self.set_error(fault.filter(|_| show).map(|fault| fault.message));
    }

    /// Checks the field, unless it was only passed through.
    pub fn on_blur(self) {
        if !self.is_disposed() && self.changed_untracked() {
            self.blurred.set(true);
            self.set_error(self.value.with_untracked(|text| (self.check)(text)).err().map(|fault| fault.message));
        }
    }

    pub fn refuse(self, message: String) {
        self.blurred.set(true);
        self.set_error(Some(message));
    }

    /// Sets the saved value and the shown one, such as from a save by someone else.
    pub fn replace(self, text: String) {
        self.saved.set(text.clone());
        self.value.set(text);
        self.set_error(None);
    }

    pub fn accept(self) {
        let _ = self.saved.try_set(self.value.get_untracked());
        self.set_error(None);
    }

    /// Sets the saved value only, where a merge keeps what was typed.
    pub fn rebase(self, saved: String) {
        self.saved.set(saved);
    }

    pub fn changed(self) -> bool {
        *self.value.read() != *self.saved.read()
    }

    pub fn changed_untracked(self) -> bool {
        *self.value.read_untracked() != *self.saved.read_untracked()
    }

    /// Removing a focused element fires `blur` after its form was disposed.
    fn is_disposed(self) -> bool {
        self.value.is_disposed()
    }

    fn set_error(self, message: Option<String>) {
        if *self.error.read_untracked() != message {
            self.error.set(message);
        }
    }
}

/// Keeps an element's `value` and the signal equal. The first time the element wins, because it has what was typed before
/// hydration.
pub fn bind_value(input: Input, element: impl Fn() -> Option<Element> + 'static) {
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
