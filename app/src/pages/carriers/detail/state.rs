use domain::{
    BotId, CarrierId, DidId,
    view::{BotView, CarrierView, ChangedNoun, DidView},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{api, pages::deletion::Deletion, urls};

/// What the page was opened with.
#[derive(Clone)]
pub struct Loaded {
    pub carrier: CarrierView,
    pub bots: Vec<BotView>,
}

/// What the page's parts share. Changes from elsewhere arrive here and touch only what shows them: a form that is being
/// filled in stays as it is.
#[derive(Clone, Copy)]
pub struct Detail {
    pub id: StoredValue<CarrierId>,
    pub carrier: RwSignal<CarrierView>,
    pub bots: RwSignal<Vec<BotView>>,
    pub deletion: Deletion,
}

impl Detail {
    pub fn new(loaded: Loaded) -> Self {
        Self {
            deletion: Deletion::watch(ChangedNoun::Carrier, loaded.carrier.id.to_string()),
            id: StoredValue::new(loaded.carrier.id.clone()),
            carrier: RwSignal::new(loaded.carrier),
            bots: RwSignal::new(loaded.bots),
        }
    }

    /// Address of the page with that query.
    pub fn href(self, query: &[(&str, &str)]) -> String {
        urls::carrier(&self.id.get_value()) + &urls::query(query)
    }

    /// Address that a form of the page posts to.
    pub fn action(self, rest: &str) -> String {
        format!("{}/{rest}", urls::carrier(&self.id.get_value()))
    }

    /// Asks again. What cannot be read now stays as it was: the next event asks anew.
    pub fn refresh(self) {
        if self.deletion.under_way() {
            return;
        }
        let id = self.id.get_value();
        spawn_local(async move {
            match api::carrier::get(id).await {
                Ok(carrier) => self.show(carrier),
                Err(problem) if problem.status == 404 => self.deletion.found(),
                Err(_) => {}
            }
        });
    }

    pub fn refresh_bots(self) {
        spawn_local(async move {
            if let Ok(bots) = api::bot::list().await
                && self.bots.try_with_untracked(|shown| *shown != bots.items) == Some(true)
            {
                self.bots.set(bots.items);
            }
        });
    }

    pub fn show(self, carrier: CarrierView) {
        if self.carrier.try_with_untracked(|shown| *shown != carrier) == Some(true) {
            self.carrier.set(carrier);
        }
    }

    /// A number as it was just saved; a new one goes to the end until the list is read again.
    pub fn put_number(self, did: DidView) {
        let _ = self.carrier.try_update(|carrier| match carrier.dids.iter_mut().find(|old| old.id == did.id) {
            Some(old) => *old = did,
            None => {
                carrier.dids.push(did);
                carrier.did_count += 1;
            }
        });
    }

    pub fn drop_number(self, id: &DidId) {
        let _ = self.carrier.try_update(|carrier| {
            carrier.dids.retain(|did| did.id != *id);
            carrier.did_count = i64::try_from(carrier.dids.len()).unwrap_or(i64::MAX);
        });
    }

    pub fn number(self, id: &DidId) -> Option<DidView> {
        self.carrier.with_untracked(|carrier| carrier.dids.iter().find(|did| did.id == *id).cloned())
    }

    /// Tracks the bots.
    pub fn bot_name(self, id: &BotId) -> Option<String> {
        self.bots.with(|bots| bots.iter().find(|bot| bot.id == *id).map(|bot| bot.name.clone()))
    }
}

pub fn use_detail() -> Detail {
    expect_context()
}
