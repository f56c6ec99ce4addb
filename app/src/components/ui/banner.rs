use leptos::prelude::*;

use super::{ALERT, CHECK, CLOCK, Glyph, INFO, REFRESH, Tone, WARNING, icon};

/// A message across the page: the state and what to do about it.
#[component]
pub fn Banner(
    tone: Tone,
    /// Optional.
    #[prop(optional, into)]
    title: String,
    #[prop(optional)] glyph: Option<Glyph>,
    /// Announced at once, because it is the result of an action.
    #[prop(optional)]
    alert: bool,
    children: Children,
) -> impl IntoView {
    let (class, standard) = match tone {
        Tone::Error => ("banner banner-error", ALERT),
        Tone::Warn => ("banner banner-warn", WARNING),
        Tone::Ok => ("banner banner-ok", CHECK),
        Tone::Quiet => ("banner banner-quiet", CLOCK),
        Tone::Accent => ("banner banner-info", REFRESH),
        Tone::Info => ("banner banner-info", INFO),
    };
    view! {
        <div class=class role=alert.then_some("alert")>
            {icon(glyph.unwrap_or(standard))}
            <div class="banner-body">
                {(!title.is_empty()).then(|| view! { <p class="banner-title">{title}</p> })}
                <div class="banner-text">{children()}</div>
            </div>
        </div>
    }
    .into_any()
}
