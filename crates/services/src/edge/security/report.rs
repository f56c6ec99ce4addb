//! A node's report of its bans: it replaces the node's last one.

use std::collections::HashMap;

use api_types::{
    input::{ReportInput, ReportedBan},
    view::{BanReportView, ChangeKind, ChangedNoun},
};
use domain::{
    BanId, IpRange, Timestamp,
    edge::ban::{Ban, BanStatus, printable},
};

use super::{MAX_IN_FORCE, MAX_REASON, MAX_USER, MAX_USER_AGENT, Security};
use crate::{Result, unit_of_work::UnitOfWork};

impl Security {
    /// Stores the bans of a node, and answers what it must lift, and whom it must not ban.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] where an entry is no address or range, or too wide.
    pub async fn report(&self, input: &ReportInput) -> Result<BanReportView> {
        let (node, bans) = input.parse()?;
        let flagged: Vec<_> = bans
            .into_iter()
            .map(|ban| {
                let flag = self.state.protection.of(&ban.ip);
                (ban, flag)
            })
            .collect();
        let work = (node, flagged);
        let lift = self.context.transact(None, work, |uow, (node, bans)| Box::pin(replace(uow, node, bans))).await?;
        Ok(BanReportView { ok: true, lift, allow: self.state.protection.ranges() })
    }
}

type Key = (IpRange, Option<String>);

async fn replace(uow: &mut UnitOfWork, node: &str, bans: &[(ReportedBan, Option<String>)]) -> Result<Vec<String>> {
    let account = uow.account.clone();
    let now = uow.now();
    let current = uow.tx.reported_edge_bans(&account, node).await?;
    let mut known: HashMap<Key, Ban> =
        current.into_iter().map(|ban| ((ban.ip.clone(), ban.user.clone()), ban)).collect();
    let in_force = uow.tx.count_edge_bans_in_force(&account, now).await?;
    let mut room = MAX_IN_FORCE.saturating_sub(usize::try_from(in_force).unwrap_or(MAX_IN_FORCE));
    let (mut lift, mut changed) = (Vec::new(), None);
    for (reported, flag) in bans {
        let fresh = ban_of(uow, node, reported, flag.clone(), now);
        let before = known.remove(&(fresh.ip.clone(), fresh.user.clone()));
        let is_new = before
            .as_ref()
            .is_none_or(|ban| ban.lifted_at.is_some_and(|lifted| reported.since.is_some_and(|since| since > lifted)));
        if !is_new && let Some(before) = before {
            if let Some(id) = renew(uow, &before, &fresh, now).await? {
                changed = Some(id);
            }
            if before.lifted_at.is_some() || flag.is_some() {
                lift.push(before.ip.to_string());
            }
            continue;
        }
        if let Some(before) = before {
            uow.tx.update_edge_ban(&Ban { is_reported: false, ..before }).await?;
        }
        if flag.is_some() {
            lift.push(fresh.ip.to_string());
        } else if room == 0 {
            continue;
        } else {
            room -= 1;
        }
        uow.tx.insert_edge_ban(&fresh).await?;
        changed = Some(fresh.id);
    }
    for ban in known.into_values() {
        let ended = Ban { is_reported: false, expires_at: Some(ban.expires_at.map_or(now, |at| at.min(now))), ..ban };
        uow.tx.update_edge_ban(&ended).await?;
        changed = Some(ended.id);
    }
    // One event for the whole report: whoever shows bans reads them again.
    if let Some(id) = changed {
        uow.publish(ChangedNoun::Edge, ChangeKind::Updated, &id);
    }
    lift.sort_unstable();
    lift.dedup();
    Ok(lift)
}

/// The row's id where the report changes it.
async fn renew(uow: &mut UnitOfWork, before: &Ban, fresh: &Ban, now: Timestamp) -> Result<Option<BanId>> {
    if before.lifted_at.is_none()
        && let Some(flag) = &fresh.flag
    {
        // The source was added to an allowlist after the first report.
        let is_lifted = before.status(now) == BanStatus::Active && uow.tx.lift_edge_ban(&before.id, now, flag).await?;
        return Ok(is_lifted.then(|| before.id.clone()));
    }
    let expires_at = if before.lifted_at.is_some() { before.expires_at } else { fresh.expires_at };
    let after = Ban {
        reason: fresh.reason.clone(),
        count: fresh.count,
        user_agent: fresh.user_agent.clone(),
        expires_at,
        ..before.clone()
    };
    if after == *before {
        return Ok(None);
    }
    uow.tx.update_edge_ban(&after).await?;
    Ok(Some(after.id))
}

fn ban_of(uow: &UnitOfWork, node: &str, reported: &ReportedBan, flag: Option<String>, now: Timestamp) -> Ban {
    Ban {
        id: BanId::new(uow.ulid()),
        account_id: uow.account.clone(),
        ip: reported.ip.clone(),
        user: reported.user.as_deref().map(|user| printable(user, MAX_USER)).filter(|user| !user.is_empty()),
        node: Some(node.to_owned()),
        reason: printable(&reported.reason, MAX_REASON),
        count: reported.count,
        user_agent: reported
            .user_agent
            .as_deref()
            .map(|text| printable(text, MAX_USER_AGENT))
            .filter(|text| !text.is_empty()),
        lifted_at: flag.is_some().then_some(now),
        lifted_by: flag.clone(),
        flag,
        since: reported.since.unwrap_or(now),
        expires_at: reported.expires,
        is_reported: true,
    }
}
