use leptos::prelude::*;

use super::{Glyph, icon};

/// The meaning of a colour. It is never shown alone: an icon or a word says the same.
#[derive(Clone, Copy, PartialEq)]
pub enum Tone {
    Quiet,
    Accent,
    Info,
    Ok,
    Warn,
    Error,
}

impl Tone {
    pub(super) fn badge(self) -> &'static str {
        match self {
            Self::Quiet => "badge bg-sunken text-ink-2",
            Self::Accent => "badge bg-accent-soft text-accent",
            Self::Info => "badge bg-info-soft text-info",
            Self::Ok => "badge bg-ok-soft text-ok",
            Self::Warn => "badge bg-warn-soft text-warn",
            Self::Error => "badge bg-error-soft text-error",
        }
    }

    /// The class of a text in this colour.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Quiet => "text-ink-2",
            Self::Accent => "text-accent",
            Self::Info => "text-info",
            Self::Ok => "text-ok",
            Self::Warn => "text-warn",
            Self::Error => "text-error",
        }
    }
}

#[component]
pub fn Badge(tone: Tone, #[prop(into)] text: String, #[prop(optional, into)] glyph: Option<Glyph>) -> impl IntoView {
    view! { <span class=tone.badge()>{glyph.map(icon)} {text}</span> }.into_any()
}
