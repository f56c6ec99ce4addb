use api_types::{
    Problem,
    input::{NumberPurchaseInput, Text},
    view::{AvailableNumberView, BotPage},
};
use domain::{Action, Country, Label, NumberProviderKind};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::{
    found::{NO_PRICE, failure},
    register::bot_options,
};
use crate::{
    components::{
        form::{Form, FormPage, FormSection, SelectField, TextField, blank_or_parsed},
        layout::PageHeader,
        ui::{Banner, EmptyState, KeyValueCard, PHONE, SEARCH, Skeleton, Tone, icon, use_toasts},
    },
    server_fns::{bot::list_bots, number_purchase::request_purchase, number_search::number_offer, read},
    session::use_session,
    status::set_status,
    urls,
};

/// The confirmation of a purchase, which names what it costs. The address has the number alone: what the provider demands is
/// loaded from it, so that a link cannot show another price.
#[component]
pub fn BuyNumberPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let text = |name: &str| query.get(name).unwrap_or_default();
    let number = text("number");
    let content = match (text("provider").parse::<NumberProviderKind>(), text("country").parse::<Country>()) {
        _ if !use_session().may(Action::BuyNumber) => {
            view! { <Banner tone=Tone::Warn>"You need the Administrator role to buy a number."</Banner> }.into_any()
        }
        (Ok(provider), Ok(country)) if !number.is_empty() => {
            view! { <BuyNumber provider country number/> }.into_any()
        }
        _ => view! {
            <Banner tone=Tone::Info>"Choose a number from a provider's search first. Its Buy button leads here."</Banner>
        }
        .into_any(),
    };
    view! {
        <PageHeader title="Buy Number" parent=(urls::NUMBER_PURCHASES, "Number Purchases")/>
        {content}
    }
}

/// Loads what the provider offers.
#[component]
fn BuyNumber(provider: NumberProviderKind, country: Country, number: String) -> impl IntoView {
    let bots = Resource::new(|| (), |()| read(list_bots()));
    let wanted = order(provider, country, &number);
    let offer = Resource::new(|| (), move |()| read(number_offer(wanted.clone())));
    let number = StoredValue::new(number);
    let content = move || {
        Suspend::new(async move {
            match (offer.await, bots.await) {
                (Ok(Some(offer)), bots) => view! { <BuyForm provider offer bots/> }.into_any(),
                (Ok(None), _) => {
                    set_status(404);
                    not_for_sale(provider, country, &number.get_value())
                }
                (Err(problem), _) => failure(problem, move || offer.refetch()),
            }
        })
    };
    view! { <Transition fallback=|| view! { <div class="card"><Skeleton rows=4/></div> }>{content}</Transition> }
}

fn order(provider: NumberProviderKind, country: Country, number: &str) -> NumberPurchaseInput {
    let text = |text: &str| Some(Text(text.to_owned()));
    NumberPurchaseInput {
        phone_number: text(number),
        provider: text(provider.as_str()),
        country_code: text(country.as_str()),
        ..NumberPurchaseInput::default()
    }
}

fn not_for_sale(provider: NumberProviderKind, country: Country, number: &str) -> AnyView {
    let title = format!("{number} is not available any more");
    let text = format!("{} does not offer it now. Search again, and choose another number.", provider.name());
    view! {
        <div class="card">
            <EmptyState glyph=PHONE title text>
                <a class="btn-primary" href=urls::find_numbers(provider, country)>{icon(SEARCH)} "Find Numbers"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}

#[component]
fn BuyForm(provider: NumberProviderKind, offer: AvailableNumberView, bots: Result<BotPage, Problem>) -> impl IntoView {
    let form = Form::new("buy-number");
    let label = form.input("label", String::new(), blank_or_parsed::<Label>);
    let agent_id = form.choice("agent_id", String::new());
    let navigate = use_navigate();
    let toasts = use_toasts();
    let (country, number) = (offer.country_code, offer.phone_number.clone());
    let address = urls::buy_number(provider, country, &number);
    let wanted = order(provider, country, &number);
    let save = move |()| {
        let input = NumberPurchaseInput {
            agent_id: Some(Text(agent_id.value.get_untracked())),
            label: Some(Text(label.value.get_untracked())),
            ..wanted.clone()
        };
        if let Err(errors) = input.parse() {
            form.refuse_fields(&errors);
            return;
        }
        let navigate = navigate.clone();
        form.send(request_purchase(input), move |purchase| {
            toasts.success(format!("Buying {}.", purchase.formatted));
            navigate(urls::NUMBER_PURCHASES, Default::default());
        });
    };
    view! {
        <FormPage form address cancel=urls::NUMBER_PURCHASES label="Buy Number" busy_label="Buying…" on_submit=save>
            <input type="hidden" name="phone_number" value=number/>
            <input type="hidden" name="provider" value=provider.as_str()/>
            <input type="hidden" name="country_code" value=country.as_str()/>
            <Banner tone=Tone::Info>
                "The purchase is binding: the provider charges the account for the number until it is released."
            </Banner>
            <KeyValueCard title="Purchase" rows=facts(provider, &offer)/>
            <div class="card px-5">
                <FormSection title="Use" text="Both can be changed later.">
                    <SelectField input=agent_id label="Bot" options=bot_options(bots) hint="Answers calls to this number."/>
                    <TextField input=label label="Label" optional=true placeholder="Support line"/>
                </FormSection>
            </div>
        </FormPage>
    }
    .into_any()
}

fn facts(provider: NumberProviderKind, offer: &AvailableNumberView) -> Vec<(&'static str, AnyView)> {
    let cost = match offer.price.as_ref().zip(offer.currency.as_ref()) {
        Some((price, currency)) => format!("{price} {currency} per month, charged by {} from now on", provider.name()),
        None => NO_PRICE.to_owned(),
    };
    let listed = |labels: Vec<&str>| match labels.is_empty() {
        true => "None named by the provider".to_owned(),
        false => labels.join(", "),
    };
    let capabilities = listed(offer.capabilities.iter().map(|capability| capability.label()).collect());
    let requirements = listed(offer.requirements.iter().map(|requirement| requirement.label()).collect());
    vec![
        ("Phone Number", view! { <strong class="num">{offer.phone_number.clone()}</strong> }.into_any()),
        ("Provider", provider.name().into_any()),
        ("Country", offer.country_code.name().into_any()),
        ("Cost", cost.into_any()),
        ("Capabilities", capabilities.into_any()),
        ("Requirements", requirements.into_any()),
    ]
}
