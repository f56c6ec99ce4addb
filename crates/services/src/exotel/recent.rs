//! What Exotel listed a moment ago.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{Exotel, IntegrationId, Timestamp};
use exotel::Listing;

use super::ExotelIntegration;
use crate::{Actor, Result};

/// Exotel grants 50 calls a minute, of which a long list takes 40: to show, preview and import it must cost one.
const FRESH_MILLIS: i64 = 60_000;

/// The last listing. There is one account, and so there is one.
#[derive(Default)]
pub(super) struct Recent(Mutex<Option<Kept>>);

struct Kept {
    /// Whose credentials it was asked with.
    of: (IntegrationId, i64),
    at: Timestamp,
    listing: Arc<Listing>,
}

impl Recent {
    fn get(&self, exotel: &Exotel, now: Timestamp) -> Option<Arc<Listing>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref().filter(|kept| kept.of == (exotel.id.clone(), exotel.version))?;
        (now.millis() - kept.at.millis() < FRESH_MILLIS).then(|| kept.listing.clone())
    }

    fn keep(&self, exotel: &Exotel, at: Timestamp, listing: Arc<Listing>) {
        let kept = Kept { of: (exotel.id.clone(), exotel.version), at, listing };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }

    /// With the credentials goes what they let one see.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl ExotelIntegration {
    /// The account's numbers, as Exotel lists them or did a moment ago. What was listed then counts only where all that
    /// are `wanted` are in it: others may have come since.
    pub(super) async fn listing(&self, actor: &Actor, exotel: &Exotel, wanted: &[String]) -> Result<Arc<Listing>> {
        let asked_at = self.context.clock.now();
        if let Some(kept) = self.recent.get(exotel, asked_at).filter(|kept| has_all(kept, wanted)) {
            return Ok(kept);
        }
        let listing = Arc::new(self.ask(actor, exotel, self.client.numbers(&exotel.settings)).await?);
        // An empty one costs a single call, and whoever sees it goes and buys a number.
        if !listing.numbers.is_empty() {
            self.recent.keep(exotel, asked_at, listing.clone());
        }
        Ok(listing)
    }
}

fn has_all(listing: &Listing, wanted: &[String]) -> bool {
    let listed: HashSet<&str> = listing.numbers.iter().map(|phone| phone.number.as_str()).collect();
    wanted.iter().all(|number| listed.contains(number.as_str()))
}
