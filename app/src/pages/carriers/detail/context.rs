use api_types::{
    Problem,
    view::{BotView, CarrierView},
};
use domain::{BotId, CarrierId};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use serde::{Deserialize, Serialize};

use super::page_query::PageQuery;
use crate::{
    components::table::{TableQuery, TableUrl, use_table_query},
    pages::row_page::LiveRow,
    server_fns::{bot::list_bots, carrier::get_carrier, read},
    session::use_session,
    urls,
};

/// The carrier without its DIDs, and the bots that may answer them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarrierWithBots {
    pub carrier: CarrierView,
    pub bots: Vec<BotView>,
}

pub async fn load(id: String) -> Result<CarrierWithBots, Problem> {
    let id = id.parse().map_err(|_| Problem::new(404, "not_found", "Not Found", "This is not the id of a carrier."))?;
    let (carrier, bots) = futures::join!(read(get_carrier(id)), read(list_bots()));
    Ok(CarrierWithBots { carrier: carrier?, bots: bots?.items })
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct CarrierContext {
    pub row: LiveRow<CarrierWithBots>,
    pub id: StoredValue<CarrierId>,
    /// What the address asks for apart from the table of DIDs.
    pub asked: Memo<PageQuery>,
    /// The state of the table of DIDs, which all links of the page keep.
    pub table: Memo<TableQuery>,
}

impl CarrierContext {
    pub fn provide(row: LiveRow<CarrierWithBots>) -> Self {
        let id = row.current.with_untracked(|row| row.carrier.id.clone());
        let path = urls::carrier(&id);
        let url =
            TableUrl::new(path.clone(), &["number", "label", "direction", "bot"]).filters(&["direction", "bot_id"]);
        let session = use_session();
        let (params, pathname) = (use_query_map(), use_location().pathname);
        // The address changes before the page is left.
        let asked = Memo::new(move |before: Option<&PageQuery>| match before {
            Some(before) if pathname.with(|here| *here != path) => before.clone(),
            _ => params.with(|params| PageQuery::read(params, &session)),
        });
        let context = Self { row, id: StoredValue::new(id), asked, table: use_table_query(url) };
        provide_context(context);
        context
    }

    /// The page's address with these parameters and the present state of the table. Tracks that state.
    pub fn href(self, query: &[(&str, &str)]) -> String {
        self.table.read().href_with(query)
    }

    /// Shows the carrier as it was just saved.
    pub fn show(self, carrier: CarrierView) {
        if let Some(bots) = self.row.current.try_with_untracked(|row| row.bots.clone()) {
            self.row.show(CarrierWithBots { carrier, bots });
        }
    }

    pub fn bot_name(self, id: &BotId) -> Option<String> {
        let name = |row: &CarrierWithBots| row.bots.iter().find(|bot| bot.id == *id).map(|bot| bot.name.clone());
        self.row.current.with(name)
    }
}

pub fn use_carrier() -> CarrierContext {
    expect_context()
}
