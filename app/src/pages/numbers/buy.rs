use api_types::{
    Problem,
    input::{NumberPurchaseInput, Text},
    view::BotPage,
};
use domain::{Action, Label, NumberProviderKind};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::register::bot_options;
use crate::{
    components::{
        form::{Form, FormPage, FormSection, SelectField, TextField, blank_or_parsed},
        layout::PageHeader,
        ui::{Banner, KeyValueCard, Skeleton, Tone, use_toasts},
    },
    server_fns::{bot::list_bots, number_purchase::request_purchase, read},
    session::use_session,
    urls,
};

/// What is bought, by the query of the address.
#[derive(Clone, PartialEq)]
struct Wanted {
    provider: String,
    country: String,
    number: String,
    /// What the search has shown: "1.15 USD".
    price: String,
    /// What the provider demands from the buyer.
    requirements: String,
}

/// The confirmation of a purchase, which names what it costs.
#[component]
pub fn BuyNumberPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let text = |name: &str| query.get(name).unwrap_or_default();
    let wanted = Wanted {
        provider: text("provider"),
        country: text("country"),
        number: text("number"),
        price: text("price"),
        requirements: text("requirements"),
    };
    let content = match wanted.provider.parse::<NumberProviderKind>() {
        _ if !use_session().may(Action::BuyNumber) => {
            view! { <Banner tone=Tone::Warn>"You need the Administrator role to buy a number."</Banner> }.into_any()
        }
        Ok(provider) if !wanted.number.is_empty() && !wanted.country.is_empty() => {
            let bots = Resource::new(|| (), |()| read(list_bots()));
            let wanted = StoredValue::new(wanted);
            let form = move || {
                Suspend::new(async move {
                    view! { <BuyForm wanted=wanted.get_value() provider bots=bots.await/> }
                })
            };
            view! { <Transition fallback=|| view! { <div class="card"><Skeleton rows=4/></div> }>{form}</Transition> }
                .into_any()
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

#[component]
fn BuyForm(wanted: Wanted, provider: NumberProviderKind, bots: Result<BotPage, Problem>) -> impl IntoView {
    let form = Form::new("buy-number");
    let label = form.input("label", String::new(), blank_or_parsed::<Label>);
    let agent_id = form.choice("agent_id", String::new());
    let navigate = use_navigate();
    let toasts = use_toasts();
    let address = urls::BUY_NUMBER.to_owned()
        + &urls::query(&[
            ("provider", provider.as_str()),
            ("country", &wanted.country),
            ("number", &wanted.number),
            ("price", &wanted.price),
            ("requirements", &wanted.requirements),
        ]);
    let cost = match wanted.price.as_str() {
        "" => format!("As {} charges it; the search shows no price", provider.name()),
        price => format!("{price} per month, charged by {} from now on", provider.name()),
    };
    let requirements = match wanted.requirements.as_str() {
        "" => "None named by the provider".to_owned(),
        text => text.to_owned(),
    };
    let rows = vec![
        ("Phone Number", view! { <strong class="num">{wanted.number.clone()}</strong> }.into_any()),
        ("Provider", provider.name().into_any()),
        ("Country", wanted.country.clone().into_any()),
        ("Cost", cost.into_any()),
        ("Requirements", requirements.into_any()),
    ];
    let (number, country) = (wanted.number.clone(), wanted.country.clone());
    let save = move |()| {
        let text = |text: &str| Some(Text(text.to_owned()));
        let input = NumberPurchaseInput {
            phone_number: text(&number),
            provider: text(provider.as_str()),
            country_code: text(&country),
            agent_id: Some(Text(agent_id.value.get_untracked())),
            label: Some(Text(label.value.get_untracked())),
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
            <input type="hidden" name="phone_number" value=wanted.number/>
            <input type="hidden" name="provider" value=provider.as_str()/>
            <input type="hidden" name="country_code" value=wanted.country/>
            <Banner tone=Tone::Info>
                "The purchase is binding: the provider charges the account for the number until it is released."
            </Banner>
            <KeyValueCard title="Purchase" rows/>
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
