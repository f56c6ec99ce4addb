//! What a lookup found, and whether it can be used. The same rules for rows from memory and from the database.

use api_types::view::{DidLookup, OutboundTrunkLookup, RateLimit};
use domain::{BotId, DidId, Direction, SyncStatus};
use store::LookupCarrier;

use super::{
    LookupError,
    reading::{Reading, plain_key, readings},
    table::Table,
};

/// A DID with its carrier.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DidMatch {
    pub did_id: DidId,
    /// [`domain::PhoneNumber::canonical`].
    pub number: String,
    pub direction: Direction,
    pub bot_id: Option<BotId>,
    pub carrier: LookupCarrier,
}

impl DidMatch {
    /// For an inbound call. The carrier's sync status does not matter: LiveKit has accepted the call already.
    pub fn answering(self) -> Result<DidLookup, LookupError> {
        if !self.direction.rings() {
            return Err(LookupError::OutboundOnly);
        }
        let bot_id = self.bot_id.ok_or(LookupError::NoBot)?;
        Ok(DidLookup { bot_id, carrier_id: self.carrier.id, did_id: self.did_id })
    }

    /// For an outbound call, which needs the carrier's trunk as LiveKit has it.
    pub fn calling(self) -> Result<OutboundTrunkLookup, LookupError> {
        if !self.direction.dials() {
            return Err(LookupError::InboundOnly);
        }
        let LookupCarrier { id, status, outbound_trunk_id, cps, burst, channels, .. } = self.carrier;
        match status {
            SyncStatus::Synced => {}
            SyncStatus::Pending => return Err(LookupError::CarrierPending),
            SyncStatus::Error => return Err(LookupError::CarrierFailed),
        }
        Ok(OutboundTrunkLookup {
            trunk_id: outbound_trunk_id.ok_or(LookupError::NoOutboundTrunk)?,
            from_number: self.number.clone(),
            number: self.number,
            carrier_id: id,
            did_id: self.did_id,
            rate_limit: RateLimit { cps, burst: burst.get(), channels: channels.get() },
        })
    }
}

/// The DID that the text means. A DID whose key is the text itself comes first, as LiveKit compares called numbers; a
/// national form counts on a carrier of its country.
pub(super) fn select(readings: &[Reading], find: impl Fn(&str) -> Option<DidMatch>) -> Result<DidMatch, LookupError> {
    let (exact, national): (Vec<_>, Vec<_>) = readings.iter().partition(|reading| reading.country.is_none());
    if let Some(found) = exact.into_iter().find_map(|reading| find(&reading.key)) {
        return Ok(found);
    }
    let of_country = |reading: &Reading| find(&reading.key).filter(|found| found.carrier.country == reading.country);
    let mut matches: Vec<DidMatch> = national.into_iter().filter_map(of_country).collect();
    match (matches.pop(), matches.is_empty()) {
        (None, _) => Err(LookupError::UnknownNumber),
        (Some(found), true) => Ok(found),
        (Some(_), false) => Err(LookupError::AmbiguousNumber),
    }
}

/// The DID of the table that the text means.
pub(crate) fn find_in(table: &Table, text: &str) -> Option<DidMatch> {
    if let Some(found) = plain_key(text).and_then(|key| table.find(key)) {
        return Some(found);
    }
    let readings = readings(text, &table.countries()).ok()?;
    select(&readings, |key| table.find(key)).ok()
}

/// Why no carrier can place a call, where `pending` and `failed` ones have DIDs for outbound calls.
pub(super) fn none_available(pending: bool, failed: bool) -> LookupError {
    match (pending, failed) {
        (true, _) => LookupError::CarrierPending,
        (false, true) => LookupError::CarrierFailed,
        (false, false) => LookupError::NoOutboundTrunk,
    }
}
