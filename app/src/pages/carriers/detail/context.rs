use api_types::view::{BotView, CarrierView};
use domain::BotId;
use leptos_router::params::ParamsMap;

use crate::urls;

/// The data of the carrier's page, shared by its sections and dialogs.
pub struct CarrierContext {
    pub carrier: CarrierView,
    pub bots: Vec<BotView>,
    pub did_filter: DidFilter,
}

/// Which phone numbers the address asks for.
pub struct DidFilter {
    pub text: String,
    /// Without a limit on the rows.
    pub all: bool,
}

impl CarrierContext {
    /// The page's address with this query and the same filter.
    pub fn href(&self, query: &[(&str, &str)]) -> String {
        let filter = [("numbers", self.did_filter.text.as_str()), ("all", if self.did_filter.all { "1" } else { "" })];
        urls::carrier(&self.carrier.id) + &urls::query(&[query, &filter].concat())
    }

    pub fn bot_name(&self, id: &BotId) -> Option<&str> {
        self.bots.iter().find(|bot| bot.id == *id).map(|bot| bot.name.as_str())
    }
}

impl DidFilter {
    pub fn read(params: &ParamsMap) -> Self {
        Self { text: params.get("numbers").unwrap_or_default(), all: params.get_str("all").is_some() }
    }
}
