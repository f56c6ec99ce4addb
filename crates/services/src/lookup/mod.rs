//! Lookups on a call's path: who answers a called number, and by which trunk to call out.
//!
//! They are answered from memory. While the table in memory is not known to be equal to the database, the database
//! answers, by the same rules (docs/decisions/0015-number-index.md). There is no actor: CXB Core asks, for the account.

mod did_match;
mod error;
mod index;
mod outbound_load;
mod reading;
mod table;
#[cfg(test)]
mod table_tests;
mod worker;

use std::{collections::HashMap, sync::Arc};

use api_types::view::{DidLookup, OutboundTrunkLookup};
use domain::{FieldFault, SyncStatus};
use store::{LookupCarrier, LookupDid, Tx};

pub(crate) use self::index::Index;
pub(crate) use self::{
    did_match::{DidMatch, find_in},
    table::Table,
};
use self::{
    did_match::{none_available, select},
    outbound_load::Selection,
    reading::{plain_key, readings},
};
pub use self::{error::LookupError, index::IndexSize, outbound_load::OutboundLoad, worker::IndexWorker};
use crate::{Error, Result, context::Context};

/// Use cases of CXB Core's lookups.
#[derive(Clone)]
pub struct Lookups {
    context: Arc<Context>,
}

impl Lookups {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// The bot that answers calls of this number, which may be written in any way.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is no phone number, [`Error::Lookup`] where no bot answers it.
    pub async fn did(&self, number: &str) -> Result<DidLookup> {
        Ok(self.find(number).await.map_err(|error| error.of_field("number"))?.answering()?)
    }

    /// The trunk for a call from this number; without one, from the next DID of the least loaded carrier.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is no phone number, [`Error::Lookup`] where no call can be placed from it.
    pub async fn outbound_trunk(&self, from_number: Option<&str>) -> Result<OutboundTrunkLookup> {
        let found = match from_number {
            Some(number) => self.find(number).await.map_err(|error| error.of_field("from_number"))?,
            None => self.select().await?,
        };
        Ok(found.calling()?)
    }

    /// What whoever places calls reports them to.
    pub fn outbound_load(&self) -> &OutboundLoad {
        self.context.index.load()
    }

    /// Whether lookups are answered from memory at the moment.
    pub fn is_in_memory(&self) -> bool {
        self.context.index.is_current()
    }

    /// The size of the table in memory.
    pub fn index_size(&self) -> IndexSize {
        self.context.index.size()
    }

    async fn find(&self, text: &str) -> Result<DidMatch, FindError> {
        match self.find_in_memory(text) {
            Some(found) => found,
            None => self.find_stored(text).await,
        }
    }

    /// None where the table is not current.
    fn find_in_memory(&self, text: &str) -> Option<Result<DidMatch, FindError>> {
        let table = self.context.index.current()?;
        if let Some(found) = plain_key(text).and_then(|key| table.find(key)) {
            return Some(Ok(found));
        }
        let countries = table.countries();
        // Numbering plans are slow compared with the table: changes do not wait for them.
        drop(table);
        let readings = match readings(text, &countries) {
            Ok(readings) => readings,
            Err(fault) => return Some(Err(fault.into())),
        };
        let table = self.context.index.current()?;
        Some(select(&readings, |key| table.find(key)).map_err(Into::into))
    }

    async fn find_stored(&self, text: &str) -> Result<DidMatch, FindError> {
        let account = &self.context.account;
        let mut tx = self.context.store.read().await?;
        let readings = readings(text, &tx.carrier_countries(account).await?)?;
        let keys: Vec<&str> = readings.iter().map(|reading| reading.key.as_str()).collect();
        let mut found = HashMap::new();
        for did in tx.lookup_dids_by_keys(account, &keys).await? {
            let key = did.number.key().to_owned();
            found.extend(with_carrier(&mut tx, did).await?.map(|did| (key, did)));
        }
        Ok(select(&readings, |key| found.get(key).cloned())?)
    }

    async fn select(&self) -> Result<DidMatch> {
        let selected = self.context.index.current().map(|table| table.select(self.outbound_load()));
        match selected {
            Some(selected) => Ok(selected?),
            None => self.select_stored().await,
        }
    }

    async fn select_stored(&self) -> Result<DidMatch> {
        let mut tx = self.context.store.read().await?;
        let carriers = tx.lookup_calling_carriers(&self.context.account).await?;
        let is_candidate =
            |carrier: &&LookupCarrier| carrier.status == SyncStatus::Synced && carrier.outbound_trunk_id.is_some();
        let load = self.outbound_load();
        let candidates = carriers.iter().filter(is_candidate);
        let (id, start) =
            match load.select_among(candidates.map(|carrier| (carrier.id.ulid().into(), carrier.channels.get()))) {
                Selection::Carrier { id, start } => (id, start),
                Selection::Busy => return Err(LookupError::ChannelsBusy.into()),
                Selection::None => {
                    let any = |status| carriers.iter().any(|carrier| carrier.status == status);
                    return Err(none_available(any(SyncStatus::Pending), any(SyncStatus::Error)).into());
                }
            };
        let carrier = carriers.into_iter().find(|carrier| u128::from(carrier.id.ulid()) == id);
        let carrier = carrier.ok_or(LookupError::NoOutboundTrunk)?;
        let count = tx.count_calling_dids(&carrier.id).await?;
        let mut first = None;
        for step in 0..count.min(OutboundLoad::DIDS_TRIED.into()) {
            let offset = (i64::from(start) + step) % count;
            let Some(did) = tx.lookup_calling_did(&carrier.id, offset).await? else { continue };
            if load.is_free(&did.id) {
                return Ok(did_match(did, carrier));
            }
            first = first.or(Some(did));
        }
        Ok(did_match(first.ok_or(LookupError::NoOutboundTrunk)?, carrier))
    }
}

async fn with_carrier(tx: &mut Tx, did: LookupDid) -> Result<Option<DidMatch>, store::Error> {
    let carrier = tx.lookup_carriers_by_ids(&[did.carrier_id.as_str()]).await?.pop();
    Ok(carrier.map(|carrier| did_match(did, carrier)))
}

fn did_match(did: LookupDid, carrier: LookupCarrier) -> DidMatch {
    let LookupDid { id, number, direction, bot_id, .. } = did;
    DidMatch { did_id: id, number: number.canonical().to_owned(), direction, bot_id, carrier }
}

/// Why no DID was found; the field of the number is the caller's.
enum FindError {
    Number(FieldFault),
    Lookup(LookupError),
    Store(store::Error),
}

impl FindError {
    fn of_field(self, field: &str) -> Error {
        match self {
            Self::Number(fault) => Error::field(field, fault),
            Self::Lookup(error) => error.into(),
            Self::Store(error) => error.into(),
        }
    }
}

macro_rules! from {
    ($($source:ty => $variant:ident),+) => {
        $(impl From<$source> for FindError {
            fn from(source: $source) -> Self {
                Self::$variant(source)
            }
        })+
    };
}

from! { FieldFault => Number, LookupError => Lookup, store::Error => Store }
