//! Changes of many of a carrier's DIDs in one unit of work.

use std::collections::{BTreeMap, BTreeSet};

use api_types::{
    input::{AccountDidBulk, AccountDidScope},
    view::{DidBulkResult, DidSkipped, SkipReason},
};
use domain::{AuditAction, Carrier, CarrierId, Did, DidAction, DidBulk, DidId, DidScope, DidSettings, PhoneNumber};
use store::{DidPart, DidSelection, Tx};

use crate::{
    Error, Result, carrier, did,
    edge::object,
    number_keys::sync_guessing_carriers,
    snapshot::DidBulkSnapshot,
    unit_of_work::{Entry, UnitOfWork},
};

/// Skipped numbers that a result names. Their count is always complete.
const SKIPPED: u32 = 100;
/// Numbers that the audit entry names. Their count is always complete.
const AUDITED: u32 = 100;

/// Executes a bulk change. Nothing is changed where another count of numbers matches than the operator saw.
pub(crate) async fn change(uow: &mut UnitOfWork, carrier_id: &CarrierId, bulk: &DidBulk) -> Result<DidBulkResult> {
    let DidBulk { scope, action } = bulk;
    let carrier = carrier::load(&mut uow.tx, &uow.account, carrier_id).await?;
    if let DidAction::AssignBot(bot_id) = action {
        let settings = DidSettings { bot_id: bot_id.clone(), ..DidSettings::default() };
        did::check_bot(&mut uow.tx, &uow.account, &settings).await?;
    }
    let selection = match scope {
        DidScope::Ids(ids) => DidSelection::Ids(carrier.id.clone(), ids.clone()),
        DidScope::Matching { filter, .. } => DidSelection::Search(did::search(&carrier, filter.clone())),
    };
    let selected = uow.tx.count_selected_dids(&selection, DidPart::All).await?;
    let mut skipped = match scope {
        DidScope::Ids(ids) => missing(&mut uow.tx, &selection, ids).await?,
        DidScope::Matching { expected, .. } if *expected != selected => {
            return Err(Error::StaleSelection { expected: *expected, total: selected });
        }
        DidScope::Matching { .. } => Vec::new(),
    };
    let missing_total = i64::try_from(skipped.len()).unwrap_or(i64::MAX);
    let outbound_total = match action {
        DidAction::AssignBot(Some(_)) => {
            let outbound = uow.tx.selected_dids(&selection, DidPart::Outbound, SKIPPED).await?;
            skipped.extend(outbound.into_iter().map(|did| DidSkipped {
                number: Some(did.number.number().to_owned()),
                id: did.id,
                reason: SkipReason::OutboundOnly,
            }));
            uow.tx.count_selected_dids(&selection, DidPart::Outbound).await?
        }
        DidAction::AssignBot(None) | DidAction::SetDirection(_) | DidAction::Remove => 0,
    };
    // Which carriers have to be synced depends on each removed number.
    let limit = if *action == DidAction::Remove { u32::MAX } else { AUDITED };
    let changing = uow.tx.selected_dids(&selection, DidPart::Changing(action), limit).await?;
    let edge_objects =
        if *action == DidAction::Remove { object::of_carrier(uow, &carrier.id).await? } else { Vec::new() };
    let now = uow.now();
    let changed = uow.tx.change_dids(&uow.account, &selection, action, now).await?;
    if changed > 0 {
        audit(uow, &carrier, bulk, changed, &changing).await?;
        if *action == DidAction::Remove {
            object::deleted_with_dids(uow, &edge_objects).await?;
            let numbers: Vec<&PhoneNumber> = changing.iter().map(|did| &did.number).collect();
            sync_guessing_carriers(uow, &carrier, &numbers).await?;
        }
        did::many_changed(uow, &carrier).await?;
    }
    skipped.truncate(SKIPPED as usize);
    Ok(DidBulkResult {
        changed,
        unchanged: selected - changed - outbound_total,
        skipped,
        skipped_total: missing_total + outbound_total,
    })
}

/// Numbers of one carrier that one statement names.
const CHUNK: usize = 5000;

/// Executes a bulk change of numbers of any carriers, carrier by carrier.
pub(crate) async fn change_of_account(uow: &mut UnitOfWork, bulk: &AccountDidBulk) -> Result<DidBulkResult> {
    let AccountDidBulk { scope, action } = bulk;
    let account = uow.account.clone();
    let (selected, unknown) = match scope {
        AccountDidScope::Ids(ids) => {
            let selected = uow.tx.account_dids_by_ids(&account, ids).await?;
            let present: BTreeSet<&DidId> = selected.iter().map(|(_, did)| did).collect();
            let unknown: Vec<DidId> = ids.iter().filter(|id| !present.contains(id)).cloned().collect();
            (selected, unknown)
        }
        AccountDidScope::Matching { filter, expected } => {
            let search = did::account_search(&mut uow.tx, &account, filter.clone()).await?;
            let selected = uow.tx.matching_account_dids(&search).await?;
            let total = i64::try_from(selected.len()).unwrap_or(i64::MAX);
            if total != *expected {
                return Err(Error::StaleSelection { expected: *expected, total });
            }
            (selected, Vec::new())
        }
    };
    let mut result = DidBulkResult {
        skipped_total: i64::try_from(unknown.len()).unwrap_or(i64::MAX),
        skipped: unknown.into_iter().map(|id| DidSkipped { id, number: None, reason: SkipReason::NotFound }).collect(),
        ..DidBulkResult::default()
    };
    let mut by_carrier: BTreeMap<CarrierId, Vec<DidId>> = BTreeMap::new();
    for (carrier, did) in selected {
        by_carrier.entry(carrier).or_default().push(did);
    }
    for (carrier, dids) in by_carrier {
        for ids in dids.chunks(CHUNK) {
            let part = DidBulk { scope: DidScope::Ids(ids.to_vec()), action: action.clone() };
            let DidBulkResult { changed, unchanged, skipped, skipped_total } = change(uow, &carrier, &part).await?;
            result.changed += changed;
            result.unchanged += unchanged;
            result.skipped_total += skipped_total;
            result.skipped.extend(skipped);
        }
    }
    result.skipped.truncate(SKIPPED as usize);
    Ok(result)
}

/// Of these ids those that are no DIDs of the carrier.
async fn missing(tx: &mut Tx, selection: &DidSelection, ids: &[DidId]) -> Result<Vec<DidSkipped>> {
    let present = tx.selected_dids(selection, DidPart::All, u32::MAX).await?;
    let present: BTreeSet<DidId> = present.into_iter().map(|did| did.id).collect();
    let missing = ids.iter().filter(|id| !present.contains(id)).cloned();
    Ok(missing.map(|id| DidSkipped { id, number: None, reason: SkipReason::NotFound }).collect())
}

/// One entry of the carrier's history, however many numbers were changed.
async fn audit(uow: &mut UnitOfWork, carrier: &Carrier, bulk: &DidBulk, changed: i64, dids: &[Did]) -> Result<()> {
    let numbers = dids.iter().take(AUDITED as usize).map(|did| did.number.number().to_owned()).collect();
    let after = Some(DidBulkSnapshot::new(bulk, changed, numbers));
    let (subject_id, subject_name) = (carrier.id.as_str(), carrier.settings.name.as_str());
    uow.audit(Entry { action: AuditAction::Updated, subject_id, subject_name, before: None, after }).await
}
