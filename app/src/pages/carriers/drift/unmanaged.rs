use api_types::view::UnmanagedView;
use domain::livekit::ObjectKind;
use leptos::prelude::*;

use super::context::DriftContext;
use crate::components::ui::{PENCIL, icon};

/// Objects that were not made by Trunkline. They stay as they are unless they are adopted.
#[component]
pub fn Unmanaged(context: DriftContext, may_change: bool) -> impl IntoView {
    let objects = context.part(|report| &report.unmanaged);
    let left_out = context.part(|report| &report.unmanaged_left_out);
    let text = move || {
        if objects.with(Vec::is_empty) && left_out.get() == 0 {
            "LiveKit has no other trunk or rule with this carrier's numbers or address."
        } else {
            "With this carrier's numbers or address, or with those of no carrier. Trunkline changes them only if you adopt them."
        }
    };
    let rows = move || objects.get().iter().map(|object| unmanaged(context, object, may_change)).collect_view();
    let rest = move || {
        let count = left_out.get();
        (count > 0).then(|| {
            view! {
                <p class="px-4 py-3 text-ink-2">
                    {format!("{count} more are not shown, because there are too many to compare with all carriers.")}
                </p>
            }
        })
    };
    view! {
        <section class="card overflow-hidden mb-4" aria-labelledby="unmanaged">
            <div class="section-head">
                <h2 id="unmanaged" class="text-[14px] font-medium">"Not managed by Trunkline"</h2>
            </div>
            <p class="px-4 pb-3 text-ink-2">{text}</p>
            <ul>{rows}</ul>
            {rest}
        </section>
    }
    .into_any()
}

fn unmanaged(context: DriftContext, object: &UnmanagedView, may_change: bool) -> AnyView {
    // An outbound trunk needs no bot, so the dry run is shown at once.
    let preview = if object.kind == ObjectKind::OutboundTrunk { "1" } else { "" };
    let adopt = context.href(&[("adopt", &object.id), ("preview", preview)]);
    let adoptable = may_change && object.kind != ObjectKind::DispatchRule;
    let label = format!("Adopt… {} {}", object.name, object.id);
    view! {
        <li class="drift-item">
            {summary(object)}
            {adoptable
                .then(|| view! {
                    <a class="btn" href=adopt data-noscroll="" aria-label=label>{icon(PENCIL)} "Adopt…"</a>
                })}
        </li>
    }
    .into_any()
}

/// One line about the object.
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
