use api_types::view::{OrphanGroup, OrphanOrigin};
use leptos::prelude::*;

use super::context::DriftContext;
use crate::components::ui::{Badge, CLOCK, TRASH, Tone, WARNING, icon};

/// Objects with Trunkline's owner tag that belong to no carrier. Empty without any.
#[component]
pub fn Orphans(context: DriftContext, may_remove: bool) -> impl IntoView {
    let groups = context.part(|report| &report.orphans);
    move || {
        let groups = groups.get();
        if groups.is_empty() {
            return ().into_any();
        }
        let groups = groups.into_iter().map(|group| orphan(context, &group, may_remove)).collect_view();
        view! {
            <section class="card overflow-hidden mb-4" aria-labelledby="orphans">
                <div class="section-head"><h2 id="orphans" class="text-[14px] font-medium">"Orphaned objects"</h2></div>
                <p class="px-4 pb-3 text-ink-2">
                    "These have Trunkline's owner tag, but their carrier is not in the database."
                </p>
                <ul>{groups}</ul>
            </section>
        }
        .into_any()
    }
}

fn orphan(context: DriftContext, group: &OrphanGroup, may_remove: bool) -> AnyView {
    let remove = context.href(&[("remove", group.carrier_id.as_str())]);
    let name = title(group);
    let removable = may_remove && group.origin != OrphanOrigin::Removing;
    let label = format!("Remove… orphaned objects of {name}");
    view! {
        <li class="drift-item">
            <div class="min-w-0 grow">
                <p class="flex flex-wrap gap-x-2 items-center">
                    <span class="font-medium wrap-anywhere">{name}</span>
                    {origin(group.origin)}
                </p>
                <ul>{objects(group)}</ul>
            </div>
            {removable
                .then(|| view! {
                    <a class="btn-danger" href=remove data-noscroll="" aria-label=label>{icon(TRASH)} "Remove…"</a>
                })}
        </li>
    }
    .into_any()
}

pub fn title(group: &OrphanGroup) -> String {
    group.carrier_name.clone().unwrap_or_else(|| group.carrier_id.to_string())
}

fn objects(group: &OrphanGroup) -> AnyView {
    let row = |object: &domain::livekit::ObjectDrift| {
        let (kind, name, id) = (object.kind.label(), object.name.clone(), object.id.clone().unwrap_or_default());
        view! {
            <li class="wrap-anywhere">
                {kind} " " {name} " " <code class="font-mono text-[12px] text-ink-2">{id}</code>
            </li>
        }
    };
    group.objects.iter().map(row).collect_view().into_any()
}

fn origin(origin: OrphanOrigin) -> AnyView {
    let (tone, glyph, text) = match origin {
        OrphanOrigin::Removing => (Tone::Quiet, CLOCK, "Being removed"),
        OrphanOrigin::Deleted => (Tone::Warn, WARNING, "Carrier deleted"),
        OrphanOrigin::Unknown => (Tone::Warn, WARNING, "Unknown carrier"),
    };
    view! { <Badge tone glyph text/> }.into_any()
}
