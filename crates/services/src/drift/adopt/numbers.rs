//! The trunk's numbers, as the carrier's.

use std::collections::BTreeSet;

use api_types::view::AdoptNumber;
use domain::{
    AuditAction, BotId, Carrier, Did, DidSettings, Direction, FieldErrors, FieldFault, PhoneNumber, livekit::digits,
};

use super::Trunk;
use crate::{Error, Result, did, snapshot::DidSnapshot, unit_of_work::UnitOfWork};

/// Each of the trunk's numbers becomes the carrier's, by the rules by which an operator adds one.
pub(super) async fn add(
    uow: &mut UnitOfWork,
    carrier: &Carrier,
    trunk: &Trunk<'_>,
    bot: Option<&BotId>,
) -> Result<Vec<AdoptNumber>> {
    let direction = if matches!(trunk, Trunk::Inbound(_)) { Direction::Inbound } else { Direction::Outbound };
    let mut errors = FieldErrors::default();
    let mut known = BTreeSet::new();
    let mut shown = Vec::new();
    for text in trunk.numbers() {
        let parsed = match PhoneNumber::parse(text, carrier.settings.destination_country) {
            Err(fault) if fault.code == "needs_plus" => own_number(uow, carrier, text).await?.ok_or_else(|| {
                let message = format!("{text}: {} Add it to the carrier in that form, and adopt again.", fault.message);
                FieldFault::new(fault.code, message)
            }),
            parsed => parsed.map_err(|fault| FieldFault::new(fault.code, format!("{text}: {}", fault.message))),
        };
        let Some(number) = errors.record("trunk_id", parsed) else { continue };
        if !known.insert(number.key().to_owned()) {
            continue;
        }
        let settings = DidSettings { label: None, direction, bot_id: bot.cloned() };
        shown.push(add_one(uow, carrier, number, settings).await?);
    }
    if errors.is_empty() { Ok(shown) } else { Err(errors.into()) }
}

/// LiveKit compares numbers without their plus. Digits that could be two numbers are the international one where the carrier
/// has it already.
async fn own_number(uow: &mut UnitOfWork, carrier: &Carrier, text: &str) -> Result<Option<PhoneNumber>> {
    let Ok(number) = PhoneNumber::parse(&format!("+{}", digits(text)), None) else { return Ok(None) };
    let did = uow.tx.did_by_number(&uow.account, &number).await?;
    Ok(did.filter(|did| did.carrier_id == carrier.id).map(|did| did.number))
}

async fn add_one(
    uow: &mut UnitOfWork,
    carrier: &Carrier,
    number: PhoneNumber,
    desired: DidSettings,
) -> Result<AdoptNumber> {
    let shown = number.canonical().to_owned();
    let Some(current) = uow.tx.did_by_number(&uow.account, &number).await? else {
        let direction = desired.direction.label().to_lowercase();
        did::insert(uow, carrier, number, desired).await?;
        let text = format!("Becomes a number of this carrier, {direction}.");
        return Ok(AdoptNumber { number: shown, added: true, text });
    };
    if current.carrier_id != carrier.id {
        return Err(did::taken(&mut uow.tx, carrier, &number, "trunk_id").await?);
    }
    let mut settings = current.settings.clone();
    if (desired.direction.rings() && !settings.direction.rings())
        || (desired.direction.dials() && !settings.direction.dials())
    {
        settings.direction = Direction::Both;
    }
    if settings.bot_id.is_none() {
        settings.bot_id = desired.bot_id.clone();
    }
    let has_another_bot = desired.bot_id.is_some() && settings.bot_id != desired.bot_id;
    let text = if has_another_bot {
        "Is a number of this carrier already, and keeps its bot."
    } else if settings == current.settings {
        "Is a number of this carrier already."
    } else {
        "Is a number of this carrier already, and gets the direction or the bot that it lacks."
    };
    if settings != current.settings {
        let updated = Did { settings, updated_at: uow.now(), version: current.version + 1, ..current.clone() };
        if !uow.tx.update_did(&updated).await? {
            return Err(Error::ConcurrentChange);
        }
        let change = (Some(DidSnapshot::new(&current)), Some(DidSnapshot::new(&updated)));
        did::audit(uow, &updated, AuditAction::Updated, change).await?;
    }
    Ok(AdoptNumber { number: shown, added: false, text: text.to_owned() })
}
