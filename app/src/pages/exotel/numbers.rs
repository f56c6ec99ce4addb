use api_types::{
    Problem,
    view::{BotPage, ExotelImported, ExotelNumbers},
};
use leptos::prelude::*;

use super::{carriers::Carriers, import::import_form, preview::preview};
use crate::{
    components::ui::{Banner, EmptyState, Failure, HASH, Tone},
    urls,
};

/// The data of the section.
pub struct NumbersData {
    pub numbers: Result<Numbers, Problem>,
    pub carriers: Result<Carriers, Problem>,
    pub bots: Result<BotPage, Problem>,
}

pub enum Numbers {
    /// The account's numbers, and why the last choice was refused.
    Choice { numbers: ExotelNumbers, refused: Option<Problem> },
    /// The preview of an import, or its result.
    Import(ExotelImported),
}

pub fn numbers(data: NumbersData, may_change: bool) -> AnyView {
    let (numbers, carriers, bots) = match (data.numbers, data.carriers, data.bots) {
        (Ok(numbers), Ok(carriers), Ok(bots)) => (numbers, carriers, bots.items),
        (Err(problem), ..) | (_, Err(problem), _) | (.., Err(problem)) => {
            return view! { <div class="card"><Failure problem retry=|| ()/></div> }.into_any();
        }
    };
    let (numbers, refused) = match numbers {
        Numbers::Import(imported) => return preview(imported, &carriers.listed),
        Numbers::Choice { numbers, refused } => (numbers, refused),
    };
    if numbers.items.is_empty() {
        return view! { <NoNumbers/> }.into_any();
    }
    let cut = (!numbers.complete).then(|| {
        view! {
            <Banner tone=Tone::Warn title="Not all numbers are shown">
                "Exotel has more than the 2,000 that Trunkline reads. Add the others to the carrier by hand."
            </Banner>
        }
    });
    view! { {cut} {import_form(numbers.items, carriers, bots, refused, may_change)} }.into_any()
}

#[component]
fn NoNumbers() -> impl IntoView {
    view! {
        <div class="card">
            <EmptyState
                glyph=HASH
                title="The account has no numbers"
                text="Exotel lists no ExoPhone for it. Buy one in Exotel's dashboard, then open this page again."
            >
                <a class="btn" href=urls::EXOTEL>"Back to the connection"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
