//! The account's numbers as Exotel listed them within the last minute.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{Exotel, IntegrationId, Timestamp};
use exotel::Listing;

use super::ExotelIntegration;
use crate::{Actor, Result};

/// Exotel grants 50 calls a minute, and a long list needs 40 of them. Showing, previewing and importing share one list.
const MAX_AGE_MILLIS: i64 = 60_000;

/// The last listing. There is one, because an installation has one account.
#[derive(Default)]
pub(super) struct ListingCache(Mutex<Option<CachedListing>>);

struct CachedListing {
    /// Id and version of the credentials that it was fetched with.
    credentials: (IntegrationId, i64),
    fetched_at: Timestamp,
    listing: Arc<Listing>,
}

impl ListingCache {
    fn get(&self, exotel: &Exotel, now: Timestamp) -> Option<Arc<Listing>> {
        let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let cached = cached.as_ref().filter(|cached| cached.credentials == (exotel.id.clone(), exotel.version))?;
        (now.millis() - cached.fetched_at.millis() < MAX_AGE_MILLIS).then(|| cached.listing.clone())
    }

    fn set(&self, exotel: &Exotel, fetched_at: Timestamp, listing: Arc<Listing>) {
        let cached = CachedListing { credentials: (exotel.id.clone(), exotel.version), fetched_at, listing };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cached);
    }

    /// For credentials that changed or were deleted.
    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl ExotelIntegration {
    /// The account's numbers, from the cache if it contains all of `required`: numbers may have been bought since.
    pub(super) async fn listing(&self, actor: &Actor, exotel: &Exotel, required: &[String]) -> Result<Arc<Listing>> {
        let now = self.context.clock.now();
        if let Some(cached) = self.listing_cache.get(exotel, now).filter(|cached| contains_all(cached, required)) {
            return Ok(cached);
        }
        let listing = Arc::new(self.call(actor, exotel, self.client.numbers(&exotel.settings)).await?);
        // An empty list costs a single call, and the operator will buy a number next.
        if !listing.numbers.is_empty() {
            self.listing_cache.set(exotel, now, listing.clone());
        }
        Ok(listing)
    }
}

fn contains_all(listing: &Listing, required: &[String]) -> bool {
    let listed: HashSet<&str> = listing.numbers.iter().map(|phone| phone.number.as_str()).collect();
    required.iter().all(|number| listed.contains(number.as_str()))
}
