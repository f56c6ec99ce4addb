use leptos::{html, prelude::*};

use super::{FieldFrame, Input, input::bind_value};

/// Decides the keyboard, autofill and font of a text field.
#[derive(Clone, Copy, PartialEq)]
pub enum TextKind {
    Plain,
    /// Addresses and ids: monospaced, without spelling correction or automatic capitals.
    Code,
    Number,
    /// A time in UTC: `2026-11-20T18:42`.
    DateTime,
    Tel,
    Email,
    /// The password of this console: the browser may fill in a saved one.
    CurrentPassword,
    NewPassword,
    /// A secret of another system: the browser must not fill in a saved password.
    ForeignPassword,
}

impl TextKind {
    fn r#type(self) -> &'static str {
        match self {
            Self::DateTime => "datetime-local",
            Self::Tel => "tel",
            Self::Email => "email",
            Self::CurrentPassword | Self::NewPassword | Self::ForeignPassword => "password",
            Self::Plain | Self::Code | Self::Number => "text",
        }
    }

    fn autocomplete(self) -> &'static str {
        match self {
            Self::Email => "username",
            Self::CurrentPassword => "current-password",
            Self::NewPassword | Self::ForeignPassword => "new-password",
            _ => "off",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Code => "field font-mono text-[13px]",
            Self::Number | Self::DateTime | Self::Tel => "field num",
            _ => "field",
        }
    }
}

/// A text input with its label, hint and error.
#[component]
pub fn TextField(
    input: Input,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(default = TextKind::Plain)] kind: TextKind,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(optional)] disabled: bool,
    /// For the first field of a form.
    #[prop(optional)]
    autofocus: bool,
    /// Shows the password as text.
    #[prop(optional, into)]
    revealed: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    bind_value(input, move || node.get().map(Into::into));
    let initial = input.value.get_untracked();
    // Of several, the browser focuses the first: the first field that the server refused.
    let autofocus = autofocus || input.error.read_untracked().is_some();
    view! {
        <FieldFrame input label hint optional>
            <input
                node_ref=node
                id=input.id()
                name=input.name
                type=move || if revealed.get() { "text" } else { kind.r#type() }
                class=kind.class()
                value=initial
                placeholder=placeholder
                autocomplete=kind.autocomplete()
                inputmode=(kind == TextKind::Number).then_some("decimal")
                step=(kind == TextKind::DateTime).then_some("any")
                spellcheck="false"
                autocapitalize=(kind != TextKind::Plain).then_some("none")
                autofocus=autofocus
                disabled=disabled
                aria-invalid=move || input.error.read().is_some().then_some("true")
                aria-describedby=input.described_by(!hint.is_empty())
                on:input=move |event| input.typed(event_target_value(&event))
                on:blur=move |_| input.on_blur()
            />
        </FieldFrame>
    }
    .into_any()
}
