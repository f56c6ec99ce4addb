use api_types::view::{AuditItem, AuditSubject};
use domain::{AuditAction, AuditChange, AuditKind};
use leptos::prelude::*;

use crate::{
    components::{
        table::no_value,
        ui::{Badge, RelativeTime, Tone},
    },
    urls,
};

/// More changes are folded.
const MAX_CHANGES: usize = 4;
/// Longer texts are folded.
const MAX_TEXT: usize = 160;

/// How long ago, and the exact time.
pub fn time(item: &AuditItem) -> AnyView {
    view! {
        <span class="num">
            <RelativeTime at=item.at/>
            <span class="when-exact">{item.at.readable()}</span>
        </span>
    }
    .into_any()
}

/// A link to what the user did.
pub fn actor(item: &AuditItem) -> AnyView {
    let who = if item.actor.id.is_some() { item.actor.name.as_str() } else { "system" };
    let href = urls::AUDIT.to_owned() + &urls::query(&[("actor", who)]);
    view! { <a class="link wrap-anywhere" href=href>{item.actor.name.clone()}</a> }.into_any()
}

/// The action, and the row that it concerned.
pub fn event(item: &AuditItem) -> AnyView {
    let tone = match item.action {
        AuditAction::Created => Tone::Ok,
        AuditAction::Updated => Tone::Info,
        AuditAction::Deleted => Tone::Error,
        _ => Tone::Quiet,
    };
    view! {
        <span class="wrap-anywhere"><Badge tone text=item.action.label()/> " " {subject(&item.subject)}</span>
    }
    .into_any()
}

/// A link if the row still exists.
fn subject(subject: &AuditSubject) -> AnyView {
    let name = subject.name.clone();
    let name = match page_of(subject) {
        Some(href) => view! { <a class="link" href=href>{name}</a> }.into_any(),
        None => view! { <span class="font-medium">{name}</span> }.into_any(),
    };
    view! { <span class="text-ink-2">{subject.kind.label()}</span> " " {name} }.into_any()
}

/// The page that shows the row.
fn page_of(subject: &AuditSubject) -> Option<String> {
    if !subject.exists {
        return None;
    }
    match subject.kind {
        AuditKind::Carrier => subject.id.parse().ok().map(|id| urls::carrier(&id)),
        AuditKind::Bot => subject.id.parse().ok().map(|id| urls::bot(&id)),
        AuditKind::Did => Some(urls::did(subject.carrier_id.as_ref()?, &subject.id.parse().ok()?)),
        AuditKind::Integration => Some(urls::INTEGRATIONS.to_owned()),
        AuditKind::FleetServer => Some(urls::FLEET.to_owned()),
        AuditKind::NumberPurchase => Some(urls::NUMBER_PURCHASES.to_owned()),
        AuditKind::ApiKey => subject.id.parse().ok().map(|id| urls::api_key(&id)),
        AuditKind::User => subject.id.parse().ok().map(|id| urls::user(&id)),
        _ => None,
    }
}

/// The fields that changed. Several, or long ones, are folded.
pub fn changes(item: &AuditItem) -> AnyView {
    let AuditItem { id, action, changes, .. } = item;
    if changes.is_empty() {
        return no_value();
    }
    let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > MAX_TEXT);
    let folded = *action != AuditAction::Updated && changes.len() > 1
        || changes.len() > MAX_CHANGES
        || changes.iter().any(|change| long(&change.before) || long(&change.after));
    let summary = match changes.as_slice() {
        [one] => one.label.clone(),
        [first, ..] => format!("{} and {} more", first.label, changes.len() - 1),
        [] => String::new(),
    };
    let list = view! { <ul class="grid gap-0.5">{changes.iter().cloned().map(change).collect_view()}</ul> };
    if folded {
        view! { <details class="changes-fold" id=format!("changes-{id}")><summary>{summary}</summary> {list}</details> }
            .into_any()
    } else {
        list.into_any()
    }
}

/// "SIP address a.example → b.example"; screen readers read "from" and "to".
fn change(change: AuditChange) -> AnyView {
    let from = change.before.map(|before| view! { <span class="sr-only">"from "</span> <del>{before}</del> " " });
    let to = match change.after {
        Some(after) => view! {
            <span aria-hidden="true">{from.is_some().then_some("→ ")}</span>
            <span class="sr-only">" to "</span>
            <ins>{after}</ins>
        }
        .into_any(),
        None => view! { <span class="text-ink-2">"removed"</span> }.into_any(),
    };
    view! { <li class="change"><span class="change-label">{change.label}</span> " " {from} {to}</li> }.into_any()
}
