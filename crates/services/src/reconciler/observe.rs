//! What LiveKit has of the carriers that are to be synced.
//!
//! A few carriers are listed by the ids of their objects and by the numbers that they want, so that the cost of an edit does
//! not grow with the project. Whole projects are listed where these ids are not known (after a lost answer, and where
//! somebody asks for a sync), and for many carriers at once.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    CarrierId,
    livekit::{Desired, Observed, bare},
};
use livekit::{Client, Selection};
use store::{Store, SyncTask};
use thiserror::Error;

use super::apply::load_desired;

/// LiveKit compares each number of each trunk with each number that it is asked for, so that beyond these a full list is
/// cheaper.
const SELECTED_TASKS: usize = 10;
const SELECTED_NUMBERS: usize = 200;

pub(super) struct Observation {
    pub observed: Observed,
    /// The desired state of each carrier for which LiveKit was asked; empty where everything was listed.
    pub desired: BTreeMap<CarrierId, Desired>,
    /// `observed` is the whole project.
    pub complete: bool,
}

/// Why LiveKit was not observed.
#[derive(Debug, Error)]
pub(super) enum ObserveError {
    /// The database does not say what to list.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// LiveKit did not list its objects.
    #[error(transparent)]
    LiveKit(#[from] livekit::Error),
}

pub(super) async fn observe(store: &Store, livekit: &Client, tasks: &[SyncTask]) -> Result<Observation, ObserveError> {
    Ok(match select(store, tasks).await? {
        Some((selection, desired)) => {
            Observation { observed: livekit.list_selected(&selection).await?, desired, complete: false }
        }
        None => Observation { observed: livekit.list_all().await?, desired: BTreeMap::new(), complete: true },
    })
}

/// None where everything has to be listed.
async fn select(store: &Store, tasks: &[SyncTask]) -> store::Result<Option<(Selection, BTreeMap<CarrierId, Desired>)>> {
    if tasks.len() > SELECTED_TASKS {
        return Ok(None);
    }
    let mut tx = store.read().await?;
    let mut selection = Selection::default();
    let mut numbers = BTreeSet::new();
    let mut all_desired = BTreeMap::new();
    for task in tasks {
        let Some(ids) = tx.livekit_objects(&task.carrier_id).await? else { return Ok(None) };
        let desired = load_desired(&mut tx, &task.account_id, &task.carrier_id).await?;
        selection.inbound_ids.extend(ids.inbound);
        selection.outbound_ids.extend(ids.outbound);
        selection.outbound_ids.extend(desired.outbound_id.clone());
        selection.rule_ids.extend(ids.rules);
        // LiveKit ignores the plus.
        numbers.extend(desired.inbound.iter().flat_map(|it| &it.trunk.numbers).map(|number| bare(number).to_owned()));
        all_desired.insert(task.carrier_id.clone(), desired);
    }
    if numbers.len() > SELECTED_NUMBERS {
        return Ok(None);
    }
    selection.numbers = numbers.into_iter().collect();
    Ok(Some((selection, all_desired)))
}
