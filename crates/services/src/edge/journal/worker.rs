//! Writes the journal to the database.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::{Journal, apply::apply, record::Entry, segment::Segment};
use crate::{Error, Result, context::Context};

/// How long records are gathered before they are written, so that one transaction writes many.
const PAUSE: Duration = Duration::from_millis(100);
/// Pause after the database could not be reached.
const RETRY: Duration = Duration::from_secs(1);
/// Records that one transaction writes.
const BATCH: usize = 500;

/// The worker; [`crate::Services::journal_worker`] makes it.
pub struct JournalWorker {
    context: Arc<Context>,
}

impl JournalWorker {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Runs until `stop` is cancelled, and then writes what is left, if the database can be reached.
    pub async fn run(self, stop: CancellationToken) {
        let journal = &self.context.journal;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = journal.shared.appended.notified() => {}
            }
            while let Err(error) = apply_all(&self.context).await {
                warn!(%error, waiting = journal.waiting_bytes(), "the journal of the edge could not be written to the database");
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = sleep(RETRY) => {}
                }
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = sleep(PAUSE) => {}
            }
        }
        if let Err(error) = apply_all(&self.context).await {
            warn!(%error, "the journal of the edge is written to the database at the next start");
        }
    }
}

/// Applies the files of servers that have ended.
pub(crate) async fn recover(context: &Arc<Context>) -> Result<()> {
    context.journal.adopt().map_err(super::JournalError::from)?;
    apply_all(context).await
}

/// Writes all records to the database, and deletes their files.
pub(crate) async fn apply_all(context: &Arc<Context>) -> Result<()> {
    let journal = context.journal.clone();
    let _one_at_a_time = journal.shared.applying.lock().await;
    while let Some(segment) = journal.oldest() {
        let mut guard = PutBack { journal: &journal, segment: Some(segment) };
        let Some(segment) = &mut guard.segment else { break };
        apply_file(context, segment.entries().map_err(super::JournalError::from)?).await?;
        guard.delete()?;
    }
    Ok(())
}

/// Gives the file back if it was not applied to its end.
struct PutBack<'a> {
    journal: &'a Journal,
    segment: Option<Segment>,
}

impl PutBack<'_> {
    fn delete(mut self) -> Result<()> {
        let Some(segment) = self.segment.take() else { return Ok(()) };
        let bytes = segment.length();
        segment.delete().map_err(super::JournalError::from)?;
        self.journal.shared.waiting.fetch_sub(bytes, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for PutBack<'_> {
    fn drop(&mut self) {
        if let Some(segment) = self.segment.take() {
            self.journal.put_back(segment);
        }
    }
}

async fn apply_file(context: &Arc<Context>, entries: Vec<Entry>) -> Result<()> {
    let mut entries = entries.into_iter().peekable();
    while entries.peek().is_some() {
        let batch: Arc<[Entry]> = entries.by_ref().take(BATCH).collect();
        match apply_batch(context, batch.clone()).await {
            Err(Error::Store(store::Error::Database(_) | store::Error::Corrupt { .. } | store::Error::Aborted)) => {
                one_by_one(context, &batch).await?;
            }
            applied => applied?,
        }
    }
    Ok(())
}

/// A record that the database refuses must not keep the others back.
async fn one_by_one(context: &Arc<Context>, batch: &[Entry]) -> Result<()> {
    for entry in batch {
        match apply_batch(context, Arc::from([entry.clone()])).await {
            Err(Error::Store(fault @ (store::Error::Database(_) | store::Error::Corrupt { .. }))) => {
                error!(error = %fault, ?entry, "the database refuses a record of the edge's journal");
            }
            applied => applied?,
        }
    }
    Ok(())
}

async fn apply_batch(context: &Arc<Context>, batch: Arc<[Entry]>) -> Result<()> {
    context.transact(None, batch, |uow, batch| Box::pin(apply(uow, batch))).await
}
