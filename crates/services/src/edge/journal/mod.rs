//! The journal: what the edge was answered is written to a file before the answer, and to the database afterwards.
//! (docs/decisions/0025-edge-journal.md)

mod apply;
mod record;
mod segment;
mod worker;

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use thiserror::Error;
use tokio::sync::Notify;

pub(crate) use self::worker::{apply_all, recover};
use self::{record::Entry, segment::Segment};
pub use self::{record::Record, worker::JournalWorker};
use crate::Clock;

/// A file that is longer is closed, and the next one is begun.
const SEGMENT_BYTES: u64 = 8 << 20;
/// Bytes that may wait for the database, unless [`Journal::with_limit`] says otherwise: about 5 million steps.
const LIMIT_BYTES: u64 = 1 << 30;

/// Why nothing was recorded. The request is not to be answered as if it had been.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The database has been away for too long.
    #[error("the journal of the edge is full; it is written to the database as soon as that can be reached")]
    Full,
    /// The data folder cannot be written.
    #[error("the journal of the edge cannot be written: {0}")]
    Io(#[from] std::io::Error),
}

/// Appends records; cheap to clone.
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    clock: Clock,
    limit: u64,
    files: Mutex<Files>,
    /// Bytes that are not in the database yet.
    waiting: AtomicU64,
    appended: Notify,
    /// One application at a time.
    applying: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Files {
    active: Option<Segment>,
    /// The oldest first.
    closed: VecDeque<Segment>,
}

impl Journal {
    /// In a folder, which the first record creates.
    pub fn new(folder: PathBuf, clock: Clock) -> Self {
        Self::with_limit(folder, clock, LIMIT_BYTES)
    }

    /// With another limit of the bytes that may wait for the database.
    pub fn with_limit(folder: PathBuf, clock: Clock, limit: u64) -> Self {
        let shared = Shared {
            folder,
            clock,
            limit,
            files: Mutex::default(),
            waiting: AtomicU64::default(),
            appended: Notify::new(),
            applying: tokio::sync::Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Appends records. When this returns they survive the end of the process, though not a power failure: they are in the
    /// operating system's cache. Takes microseconds.
    ///
    /// # Errors
    /// [`JournalError`]; nothing was recorded.
    pub fn append(&self, records: Vec<Record>) -> Result<(), JournalError> {
        let shared = &*self.shared;
        if shared.waiting.load(Ordering::Relaxed) >= shared.limit {
            return Err(JournalError::Full);
        }
        let mut files = shared.files.lock().unwrap_or_else(PoisonError::into_inner);
        // Ids are made under the lock, so that they are in the order of the file.
        let mut lines = Vec::with_capacity(records.len() * 256);
        for record in records {
            let entry = Entry { id: shared.clock.ulid().to_string(), record };
            serde_json::to_writer(&mut lines, &entry).map_err(std::io::Error::from)?;
            lines.push(b'\n');
        }
        if files.active.as_ref().is_some_and(|active| active.length() >= SEGMENT_BYTES) {
            let full = files.active.take();
            files.closed.extend(full);
        }
        let active = match &mut files.active {
            Some(active) => active,
            none => none.insert(Segment::create(&shared.folder, &shared.clock.ulid().to_string())?),
        };
        active.append(&lines)?;
        shared.waiting.fetch_add(lines.len() as u64, Ordering::Relaxed);
        drop(files);
        shared.appended.notify_one();
        Ok(())
    }

    /// Bytes that are not in the database yet.
    pub fn waiting_bytes(&self) -> u64 {
        self.shared.waiting.load(Ordering::Relaxed)
    }

    /// Adopts the files of servers that have ended. They are older than what this server appends.
    fn adopt(&self) -> std::io::Result<()> {
        let segments = Segment::abandoned(&self.shared.folder)?;
        let bytes = segments.iter().map(Segment::length).sum();
        self.shared.waiting.fetch_add(bytes, Ordering::Relaxed);
        let mut files = self.shared.files.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = std::mem::take(&mut files.closed);
        files.closed = segments.into_iter().chain(newer).collect();
        Ok(())
    }

    /// The oldest file that nothing is appended to any more.
    fn oldest(&self) -> Option<Segment> {
        let mut files = self.shared.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.closed.is_empty() { files.active.take() } else { files.closed.pop_front() }
    }

    /// Gives back a file that was not applied.
    fn put_back(&self, segment: Segment) {
        self.shared.files.lock().unwrap_or_else(PoisonError::into_inner).closed.push_front(segment);
    }
}
