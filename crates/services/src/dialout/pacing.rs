//! The carrier's pacing and the call's row, in one transaction.

use std::time::Duration;

use domain::{CallId, FleetUrl, PacingLimit, TokenBucket};
use store::ChannelLease;

use super::{DialoutError, Prepared};
use crate::{
    Error, Result,
    call::{self, Dialout},
    unit_of_work::UnitOfWork,
};

/// Takes a token and a channel of the carrier, and records the attempt.
pub(super) async fn open(
    uow: &mut UnitOfWork,
    prepared: &Prepared,
    server: &FleetUrl,
    lease: Duration,
) -> Result<CallId> {
    let carrier = uow.tx.carrier(&prepared.account, &prepared.carrier.id).await?.ok_or(Error::ConcurrentChange)?;
    let limits = carrier.settings;
    let now = uow.tx.database_millis().await?;
    if uow.tx.channels_in_use(&carrier.id, now).await? >= i64::from(limits.outbound_channels.get()) {
        let allowed = counted(limits.outbound_channels.get(), "call at once", "calls at once");
        return Err(DialoutError::Paced { limit: PacingLimit::Channels, allowed, retry_after_millis: 0 }.into());
    }
    let (cps, burst) = (limits.outbound_cps, limits.outbound_burst);
    let bucket = uow.tx.outbound_bucket(&carrier.id).await?.unwrap_or_else(|| TokenBucket::full(burst, now));
    match bucket.take(now, cps, burst) {
        Ok(bucket) => uow.tx.save_outbound_bucket(&carrier.id, bucket).await?,
        Err(retry_after_millis) => {
            let allowed = format!("{cps} calls per second, after a burst of {}", burst.get());
            return Err(DialoutError::Paced { limit: PacingLimit::Rate, allowed, retry_after_millis }.into());
        }
    }
    let dialout = Dialout {
        bot: prepared.bot.clone(),
        carrier: Some(prepared.carrier.clone()),
        did_id: Some(prepared.did_id.clone()),
        from: prepared.from.clone(),
        to: prepared.to.clone(),
        fleet_url: server.to_string(),
    };
    let call_id = call::open(uow, &dialout).await?;
    let channel = ChannelLease { call_id: call_id.clone(), carrier_id: carrier.id, did_id: prepared.did_id.clone() };
    uow.tx.insert_channel_lease(&channel, now.saturating_add(millis(lease))).await?;
    Ok(call_id)
}

/// Where no carrier has a free channel, before one is chosen.
pub(super) fn all_channels_busy() -> DialoutError {
    let allowed = "as many calls at once as it has channels".to_owned();
    DialoutError::Paced { limit: PacingLimit::Channels, allowed, retry_after_millis: 0 }
}

pub(super) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
