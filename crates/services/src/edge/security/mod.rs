//! Bans: who is banned, by whom, why and until when; and who cannot be.

pub(super) mod allow;
mod protection;
mod report;
mod worker;

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use api_types::{
    input::BanQuery,
    view::{BanList, BanView, ChangeKind, ChangedNoun},
};
use domain::{
    Action, AuditAction, BanId, IpRange, Timestamp,
    edge::ban::{Ban, BanStatus, Failures, Offence, SOURCE_BAN_MS, USER_BAN_MS, printable, source_of},
};
use store::BanFilter;
use tracing::{info, warn};

use self::protection::Protection;
pub use self::{protection::ProtectedSources, worker::BanWorker};
use crate::{
    Actor, Error, Result,
    context::Context,
    unit_of_work::{Entry, UnitOfWork},
};

/// Bans in force, in memory and in the database, at most.
const MAX_IN_FORCE: usize = 10_000;
const MAX_USER: usize = 128;
const MAX_USER_AGENT: usize = 256;
const MAX_REASON: usize = 200;

/// Bans and the allowlist; cheap to clone.
#[derive(Clone)]
pub struct Security {
    context: Arc<Context>,
    state: Arc<State>,
}

struct State {
    /// Failures at this server. Several servers count apart from each other.
    failures: Mutex<Failures>,
    /// This servers' bans in force, of sources and of users there.
    table: RwLock<Table>,
    protection: Protection,
}

type Table = HashMap<(IpRange, Option<String>), Timestamp>;

impl Security {
    pub(crate) fn new(context: Arc<Context>, protected: ProtectedSources) -> Self {
        let state = State {
            failures: Mutex::default(),
            table: RwLock::default(),
            protection: Protection::new(context.clone(), protected),
        };
        Self { context, state: Arc::new(state) }
    }

    /// Reads the bans in force, and who cannot be banned. A server does so before it serves.
    ///
    /// # Errors
    /// [`Error::Store`] where the database fails.
    pub async fn load(&self) -> Result<()> {
        let Context { store, account, clock, .. } = &*self.context;
        let limit = i64::try_from(MAX_IN_FORCE).unwrap_or(i64::MAX);
        let mut tx = store.read().await?;
        let bans = tx.edge_bans_in_force(account, clock.now(), limit).await?;
        self.state.protection.load(&mut tx, account).await?;
        drop(tx);
        let own = bans.into_iter().filter(|ban| ban.node.is_none());
        let table: Table = own.filter_map(|ban| Some(((ban.ip, ban.user), ban.expires_at?))).collect();
        let before = std::mem::replace(&mut *self.table_mut(), table.clone());
        // What another server has lifted starts from zero here, too.
        let mut failures = self.failures();
        for (source, user) in before.keys().filter(|key| !table.contains_key(key)) {
            failures.forget(source, user.as_deref());
        }
        Ok(())
    }

    /// Whether the source is banned, or the user there.
    pub(crate) fn is_banned(&self, address: Option<IpAddr>, user: &str) -> bool {
        let table = self.state.table.read().unwrap_or_else(PoisonError::into_inner);
        if table.is_empty() {
            return false;
        }
        let Some(source) = address.and_then(source_of) else { return false };
        let now = self.context.clock.now();
        let is_in_force = |key| table.get(&key).is_some_and(|expires| *expires > now);
        is_in_force((source.clone(), None)) || is_in_force((source, Some(printable(user, MAX_USER))))
    }

    /// Counts a failed authentication. Bans, in memory at once and in the database soon, where there were too many.
    pub(crate) fn fail(&self, address: Option<IpAddr>, user: &str, user_agent: Option<&str>) {
        let Some(source) = address.and_then(source_of) else { return };
        let user = printable(user, MAX_USER);
        let now = self.context.clock.now();
        let Some(offence) = self.failures().record(&source, &user, now) else { return };
        let (user, reason, count, duration) = match offence {
            Offence::User { failures } => {
                (Some(user), format!("{failures} failed authentications of one user"), i64::from(failures), USER_BAN_MS)
            }
            Offence::Spraying { users } => {
                let count = i64::try_from(users).unwrap_or(i64::MAX);
                (None, format!("Failed authentications of {users} users"), count, SOURCE_BAN_MS)
            }
        };
        let flag = self.state.protection.of(&source);
        let ban = Ban {
            id: BanId::new(self.context.clock.ulid()),
            account_id: self.context.account.clone(),
            ip: source,
            user,
            node: None,
            reason,
            count,
            user_agent: user_agent.map(|text| printable(text, MAX_USER_AGENT)),
            lifted_at: flag.is_some().then_some(now),
            lifted_by: flag.clone(),
            flag,
            since: now,
            expires_at: Some(now.plus_millis(duration)),
            is_reported: false,
        };
        if ban.lifted_at.is_none() && !self.enforce(&ban, now) {
            return;
        }
        info!(source = %ban.ip, user = ban.user, reason = ban.reason, flag = ban.flag, "banned at the SIP edge");
        let security = self.clone();
        tokio::spawn(async move {
            if let Err(error) = security.write(ban).await {
                warn!(%error, "a ban of the SIP edge is in memory only: the database did not store it");
            }
        });
    }

