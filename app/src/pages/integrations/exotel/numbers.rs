use domain::{
    Problem,
    view::{BotPage, CarrierPage, ExotelImported, ExotelNumbers},
};
use leptos::prelude::*;

use super::import::ImportForm;
use crate::{
    components::ui::{Banner, EmptyState, Failure, HASH, Skeleton, Tone},
    session::use_session,
    urls,
};

type Answer<T> = Resource<Option<Result<T, Problem>>>;

/// What the section is made of; read only where the address asks for the numbers.
#[derive(Clone, Copy)]
pub struct Sources {
    pub numbers: Answer<ExotelNumbers>,
    pub carriers: Answer<CarrierPage>,
    pub bots: Answer<BotPage>,
    /// Asked for by a form without JavaScript.
    pub preview: Answer<ExotelImported>,
}

/// The account's numbers as Exotel lists them now, to choose from.
#[component]
pub fn Numbers(sources: Sources) -> impl IntoView {
    let Sources { numbers, carriers, bots, preview } = sources;
    let retry = move || {
        numbers.refetch();
        carriers.refetch();
        bots.refetch();
    };
    let may_change = use_session().may_change();
    let read = move || {
        Suspend::new(async move {
            match (numbers.await, carriers.await, bots.await, preview.await) {
                (Some(Err(problem)), ..) | (_, Some(Err(problem)), ..) | (_, _, Some(Err(problem)), _) => {
                    view! { <div class="card"><Failure problem retry/></div> }.into_any()
                }
                (Some(Ok(numbers)), Some(Ok(carriers)), Some(Ok(bots)), preview) => {
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
                    view! {
                        {cut}
                        <ImportForm numbers=numbers.items carriers=carriers.items bots=bots.items preview may_change/>
                    }
                    .into_any()
                }
                _ => ().into_any(),
            }
        })
    };
    view! {
        <Transition fallback=|| view! { <div class="card"><Skeleton rows=6/></div> }>{read}</Transition>
    }
    .into_any()
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
