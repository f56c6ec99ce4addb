use api_types::view::DidView;
use domain::BotId;
use leptos::prelude::*;

use super::context::CarrierContext;
use crate::{
    components::{
        carrier::DirectionBadge,
        ui::{Badge, PENCIL, TRASH, Tone, WARNING, icon},
    },
    session::use_session,
};

/// One phone number with its direction and its bot.
pub fn did_row(context: &CarrierContext, did: &DidView) -> AnyView {
    let shown = did.formatted.clone();
    let inbound = did.direction.rings();
    // Calls to the complete number do not reach this one.
    let incomplete = did.e164.is_none().then(|| {
        let hint = match context.carrier.destination_country {
            None => "Without country code. The carrier’s destination country completes it.".to_owned(),
            Some(country) => format!("Incomplete: not a valid number in {}.", country.name()),
        };
        view! { <p class="hint font-normal whitespace-normal">{hint}</p> }
    });
    let bot = bot_cell(context, inbound, did.bot_id.as_ref());
    let id = did.id.to_string();
    let actions = use_session().may_change().then(|| {
        view! {
            <a
                class="icon-btn"
                id=format!("edit-{id}")
                href=context.href(&[("did", &id)])
                data-noscroll=""
                aria-label=format!("Edit {shown}")
                title="Edit"
            >
                {icon(PENCIL)}
            </a>
            <a
                class="icon-btn"
                href=context.href(&[("remove", &id)])
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

/// An inbound number without a bot is marked, because LiveKit rejects its calls.
fn bot_cell(context: &CarrierContext, inbound: bool, bot: Option<&BotId>) -> AnyView {
    match bot {
        _ if !inbound => "—".into_any(),
        Some(id) => context.bot_name(id).unwrap_or("A bot that is gone").to_owned().into_any(),
        None => view! { <Badge tone=Tone::Warn glyph=WARNING text="No bot: calls are rejected"/> }.into_any(),
    }
}