    /// False where the table is full.
    fn enforce(&self, ban: &Ban, now: Timestamp) -> bool {
        let Some(expires) = ban.expires_at else { return false };
        let mut table = self.table_mut();
        if table.len() >= MAX_IN_FORCE {
            table.retain(|_, expires| *expires > now);
        }
        if table.len() >= MAX_IN_FORCE {
            warn!(source = %ban.ip, "the table of bans is full: the source is not banned");
            return false;
        }
        table.insert((ban.ip.clone(), ban.user.clone()), expires);
        true
    }

    async fn write(&self, ban: Ban) -> Result<()> {
        self.context.transact(None, ban, |uow, ban| Box::pin(insert(uow, ban))).await
    }

    /// A successful authentication: the user's failures there no longer count.
    pub(crate) fn succeed(&self, address: Option<IpAddr>, user: &str) {
        if let Some(source) = address.and_then(source_of) {
            self.failures().forget(&source, Some(user));
        }
    }

    /// The bans of the query, the newest first.
    pub async fn list(&self, actor: &Actor, query: &BanQuery) -> Result<BanList> {
        actor.require(Action::ReadEdge)?;
        self.bans(query).await
    }

    /// As [`Self::list`], for the edge itself.
    pub async fn bans(&self, query: &BanQuery) -> Result<BanList> {
        let now = self.context.clock.now();
        let parsed = query.parse()?;
        let filter = BanFilter { status: parsed.status, q: parsed.q, flagged: parsed.flagged };
        let mut tx = self.context.store.read().await?;
        let (bans, total) = tx.edge_bans(&self.context.account, &filter, (now, parsed.limit)).await?;
        Ok(BanList { bans: bans.iter().map(|ban| BanView::new(ban, now)).collect(), total })
    }

    /// Lifts a ban: its source starts from zero. The node that has made it lifts it after its next report.
    pub async fn lift(&self, actor: &Actor, id: &BanId) -> Result<BanView> {
        actor.require(Action::ManageEdgeSecurity)?;
        let input = (id.clone(), actor.name());
        let ban = self.context.transact(Some(actor), input, |uow, (id, by)| Box::pin(lift(uow, id, by))).await?;
        self.forget(&ban);
        Ok(BanView::new(&ban, self.context.clock.now()))
    }

    /// After a ban was lifted.
    fn forget(&self, ban: &Ban) {
        self.table_mut().remove(&(ban.ip.clone(), ban.user.clone()));
        self.failures().forget(&ban.ip, ban.user.as_deref());
    }

    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.state.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn table_mut(&self) -> std::sync::RwLockWriteGuard<'_, Table> {
        self.state.table.write().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn insert(uow: &mut UnitOfWork, ban: &Ban) -> Result<()> {
    uow.tx.insert_edge_ban(ban).await?;
    uow.publish(ChangedNoun::Edge, ChangeKind::Created, &ban.id);
    Ok(())
}

async fn lift(uow: &mut UnitOfWork, id: &BanId, by: &str) -> Result<Ban> {
    uow.require(Action::ManageEdgeSecurity).await?;
    let now = uow.now();
    let ban = uow.tx.edge_ban(&uow.account, id).await?.ok_or(Error::NotFound("ban"))?;
    if ban.status(now) != BanStatus::Active {
        return Ok(ban);
    }
    if !uow.tx.lift_edge_ban(id, now, by).await? {
        return Err(Error::ConcurrentChange);
    }
    let lifted = Ban { lifted_at: Some(now), lifted_by: Some(by.to_owned()), ..ban.clone() };
    let (before, after) = (BanView::new(&ban, now), BanView::new(&lifted, now));
    let name = ban.ip.to_string();
    uow.audit(Entry {
        action: AuditAction::Updated,
        subject_id: id.as_str(),
        subject_name: &name,
        before: Some(before),
        after: Some(after),
    })
    .await?;
    uow.publish(ChangedNoun::Edge, ChangeKind::Updated, id);
    Ok(lifted)
}
