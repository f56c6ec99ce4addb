use api_types::{
    Problem,
    view::{CarrierQuery, CarrierView},
};
use domain::CarrierId;
use leptos::prelude::*;

use crate::{
    api,
    components::ui::{Banner, Tone, grouped},
    urls,
};

/// A longer list is no longer practical to choose from.
const MAX_LISTED: u32 = 200;

/// The carriers that an import can go to.
pub struct Carriers {
    /// The first by name, and the requested one.
    pub listed: Vec<CarrierView>,
    pub chosen: Option<CarrierId>,
    /// The count of all carriers.
    pub total: i64,
}

/// `requested` is the carrier id of a link or a form.
pub async fn read(requested: Option<String>) -> Result<Carriers, Problem> {
    let query = CarrierQuery { limit: Some(MAX_LISTED), include_dids: Some(false), ..CarrierQuery::default() };
    let page = api::carrier::list(query).await?;
    let (mut listed, mut chosen) = (page.items, None);
    if let Some(id) = requested.and_then(|id| id.parse::<CarrierId>().ok()) {
        let known = listed.iter().any(|carrier| carrier.id == id);
        if !known && let Ok(carrier) = api::carrier::get(id.clone()).await {
            listed.push(carrier);
        }
        chosen = Some(id).filter(|id| listed.iter().any(|carrier| carrier.id == *id));
    }
    Ok(Carriers { listed, chosen, total: page.total })
}

impl Carriers {
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
                    " with its id, which its page's address ends with."
                </Banner>
            }
            .into_any()
        })
    }
}
