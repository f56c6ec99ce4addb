use leptos::prelude::*;

use super::{Glyph, Tone, icon};

/// One number of an overview, with what it counts. With an address, the whole tile is a link.
#[component]
pub fn StatTile(
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    /// A short line below the value: a comparison, a limit.
    #[prop(optional, into)]
    hint: String,
    /// Colours the icon and the hint. The hint says the same in words.
    #[prop(default = Tone::Quiet)]
    tone: Tone,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(optional, into)] href: Option<String>,
    /// A [`Meter`](super::Meter) or a [`Sparkline`](super::Sparkline).
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let colour = tone.text();
    let glyph = glyph.map(|glyph| view! { <span class=format!("stat-icon {colour}")>{icon(glyph)}</span> });
    let hint = (!hint.is_empty()).then(|| view! { <span class=format!("stat-hint {colour}")>{hint}</span> });
    let title = label.clone();
    let content = view! {
        <span class="stat-label">{glyph} <span class="min-w-0 truncate" title=title>{label}</span></span>
        <span class="stat-value num">{value}</span>
        {hint}
        {children.map(|children| view! { <span class="stat-chart">{children()}</span> })}
    };
    match href {
        Some(href) => view! { <a class="card stat-tile stat-link" href=href>{content}</a> }.into_any(),
        None => view! { <div class="card stat-tile">{content}</div> }.into_any(),
    }
}
