//! The trunk's numbers, as the carrier's.

use std::collections::BTreeSet;

use api_types::view::AdoptNumber;
use domain::{AuditAction, BotId, Carrier, Did, DidId, DidSettings, Direction, FieldErrors, FieldFault, PhoneNumber};
use serde_json::Value;
use store::Tx;

use super::Trunk;
use crate::{Actor, Error, Result, audit::Entry, context::Context, did};

/// Each of the trunk's numbers becomes the carrier's, by the rules by which an operator adds one.
pub(super) async fn add(
    context: &Context,
    tx: &mut Tx,
    actor: &Actor,
    carrier: &Carrier,
    trunk: &Trunk<'_>,
    bot: Option<&BotId>,
) -> Result<Vec<AdoptNumber>> {
    let direction = if matches!(trunk, Trunk::Inbound(_)) { Direction::Inbound } else { Direction::Outbound };
    let mut errors = FieldErrors::default();
    let mut seen = BTreeSet::new();
    let mut shown = Vec::new();
    for text in trunk.numbers() {
        let parsed = PhoneNumber::parse(text, carrier.settings.destination_country)
            .map_err(|fault| FieldFault::new(fault.code, format!("{text}: {}", fault.message)));
        let Some(number) = errors.take("trunk_id", parsed) else { continue };
        if !seen.insert(number.key().to_owned()) {
            continue;
        }
        let now = context.clock.now();
        let settings = DidSettings { label: None, direction, bot_id: bot.cloned() };
        let new = Did {
            id: DidId::new(context.clock.ulid()),
            account_id: actor.account_id.clone(),
            carrier_id: carrier.id.clone(),
            number,
            settings,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        shown.push(number_of(context, tx, actor, new).await?);
    }
    if errors.is_empty() { Ok(shown) } else { Err(errors.into()) }
}

async fn number_of(context: &Context, tx: &mut Tx, actor: &Actor, new: Did) -> Result<AdoptNumber> {
    let number = new.number.canonical().to_owned();
    let Some(held) = tx.did_by_number(&actor.account_id, &new.number).await? else {
        if !tx.insert_did(&new).await? {
            return Err(did::taken(tx, &new).await?);
        }
        let after = Some(did::record(&new));
        audit_number(context, tx, actor, &new, AuditAction::Created, (None, after)).await?;
        let way = new.settings.direction.label().to_lowercase();
        return Ok(AdoptNumber { number, added: true, text: format!("Becomes a number of this carrier, {way}.") });
    };
    if held.carrier_id != new.carrier_id {
        let mut error = did::taken(tx, &new).await?;
        if let Error::NumberTaken { field, .. } = &mut error {
            *field = "trunk_id";
        }
        return Err(error);
    }
    let mut settings = held.settings.clone();
    if (new.settings.direction.rings() && !settings.direction.rings())
        || (new.settings.direction.dials() && !settings.direction.dials())
    {
        settings.direction = Direction::Both;
    }
    if settings.bot_id.is_none() {
        settings.bot_id = new.settings.bot_id.clone();
    }
    let elsewhere = new.settings.bot_id.is_some() && settings.bot_id != new.settings.bot_id;
    let text = if elsewhere {
        "Is a number of this carrier already, and stays with the bot that it has."
    } else if settings == held.settings {
        "Is a number of this carrier already."
    } else {
        "Is a number of this carrier already, and works both ways or gets its bot now."
    };
    if settings != held.settings {
        let updated = Did { settings, updated_at: context.clock.now(), version: held.version + 1, ..held.clone() };
        if !tx.update_did(&updated).await? {
            return Err(Error::Stale(did::record(&held)));
        }
        let change = (Some(did::record(&held)), Some(did::record(&updated)));
        audit_number(context, tx, actor, &updated, AuditAction::Updated, change).await?;
    }
    Ok(AdoptNumber { number, added: false, text: text.to_owned() })
}

async fn audit_number(
    context: &Context,
    tx: &mut Tx,
    actor: &Actor,
    did: &Did,
    action: AuditAction,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<()> {
    let (subject_id, subject_name) = (did.id.as_str(), did.number.number());
    context.audit(tx, Some(actor), Entry { action, subject_id, subject_name, before, after }).await
}
