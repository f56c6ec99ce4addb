use api_types::{
    input::{DidInput, Text},
    view::AccountDidRow,
};
use leptos::{prelude::*, task::spawn_local};

use super::list::Numbers;
use crate::{
    components::{
        carrier::{DirectionBadge, SyncBadge},
        table::{Column, Width, no_value},
        ui::{PENCIL, icon, use_toasts},
    },
    server_fns::{did::update_did, read},
    urls,
};

type Bots = StoredValue<Vec<(String, String)>>;

pub fn columns(numbers: Numbers, bots: Bots, may_change: bool) -> Vec<Column<AccountDidRow>> {
    let mut columns = vec![
        Column::view("Number", number).sort("number"),
        Column::text("Label", |did: &AccountDidRow| did.row.did.label.clone().unwrap_or_default()).sort("label"),
        Column::view("Carrier", carrier).width(Width::Medium),
        Column::view("Direction", |did: &AccountDidRow| {
            view! { <DirectionBadge direction=did.row.did.direction/> }.into_any()
        })
        .sort("direction"),
        Column::view("Assigned Bot", move |did: &AccountDidRow| bot(did, numbers, bots, may_change))
            .sort("bot")
            .width(Width::Medium),
        Column::view("Sync", |did: &AccountDidRow| view! { <SyncBadge status=did.lk_sync_status/> }.into_any()),
    ];
    if may_change {
        columns.push(Column::actions(edit));
    }
    columns
}

fn number(did: &AccountDidRow) -> AnyView {
    view! { <span class="num font-medium whitespace-nowrap">{did.row.did.formatted.clone()}</span> }.into_any()
}

fn carrier(did: &AccountDidRow) -> AnyView {
    let (href, name) = (urls::carrier(&did.row.did.carrier_id), did.carrier_name.clone());
    view! {
        <a class="link cell-text" href=href title=name.clone()>{name.clone()}</a>
        <p class="hint font-normal">{did.provider.label()}</p>
    }
    .into_any()
}

/// The name of the bot without JavaScript and for viewers, else a choice that is saved at once.
fn bot(did: &AccountDidRow, numbers: Numbers, bots: Bots, may_change: bool) -> AnyView {
    let row = &did.row;
    if !row.did.direction.rings() {
        return no_value();
    }
    let name = match (&row.did.bot_id, &row.bot_name) {
        (None, _) => "No bot: calls are rejected".to_owned(),
        (Some(_), Some(name)) => name.clone(),
        (Some(_), None) => "Deleted bot".to_owned(),
    };
    if !may_change {
        return view! { <span class="cell-text">{name}</span> }.into_any();
    }
    let chosen = row.did.bot_id.as_ref().map(ToString::to_string).unwrap_or_default();
    let known = bots.with_value(|bots| bots.iter().any(|(id, _)| *id == chosen));
    // A list that is incomplete has the row's own bot all the same.
    let own = (!known && !chosen.is_empty()).then(|| (chosen.clone(), name.clone()));
    let options = std::iter::once((String::new(), "No bot".to_owned()))
        .chain(own)
        .chain(bots.get_value())
        .map(|(value, text)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect_view();
    let (carrier_id, id, version) = (row.did.carrier_id.clone(), row.did.id.clone(), row.did.version);
    let formatted = row.did.formatted.clone();
    let toasts = use_toasts();
    let label = format!("Bot of {formatted}");
    let save = move |event| {
        let input = DidInput {
            bot_id: Some(Text(event_target_value(&event))),
            version: Some(Text(version.to_string())),
            ..DidInput::default()
        };
        let (carrier_id, id, formatted) = (carrier_id.clone(), id.clone(), formatted.clone());
        spawn_local(async move {
            match read(update_did(carrier_id, id, input)).await {
                Ok(_) => toasts.success(format!("Changed the bot of {formatted}.")),
                Err(problem) => toasts.error(problem.detail),
            }
            numbers.refetch();
        });
    };
    view! {
        <select class="field field-select needs-js" autocomplete="off" aria-label=label on:change=save>{options}</select>
        <span class="cell-text without-js">{name}</span>
    }
    .into_any()
}

fn edit(did: &AccountDidRow) -> AnyView {
    let href = urls::did(&did.row.did.carrier_id, &did.row.did.id);
    let label = format!("Edit {}", did.row.did.formatted);
    view! { <a class="icon-btn" href=href aria-label=label title="Edit">{icon(PENCIL)}</a> }.into_any()
}
