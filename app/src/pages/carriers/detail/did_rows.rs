use api_types::view::DidView;
use domain::BotId;
use leptos::prelude::*;

use super::view::Seen;
use crate::{
    components::{
        carrier::DirectionBadge,
        ui::{Badge, PENCIL, TRASH, Tone, WARNING, icon, phone},
    },
    session::use_session,
};

/// One number: what it is, which way it works and who answers.
pub fn number_row(seen: &Seen, did: &DidView) -> AnyView {
    let shown = phone(did.e164.as_deref().unwrap_or(&did.number));
    let rings = did.direction.rings();
    // Whoever calls it by its whole number calls another one.
    let incomplete = did.e164.is_none().then(|| {
        view! {
            <p class="hint font-normal whitespace-normal">
                "Without country code. The carrier’s destination country completes it."
            </p>
        }
    });
    let bot = answerer(seen, rings, did.bot_id.as_ref());
    let id = did.id.to_string();
    let actions = use_session().may_change().then(|| {
        view! {
            <a
                class="icon-btn"
                id=format!("edit-{id}")
                href=seen.href(&[("did", &id)])
                data-noscroll=""
                aria-label=format!("Edit {shown}")
                title="Edit"
            >
                {icon(PENCIL)}
            </a>
            <a
                class="icon-btn"
                href=seen.href(&[("remove", &id)])
                data-noscroll=""
                aria-label=format!("Remove {shown}")
                title="Remove"
            >
                {icon(TRASH)}
            </a>
        }
    });
    view! {
        <tr role="row" class="row-did">
            <td role="cell" class="td cell-number num">{shown.clone()} {incomplete}</td>
            <td role="cell" class="td cell-label">{did.label.clone().unwrap_or_else(|| "—".to_owned())}</td>
            <td role="cell" class="td cell-direction"><DirectionBadge direction=did.direction/></td>
            <td role="cell" class="td cell-bot">{bot}</td>
            <td role="cell" class="td cell-actions"><span class="inline-flex gap-1">{actions}</span></td>
        </tr>
    }
    .into_any()
}

/// A number that rings and has nobody to answer is told of, because its callers hear nothing but a refusal.
fn answerer(seen: &Seen, rings: bool, bot: Option<&BotId>) -> AnyView {
    match bot {
        _ if !rings => "—".into_any(),
        Some(id) => seen.bot_name(id).unwrap_or("A bot that is gone").to_owned().into_any(),
        None => view! { <Badge tone=Tone::Warn glyph=WARNING text="No bot: calls are rejected"/> }.into_any(),
    }
}
