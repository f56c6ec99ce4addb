use domain::livekit::{DriftState, FieldDrift, ObjectDrift};
use leptos::prelude::*;

use super::context::DriftContext;
use crate::components::ui::{Badge, CHECK, PLUS, Tone, UNPLUG, WARNING};

/// Each object with its desired and observed fields. Objects in sync are folded.
#[component]
pub fn Objects(context: DriftContext) -> impl IntoView {
    let objects = context.part(|report| &report.objects);
    let none = move || {
        objects.with(Vec::is_empty).then(|| {
            view! {
                <p class="section-foot">
                    "No trunks yet: LiveKit gets trunks for this carrier once it has a number."
                </p>
            }
        })
    };
    let list = move || objects.get().into_iter().map(|object| view! { <Object object/> }).collect_view();
    view! {
        <section class="card overflow-hidden mb-4" aria-labelledby="objects">
            <div class="section-head"><h2 id="objects" class="text-[14px] font-medium">"Trunks and rules"</h2></div>
            {none}
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Object(object: ObjectDrift) -> impl IntoView {
    let ObjectDrift { kind, state, id, name, fields, .. } = object;
    // If the object exists on one side only, every field differs and none is marked.
    let compared = state == DriftState::Drifted;
    let fields = fields.into_iter().map(|field| row(field, compared)).collect_view();
    let caption = format!("{} {name}", kind.label());
    let id_of = format!("object-{}", id.as_deref().unwrap_or(&name));
    view! {
        <details class="object" id=id_of open=state != DriftState::InSync>
            <summary class="object-head">
                <span class="font-medium wrap-anywhere">{name}</span>
                <span class="text-ink-2">{kind.label()}</span>
                {id.map(|id| view! { <code class="font-mono text-[12px] text-ink-2">{id}</code> })}
                <span class="ml-auto">{state_badge(state)}</span>
            </summary>
            <table class="compare" role="table">
                <caption class="sr-only">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th class="th" role="columnheader" scope="col">"Field"</th>
                        <th class="th" role="columnheader" scope="col">"Desired"</th>
                        <th class="th" role="columnheader" scope="col">"In LiveKit"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{fields}</tbody>
            </table>
        </details>
    }
    .into_any()
}

fn row(field: FieldDrift, compared: bool) -> AnyView {
    let differs = compared && field.differs;
    let badge = differs.then(|| view! { " " <Badge tone=Tone::Warn glyph=WARNING text="Differs"/> });
    view! {
        <tr role="row" class=if differs { "compare-differs" } else { "" }>
            <th class="compare-field" role="rowheader" scope="row">
                <span class="capitalised">{field.name.replace('_', " ")}</span>
                {badge}
            </th>
            <td role="cell" class="compare-value" data-label="Desired">{values(field.desired)}</td>
            <td role="cell" class="compare-value" data-label="In LiveKit">{values(field.observed)}</td>
        </tr>
    }
    .into_any()
}

/// An object that does not exist is distinguished from an empty field.
fn values(values: Option<Vec<String>>) -> AnyView {
    match values {
        None => view! { <span class="text-ink-2">"does not exist"</span> }.into_any(),
        Some(values) if values.is_empty() => view! { <span class="text-ink-2">"none"</span> }.into_any(),
        Some(values) => {
            let values = values.into_iter().map(|value| view! { <li>{value}</li> }).collect_view();
            view! { <ul>{values}</ul> }.into_any()
        }
    }
}

fn state_badge(state: DriftState) -> AnyView {
    let (tone, glyph, text) = match state {
        DriftState::InSync => (Tone::Ok, CHECK, "In sync"),
        DriftState::Missing => (Tone::Error, UNPLUG, "Missing"),
        DriftState::Drifted => (Tone::Warn, WARNING, "Differs"),
        DriftState::Extra => (Tone::Warn, PLUS, "Extra"),
    };
    view! { <Badge tone glyph text/> }.into_any()
}
