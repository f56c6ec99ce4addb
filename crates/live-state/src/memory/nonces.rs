//! The highest count of each nonce.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use domain::Timestamp;

use crate::NonceUse;

#[derive(Default)]
pub struct Nonces {
    last: HashMap<Arc<str>, LastUse>,
    by_expiry: BTreeSet<(Timestamp, Arc<str>)>,
}

struct LastUse {
    count: u32,
    response: Box<str>,
}

impl Nonces {
    pub fn record(
        &mut self,
        nonce: &str,
        count: u32,
        response: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> NonceUse {
        self.forget_expired(now);
        if let Some(last) = self.last.get_mut(nonce) {
            if count == last.count && *response == *last.response {
                return NonceUse::Retransmission;
            }
            if count <= last.count {
                return NonceUse::Replay;
            }
            *last = LastUse { count, response: response.into() };
            return NonceUse::Fresh;
        }
        let nonce: Arc<str> = nonce.into();
        self.by_expiry.insert((expires_at, nonce.clone()));
        self.last.insert(nonce, LastUse { count, response: response.into() });
        NonceUse::Fresh
    }

    fn forget_expired(&mut self, now: Timestamp) {
        while self.by_expiry.first().is_some_and(|(expires_at, _)| *expires_at <= now) {
            if let Some((_, nonce)) = self.by_expiry.pop_first() {
                self.last.remove(&nonce);
            }
        }
    }
}
