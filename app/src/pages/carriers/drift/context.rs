use api_types::{
    Problem,
    view::{AdoptView, DriftView},
};
use domain::{BotId, CarrierId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::action::DriftAction;
use crate::{
    components::form::Form,
    pages::row_page::LiveRow,
    server_fns::{
        bot::list_bots,
        carrier::get_carrier,
        drift::{adopt_trunk, drift_report},
        read,
    },
    urls,
};

/// A carrier and its state in LiveKit, or why that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarrierDrift {
    pub carrier_id: CarrierId,
    pub carrier_name: String,
    pub report: Result<DriftView, Problem>,
}

pub async fn load(id: String) -> Result<CarrierDrift, Problem> {
    let not_found = |_| Problem::new(404, "not_found", "Not Found", "This is not the id of a carrier.");
    let carrier_id: CarrierId = id.parse().map_err(not_found)?;
    let (carrier_name, report) = match read(drift_report(carrier_id.clone())).await {
        Ok(report) => (report.carrier_name.clone(), Ok(report)),
        Err(problem) if matches!(problem.status, 401 | 404) => return Err(problem),
        // LiveKit failed. The carrier is in the database.
        Err(problem) => (read(get_carrier(carrier_id.clone())).await?.name, Err(problem)),
    };
    Ok(CarrierDrift { carrier_id, carrier_name, report })
}

/// Ids and names.
type Bots = Vec<(BotId, String)>;

/// What the adoption dialog loads; None while it is closed.
#[derive(Clone, Copy)]
pub struct Adoptions {
    pub bots: Resource<Option<Result<Bots, Problem>>>,
    /// The dry run of the choice in the address.
    pub preview: Resource<Option<Result<AdoptView, Problem>>>,
}

impl Adoptions {
    /// Created with the page, because resources are numbered in the order of their creation.
    pub fn new(id: Memo<String>, action: Memo<DriftAction>) -> Self {
        let is_open = Memo::new(move |_| matches!(action.get(), DriftAction::Adopt(_)));
        let bots = Resource::new(
            move || is_open.get(),
            |is_open| async move {
                if !is_open {
                    return None;
                }
                let bots = read(list_bots()).await;
                Some(bots.map(|page| page.items.into_iter().map(|bot| (bot.id, bot.name)).collect()))
            },
        );
        let preview = Resource::new(
            move || (id.get(), action.get().adoption().filter(|choice| choice.preview)),
            |(id, choice)| async move {
                let (Ok(id), Some(choice)) = (id.parse::<CarrierId>(), choice) else { return None };
                // Boxed, because it is too large for the stack frames that it is moved through.
                Some(Box::pin(read(adopt_trunk(id, choice.input()))).await)
            },
        );
        Self { bots, preview }
    }
}

/// The page, shared by its sections and dialogs.
#[derive(Clone, Copy)]
pub struct DriftContext {
    pub row: LiveRow<CarrierDrift>,
    pub action: Memo<DriftAction>,
    pub adoptions: Adoptions,
    carrier_id: StoredValue<CarrierId>,
    /// Counts the refreshes that the user asked for; an open dialog shows each of them.
    pub refreshed: RwSignal<u32>,
}

impl DriftContext {
    pub fn new(row: LiveRow<CarrierDrift>, action: Memo<DriftAction>, adoptions: Adoptions) -> Self {
        let carrier_id = row.current.with_untracked(|drift| drift.carrier_id.clone());
        let carrier_id = StoredValue::new(carrier_id);
        Self { row, action, adoptions, carrier_id, refreshed: RwSignal::new(0) }
    }

    pub fn carrier_id(self) -> CarrierId {
        self.carrier_id.get_value()
    }

    /// The page's address with this query.
    pub fn href(self, query: &[(&str, &str)]) -> String {
        urls::carrier_drift(&self.carrier_id()) + &urls::query(query)
    }

    /// A part of the report; the default while there is none. Changes only if that part changes.
    pub fn part<T: Clone + Default + PartialEq + Send + Sync + 'static>(self, part: fn(&DriftView) -> &T) -> Memo<T> {
        Memo::new(move |_| {
            self.row.current.with(|drift| drift.report.as_ref().map(|report| part(report).clone()).unwrap_or_default())
        })
    }

    /// The report, without tracking it: what a dialog confirms does not change while it is open.
    pub fn report_untracked(self) -> Option<DriftView> {
        self.row.current.with_untracked(|drift| drift.report.as_ref().ok().cloned())
    }

    /// Reads LiveKit again, and shows it in an open dialog too.
    pub fn refresh(self, form: Form) {
        form.send(load(self.carrier_id().to_string()), move |drift| {
            self.row.show(drift);
            self.adoptions.preview.refetch();
            self.refreshed.update(|count| *count += 1);
        });
    }
}
