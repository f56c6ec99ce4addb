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

/// A list to choose from should not be longer.
const MOST: u32 = 200;

/// The carriers that an import can go to.
pub struct Carriers {
    /// The first by name, and the one that was asked for.
    pub listed: Vec<CarrierView>,
    pub chosen: Option<CarrierId>,
    /// How many there are.
    pub total: i64,
}

/// `asked` is the carrier that a link or a form names.
pub async fn read(asked: Option<String>) -> Result<Carriers, Problem> {
    let query = CarrierQuery { limit: Some(MOST), include_dids: Some(false), ..CarrierQuery::default() };
    let page = api::carrier::list(query).await?;
    let (mut listed, mut chosen) = (page.items, None);
    if let Some(id) = asked.and_then(|id| id.parse::<CarrierId>().ok()) {
        let known = listed.iter().any(|carrier| carrier.id == id);
        if !known && let Ok(carrier) = api::carrier::get(id.clone()).await {
            listed.push(carrier);
        }
        chosen = Some(id).filter(|id| listed.iter().any(|carrier| carrier.id == *id));
    }
    Ok(Carriers { listed, chosen, total: page.total })
}

impl Carriers {
    /// Says so where there are more than can be chosen here.
    pub fn cut(&self) -> Option<AnyView> {
        let (total, shown) = (grouped(self.total), MOST);
        (self.total > i64::from(MOST)).then(|| {
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
