//! The first answer to the INVITE of each call.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use domain::Timestamp;

use crate::FirstAnswer;

#[derive(Default)]
pub struct Answers {
    by_call: HashMap<Arc<str>, (Timestamp, String)>,
    by_expiry: BTreeSet<(Timestamp, Arc<str>)>,
}

impl Answers {
    pub fn get(&self, call_id: &str, now: Timestamp) -> Option<String> {
        self.by_call.get(call_id).filter(|(expires_at, _)| *expires_at > now).map(|(_, answer)| answer.clone())
    }

    pub fn store_first(&mut self, call_id: &str, answer: &str, expires_at: Timestamp, now: Timestamp) -> FirstAnswer {
        while self.by_expiry.first().is_some_and(|(expires_at, _)| *expires_at <= now) {
            if let Some((_, expired)) = self.by_expiry.pop_first() {
                self.by_call.remove(&expired);
            }
        }
        if let Some((_, existing)) = self.by_call.get(call_id) {
            return FirstAnswer::Existing(existing.clone());
        }
        let call_id: Arc<str> = call_id.into();
        self.by_expiry.insert((expires_at, call_id.clone()));
        self.by_call.insert(call_id, (expires_at, answer.to_owned()));
        FirstAnswer::Stored
    }
}
