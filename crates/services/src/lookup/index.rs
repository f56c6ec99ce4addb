//! Keeps the tables of lookups and of the SIP edge equal to the database.
//!
//! Whoever has committed a change adds its rows to the queue, then waits for the lock and reads them: all rows that are
//! queued by then, in one snapshot. Snapshots follow each other, and each row is read after its last commit, so that no
//! older state overwrites a newer one, in whatever order the changes arrive.

use std::{
    collections::BTreeSet,
    mem,
    sync::{
        Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

use api_types::view::{Change, ChangeKind, ChangedNoun};
use domain::{AccountId, BotId, CarrierId, DidId};
use store::{LookupCarrier, LookupDid, Store, Tx};
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tracing::{info, warn};

use super::{outbound_load::OutboundLoad, table::Table};
use crate::{
    Clock, Result,
    edge::index::{EdgeView, Table as EdgeTable},
};

/// DIDs or objects of the edge that are read by one statement while the table is built.
const PAGE: u32 = 5_000;
/// DIDs that are written into the table at once; lookups wait meanwhile.
const CHUNK: usize = 500;
/// How long the table counts as current after the outbox was compared, where other servers change the database.
const CURRENT_MILLIS: i64 = 300;

/// The table, what it lacks, and whether it may be used.
pub(crate) struct Index {
    table: RwLock<Table>,
    /// The configuration of the SIP edge; None before it is read for the first time.
    edge: RwLock<Option<EdgeTable>>,
    queue: Mutex<Queue>,
    /// Locked while rows are read and written into the table, one set after another.
    applying: AsyncMutex<()>,
    /// Notifies the worker that the table has to be built again.
    rebuild: Notify,
    /// When the outbox was compared with what the table contains, by two clocks: one of them stands still while the machine
    /// is suspended, the other can be set. None: no other server changes the database.
    compared: Option<[AtomicI64; 2]>,
    clock: Clock,
    load: OutboundLoad,
}

#[derive(Default)]
struct Queue {
    phase: Phase,
    stale: Stale,
    /// A commit's outcome is unknown: its transaction may still be open.
    commit_unknown: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    /// The table is not used, and changes are not followed.
    #[default]
    Unbuilt,
    /// Changes are queued.
    Building,
    /// Changes are applied.
    Built,
}

/// Rows that have changed since they were read.
#[derive(Default)]
struct Stale {
    carriers: Vec<CarrierId>,
    /// Carriers of which many DIDs have changed.
    dids_of: Vec<CarrierId>,
    dids: Vec<DidId>,
    /// Deleted ones.
    bots: Vec<BotId>,
    /// Objects of the edge.
    edge: BTreeSet<String>,
}

/// The size of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexSize {
    /// DIDs in it.
    pub dids: usize,
    /// Bytes that they and their carriers use.
    pub bytes: usize,
}

impl Index {
    pub fn new(is_shared: bool, clock: Clock) -> Self {
        Self {
            table: RwLock::default(),
            edge: RwLock::default(),
            queue: Mutex::default(),
            applying: AsyncMutex::default(),
            rebuild: Notify::new(),
            compared: is_shared.then(|| [AtomicI64::new(i64::MIN), AtomicI64::new(i64::MIN)]),
            clock,
            load: OutboundLoad::default(),
        }
    }

    pub fn load(&self) -> &OutboundLoad {
        &self.load
    }

    /// The table, if it is equal to the database.
    pub(super) fn current(&self) -> Option<RwLockReadGuard<'_, Table>> {
        self.is_current().then(|| self.table.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the SIP edge reads: the last known configuration, also while it may lack changes of other servers. None before
    /// the first one was read.
    pub fn edge(&self) -> Option<EdgeView<'_>> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        EdgeView::new(table, self.edge.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn is_current(&self) -> bool {
        let is_recent = match &self.compared {
            None => true,
            Some(compared) => compared.iter().zip(self.clocks()).all(|(compared, now)| {
                let age = now.checked_sub(compared.load(Ordering::Relaxed));
                age.is_some_and(|age| (0..=CURRENT_MILLIS).contains(&age))
            }),
        };
        is_recent && self.is_built()
    }

    pub fn is_built(&self) -> bool {
        self.queue().phase == Phase::Built
    }

    pub fn size(&self) -> IndexSize {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        IndexSize { dids: table.len(), bytes: table.allocated_bytes() }
    }

    /// Both clocks now, for [`Self::compared`].
    pub fn clocks(&self) -> [i64; 2] {
        [self.clock.monotonic_millis(), self.clock.now().millis()]
    }

    /// The table contains everything that was committed at that time.
    pub fn compared(&self, at: [i64; 2]) {
        for (compared, at) in self.compared.iter().flatten().zip(at) {
            compared.store(at, Ordering::Relaxed);
        }
    }

    /// Changes of other servers may be missing from now on.
    pub fn disconnected(&self) {
        self.compared([i64::MIN; 2]);
    }

    /// The table may lack anything: it is not used until it is built again.
    pub fn invalidate(&self) {
        self.discard(false);
    }

    /// As [`Self::invalidate`], after a commit whose outcome is unknown.
    pub fn commit_unknown(&self) {
        self.discard(true);
    }

    fn discard(&self, commit_unknown: bool) {
        let mut queue = self.queue();
        queue.commit_unknown |= commit_unknown;
        if queue.phase != Phase::Unbuilt {
            queue.phase = Phase::Unbuilt;
            queue.stale = Stale::default();
            self.rebuild.notify_one();
        }
    }

    /// Resolves when the table has to be built again.
    pub async fn invalidated(&self) {
        self.rebuild.notified().await;
    }

    /// Reads the whole account into the table, and uses it from then on.
    pub async fn build(&self, store: &Store, account: &AccountId) -> Result<()> {
        let started = Instant::now();
        let _applying = self.applying.lock().await;
        let unfinished = Unfinished(self);
        let wait_for_commit = {
            let mut queue = self.queue();
            (queue.phase, queue.stale) = (Phase::Building, Stale::default());
            mem::take(&mut queue.commit_unknown)
        };
        if wait_for_commit {
            #[expect(clippy::disallowed_methods, reason = "waits for the transactions before it, and changes nothing")]
            drop(store.write().await?);
        }
        let (table, edge) = {
            let mut tx = store.read().await?;
            (read_all(&mut tx, account).await?, EdgeTable::read(&mut tx, account).await?)
        };
        let (devices, edge_bytes) = (edge.device_count(), edge.allocated_bytes());
        *self.write_edge() = Some(edge);
        {
            let mut current = self.write_table();
            *current = table;
            current.attach(self.load.clone());
        }
        while let Some(stale) = self.next_stale(Phase::Built) {
            self.refresh(store, stale).await?;
        }
        mem::forget(unfinished);
        let IndexSize { dids, bytes } = self.size();
        let millis = started.elapsed().as_millis();
        info!(dids, bytes, devices, edge_bytes, millis, "the index of phone numbers and of the SIP edge is built");
        Ok(())
    }

    /// Brings what these committed changes concern into the table. On return the table contains them, or is not used.
    pub async fn apply(&self, store: &Store, changes: &[Change]) {
        {
            let mut queue = self.queue();
            if queue.phase == Phase::Unbuilt || !queue.stale.add(changes) {
                return;
            }
            if changes.iter().any(|change| change.noun == ChangedNoun::All) {
                drop(queue);
                return self.invalidate();
            }
            if queue.phase == Phase::Building {
                return;
            }
        }
        let _applying = self.applying.lock().await;
        let unfinished = Unfinished(self);
        // Another task may have applied them meanwhile.
        while let Some(stale) = self.next_stale(Phase::Built) {
            if let Err(error) = self.refresh(store, stale).await {
                warn!(%error, "the index of phone numbers could not follow a change; it is built again");
                return;
            }
        }
        mem::forget(unfinished);
    }

    /// What is queued. Where that is nothing, the phase becomes this one, unless the table was invalidated.
    fn next_stale(&self, then: Phase) -> Option<Stale> {
        let mut queue = self.queue();
        if queue.phase == Phase::Unbuilt {
            return None;
        }
        if queue.stale.is_empty() {
            queue.phase = then;
            return None;
        }
        Some(mem::take(&mut queue.stale))
    }

    /// Reads the rows again, and writes them into the table.
    async fn refresh(&self, store: &Store, stale: Stale) -> Result<()> {
        let mut tx = store.read().await?;
        let carriers = read_carriers(&mut tx, &stale.carriers).await?;
        let dids = tx.lookup_dids_by_ids(&texts(&stale.dids, DidId::as_str)).await?;
        let edge_carriers = tx.edge_carriers_by_ids(&texts(&stale.carriers, CarrierId::as_str)).await?;
        let edge_ids: Vec<&str> = stale.edge.iter().map(String::as_str).collect();
        let edge_objects = tx.edge_objects_by_ids(&edge_ids).await?;
        if !stale.carriers.is_empty() || !edge_ids.is_empty() {
            let mut edge = self.write_edge();
            if let Some(edge) = edge.as_mut() {
                edge.refresh((&stale.carriers, edge_carriers), (&edge_ids, &edge_objects));
            }
        }
        let unknown: Vec<CarrierId> = {
            let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
            let is_unknown = |id: &CarrierId| !table.has_carrier(id) && !carriers.iter().any(|row| row.id == *id);
            let named = dids.iter().map(|did| &did.carrier_id).chain(&stale.dids_of);
            named.filter(|id| is_unknown(id)).cloned().collect()
        };
        // Committed by another task, which has not queued it yet.
        let unknown = read_carriers(&mut tx, &unknown).await?;
        {
            let mut table = self.write_table();
            let gone = |id: &&CarrierId| !carriers.iter().any(|row| row.id == **id);
            stale.carriers.iter().filter(gone).for_each(|id| table.remove_carrier(id));
            carriers.iter().chain(&unknown).for_each(|row| table.put_carrier(row));
            let gone = |id: &&DidId| !dids.iter().any(|row| row.id == **id);
            stale.dids.iter().filter(gone).for_each(|id| table.remove_did(id));
            dids.iter().for_each(|row| table.put_did(row));
            stale.bots.iter().for_each(|id| table.remove_bot(id));
        }
        for carrier in &stale.dids_of {
            self.replace_dids(carrier, tx.lookup_dids_of(carrier).await?);
        }
        Ok(())
    }

    /// In parts, so that lookups go on meanwhile.
    fn replace_dids(&self, carrier: &CarrierId, rows: Vec<LookupDid>) {
        let mut gone: std::collections::HashSet<DidId> = self.write_table().dids_of(carrier).into_iter().collect();
        for row in &rows {
            gone.remove(&row.id);
        }
        let gone: Vec<DidId> = gone.into_iter().collect();
        for ids in gone.chunks(CHUNK) {
            let mut table = self.write_table();
            ids.iter().for_each(|id| table.remove_did(id));
        }
        for rows in rows.chunks(CHUNK) {
            let mut table = self.write_table();
            rows.iter().for_each(|row| table.put_did(row));
        }
    }

    fn write_edge(&self) -> RwLockWriteGuard<'_, Option<EdgeTable>> {
        self.edge.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_table(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Invalidates the index on its drop: the task failed, or was cancelled, after it had removed rows from the queue.
struct Unfinished<'a>(&'a Index);

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        self.0.invalidate();
    }
}

