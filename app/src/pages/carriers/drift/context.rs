use api_types::{
    Problem,
    view::{AdoptView, BotView, DriftView},
};

use crate::urls;

/// The data of the drift page, shared by its sections and dialogs.
#[derive(Clone)]
pub struct DriftContext {
    pub report: DriftView,
    pub bots: Vec<BotView>,
    /// The dry run of the adoption in the address.
    pub preview: Option<Result<AdoptView, Problem>>,
}

impl DriftContext {
    /// The page's address with this query.
    pub fn href(&self, query: &[(&str, &str)]) -> String {
        urls::carrier_drift(&self.report.carrier_id) + &urls::query(query)
    }
}
