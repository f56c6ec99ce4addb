use api_types::{
    Problem,
    view::{AvailableNumberView, NumberSearchView},
};
use domain::{Action, NumberProviderKind};
use leptos::prelude::*;

use crate::{
    components::ui::{Badge, EmptyState, Failure, PHONE, PLUG, Tone, icon},
    session::use_session,
    status::set_status,
    urls,
};

/// In place of the price.
pub(super) const NO_PRICE: &str = "The provider names no price";

/// A request to the provider has failed.
pub(super) fn failure(problem: Problem, retry: impl Fn() + 'static) -> AnyView {
    set_status(problem.status);
    let is_unconnected = problem.code == "not_connected";
    view! {
        <div class="card mt-4">
            <Failure problem retry/>
            {is_unconnected
                .then(|| view! {
                    <p class="find-connect">
                        <a class="btn" href=urls::INTEGRATIONS>{icon(PLUG)} "Open Integrations"</a>
                    </p>
                })}
        </div>
    }
    .into_any()
}

/// What a search found.
#[component]
pub fn FoundNumbers(found: NumberSearchView) -> impl IntoView {
    if found.numbers.is_empty() {
        let title = format!("{} has no such number in {}", found.provider.name(), found.country_code.name());
        let text = "Leave the area code or the pattern blank, choose another type, or try the other provider.";
        return view! { <div class="card mt-4"><EmptyState glyph=PHONE title text/></div> }.into_any();
    }
    let may_buy = use_session().may(Action::BuyNumber);
    let count = found.numbers.len();
    let counted = match (count, found.complete) {
        (1, _) => "1 number".to_owned(),
        (count, true) => format!("{count} numbers"),
        (count, false) => format!("The first {count} numbers: narrow the search to see others"),
    };
    let provider = found.provider;
    let rows = found.numbers.into_iter().map(|number| row(number, provider, may_buy));
    view! {
        <section class="card overflow-hidden mt-4" aria-labelledby="found-numbers">
            <div class="section-head"><h2 id="found-numbers" class="text-[14px] font-medium">{counted}</h2></div>
            <ul class="found-numbers">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn row(number: AvailableNumberView, provider: NumberProviderKind, may_buy: bool) -> AnyView {
    let kind = number.number_type.map(|number_type| number_type.label());
    let place = number.locality.clone().unwrap_or_else(|| number.country_code.name().to_owned());
    let about = kind.map_or_else(|| place.clone(), |kind| format!("{kind} · {place}"));
    let price = number.price.as_ref().zip(number.currency.as_ref());
    let price = price.map_or_else(|| NO_PRICE.to_owned(), |(price, currency)| format!("{price} {currency} a month"));
    let capabilities = number.capabilities.iter().map(|capability| {
        view! { <Badge tone=Tone::Quiet text=capability.label()/> }
    });
    let requirements: Vec<&str> = number.requirements.iter().map(|requirement| requirement.label()).collect();
    let buy = urls::buy_number(provider, number.country_code, &number.phone_number);
    let requirements = (!requirements.is_empty())
        .then(|| view! { <p class="text-warn text-[12.5px]">"Required: " {requirements.join(", ")}</p> });
    let action = match (number.owned, may_buy) {
        (true, _) => view! { <Badge tone=Tone::Ok text="Yours Already"/> }.into_any(),
        (false, true) => view! {
            <a class="btn" href=buy>"Buy" <span class="sr-only">" " {number.formatted.clone()}</span></a>
        }
        .into_any(),
        (false, false) => ().into_any(),
    };
    view! {
        <li class="found-number">
            <div class="min-w-0">
                <p class="font-medium num">{number.formatted.clone()}</p>
                <p class="text-ink-2 text-[12.5px]">{about}</p>
                {requirements}
            </div>
            <div class="flex flex-wrap gap-1">{capabilities.collect_view()}</div>
            <p class="num">{price}</p>
            <div class="found-action">{action}</div>
        </li>
    }
    .into_any()
}
