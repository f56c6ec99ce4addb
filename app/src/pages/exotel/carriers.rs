use api_types::{
    Problem,
    view::{CarrierQuery, CarrierView},
};
use domain::CarrierId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    components::ui::{Banner, Tone, grouped},
    server_fns::{
        carrier::{get_carrier, list_carriers},
        read,
    },
    urls,
};

/// A longer list is no longer practical to choose from.
const MAX_LISTED: u32 = 200;

/// The carriers that an import can go to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carriers {
    /// Id and name: the first ones by name, and the requested one.
    pub listed: Vec<(CarrierId, String)>,
    /// The requested one, or the only one that the numbers can belong to.
    pub preselected: Option<CarrierId>,
    /// The count of all carriers.
    total: i64,
}

/// `requested` is the carrier id of a link or a form.
pub async fn load(requested: Option<String>) -> Result<Carriers, Problem> {
    let query = CarrierQuery { limit: Some(MAX_LISTED), include_dids: Some(false), ..CarrierQuery::default() };
    let page = read(list_carriers(query)).await?;
    let mut listed = page.items;
    let mut preselected = only_candidate(&listed);
    if let Some(id) = requested.and_then(|id| id.parse::<CarrierId>().ok()) {
        let known = listed.iter().any(|carrier| carrier.id == id);
        if !known && let Ok(carrier) = read(get_carrier(id.clone())).await {
            listed.push(carrier);
        }
        preselected = Some(id).filter(|id| listed.iter().any(|carrier| carrier.id == *id));
    }
    let listed = listed.into_iter().map(|carrier| (carrier.id, carrier.name)).collect();
    Ok(Carriers { listed, preselected, total: page.total })
}

/// The only carrier, or the only one with an address of Exotel's. Between several, the operator has to choose.
fn only_candidate(carriers: &[CarrierView]) -> Option<CarrierId> {
    let is_exotel = |carrier: &&CarrierView| carrier.sip_address.to_lowercase().contains("exotel");
    let exotel: Vec<&CarrierView> = carriers.iter().filter(is_exotel).collect();
    let only = match (carriers, exotel.as_slice()) {
        ([only], _) => only,
        (_, [only]) => *only,
        _ => return None,
    };
    Some(only.id.clone())
}

impl Carriers {
    pub fn name(&self, id: &CarrierId) -> String {
        let listed = self.listed.iter().find(|(listed, _)| listed == id);
        listed.map_or_else(|| "the carrier".to_owned(), |(_, name)| name.clone())
    }

    /// A note, if there are more than are listed.
    pub fn truncation_note(&self) -> Option<AnyView> {
        let (total, shown) = (grouped(self.total), MAX_LISTED);
        (self.total > i64::from(MAX_LISTED)).then(|| {
            view! {
                <Banner tone=Tone::Info title="Not all carriers are listed">
                    {format!("The list has the first {shown} of {total} by name. For another one, open ")}
                    <code class="font-mono text-[12.5px] wrap-anywhere">
                        {format!("{}?numbers=1&carrier_id=…", urls::EXOTEL)}
                    </code>
                    " with its id, which is the last part of its page's address."
                </Banner>
            }
            .into_any()
        })
    }
}
