use api_types::view::UnmanagedView;
use domain::livekit::ObjectKind;
use leptos::prelude::*;

use super::Seen;
use crate::components::ui::{PENCIL, icon};

/// What somebody made past Trunkline. It is left alone unless it is adopted.
#[component]
pub fn Unmanaged(seen: Seen, may_change: bool) -> impl IntoView {
    let found = seen.report.unmanaged.clone();
    let left_out = (seen.report.unmanaged_left_out > 0).then(|| {
        let count = seen.report.unmanaged_left_out;
        format!("{count} more may be this carrier's or nobody's. They are not shown: there are too many to look all of them up.")
    });
    let none = found.is_empty() && left_out.is_none();
    let rows = found
        .into_iter()
        .map(|object| {
            // A way out needs no further choice.
            let preview = if object.kind == ObjectKind::OutboundTrunk { "1" } else { "" };
            let adopt = seen.href(&[("adopt", &object.id), ("preview", preview)]);
            let adoptable = may_change && object.kind != ObjectKind::DispatchRule;
            let label = format!("Adopt or leave… {} {}", object.name, object.id);
            view! {
                <li class="found">
                    {summary(&object)}
                    {adoptable
                        .then(|| view! {
                            <a class="btn" href=adopt data-noscroll="" aria-label=label>{icon(PENCIL)} "Adopt or leave…"</a>
                        })}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card overflow-hidden mb-4" aria-labelledby="unmanaged">
            <div class="section-head"><h2 id="unmanaged" class="text-[14px] font-medium">"Made by hand"</h2></div>
            <p class="px-4 pb-3 text-ink-2">
                {if none {
                    "LiveKit has nothing with this carrier's numbers or address that Trunkline did not make."
                } else {
                    "With this carrier's numbers or address, or with nobody's. Trunkline never touches them unless you adopt them."
                }}
            </p>
            <ul>{rows}</ul>
            {left_out.map(|text| view! { <p class="px-4 py-3 text-ink-2">{text}</p> })}
        </section>
    }
    .into_any()
}

/// What it is, in a few words.
pub fn summary(object: &UnmanagedView) -> AnyView {
    let name = if object.name.is_empty() { "(no name)".to_owned() } else { object.name.clone() };
    let facts = [
        object.address.clone(),
        Some(object.numbers.join(", ")),
        Some(object.allowed_addresses.join(", ")),
        object.auth_username.clone(),
        Some(object.trunk_ids.join(", ")),
        object.agent_name.clone(),
    ];
    let facts = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <div class="min-w-0 grow">
            <p class="flex flex-wrap gap-x-2">
                <span class="font-medium wrap-anywhere">{name}</span>
                <span class="text-ink-2">{object.kind.label()}</span>
                <code class="font-mono text-[12px] text-ink-2">{object.id.clone()}</code>
            </p>
            <p class="num wrap-anywhere">{facts}</p>
            <p class="text-ink-2">{object.note.clone()}</p>
        </div>
    }
    .into_any()
}