impl Stale {
    /// Whether the changes concern the index.
    fn add(&mut self, changes: &[Change]) -> bool {
        let mut concerned = false;
        for Change { noun, kind, id } in changes {
            concerned |= match noun {
                ChangedNoun::Carrier => push(&mut self.carriers, id),
                ChangedNoun::Did => push(&mut self.dids, id) || push(&mut self.dids_of, id),
                ChangedNoun::Bot if *kind == ChangeKind::Deleted => push(&mut self.bots, id),
                ChangedNoun::Edge if !id.is_empty() => {
                    self.edge.insert(id.clone());
                    true
                }
                ChangedNoun::All => true,
                _ => false,
            };
        }
        concerned
    }

    fn is_empty(&self) -> bool {
        let rows = self.carriers.len() + self.dids_of.len() + self.dids.len() + self.bots.len() + self.edge.len();
        rows == 0
    }
}

/// Whether the text is such an id.
fn push<T: std::str::FromStr + PartialEq>(list: &mut Vec<T>, id: &str) -> bool {
    let Ok(id) = id.parse() else { return false };
    if !list.contains(&id) {
        list.push(id);
    }
    true
}

fn texts<T>(ids: &[T], text: impl Fn(&T) -> &str) -> Vec<&str> {
    ids.iter().map(text).collect()
}

async fn read_carriers(tx: &mut Tx, ids: &[CarrierId]) -> Result<Vec<LookupCarrier>> {
    Ok(tx.lookup_carriers_by_ids(&texts(ids, CarrierId::as_str)).await?)
}

async fn read_all(tx: &mut Tx, account: &AccountId) -> Result<Table> {
    let count = tx.totals(account).await?.numbers;
    let mut table = Table::with_capacity(usize::try_from(count).unwrap_or_default());
    tx.lookup_carriers(account).await?.iter().for_each(|row| table.put_carrier(row));
    let mut after = String::new();
    loop {
        let rows = tx.lookup_dids_after(account, &after, PAGE).await?;
        rows.iter().for_each(|row| table.put_did(row));
        let Some(last) = rows.last().filter(|_| rows.len() == PAGE as usize) else { return Ok(table) };
        last.number.key().clone_into(&mut after);
    }
}
