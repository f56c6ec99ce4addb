use api_types::view::CarrierView;
use domain::{InboundAuth, SourcePolicy};
use leptos::prelude::*;

use crate::components::{
    carrier::source_policy_sentence,
    ui::{Badge, SHIELD_ALERT, SHIELD_OFF, Tone, breakable, grouped},
};

/// The carrier's settings, read-only.
pub fn cards(carrier: &CarrierView) -> AnyView {
    view! {
        <div class="cards">
            {connection(carrier)}
            {authentication(carrier)}
            {rate_limits(carrier)}
        </div>
    }
    .into_any()
}

#[component]
fn Card(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="card p-4">
            <h2 class="text-[14px] font-medium mb-2">{title}</h2>
            <dl class="facts">{children()}</dl>
        </section>
    }
    .into_any()
}

fn fact(term: &'static str, value: impl IntoAny) -> AnyView {
    view! { <div class="fact"><dt>{term}</dt> <dd>{value.into_any()}</dd></div> }.into_any()
}

fn code(text: &str) -> AnyView {
    view! { <code class="font-mono text-[12.5px] wrap-anywhere" inner_html=breakable(text)></code> }.into_any()
}

fn none(text: &'static str) -> AnyView {
    view! { <span class="text-ink-2">{text}</span> }.into_any()
}

fn connection(carrier: &CarrierView) -> AnyView {
    let address = code(&carrier.sip_address);
    let country = carrier.destination_country.map_or_else(|| none("Not set"), |country| country.name().into_any());
    let transport = carrier.transport.label();
    view! {
        <Card title="Connection">
            {fact("SIP address", address)}
            {fact("Transport", transport)}
            {fact("Destination country", country)}
        </Card>
    }
    .into_any()
}

fn authentication(carrier: &CarrierView) -> AnyView {
    let outbound = match &carrier.auth_username {
        Some(username) => view! { {code(username)} <span class="text-ink-2">" · password set"</span> }.into_any(),
        None => none("No credentials"),
    };
    let source_policy = carrier.source_policy();
    let addresses = if carrier.allowed_addresses.is_empty() {
        none("None")
    } else {
        let list = carrier.allowed_addresses.iter().map(|address| view! { <li>{code(address)}</li> }).collect_view();
        view! { <ul class="addresses">{list}</ul> }.into_any()
    };
    let mode = match source_policy {
        SourcePolicy::Any => view! { <Badge tone=Tone::Warn glyph=SHIELD_ALERT text="Any source"/> }.into_any(),
        SourcePolicy::Closed => view! { <Badge tone=Tone::Quiet glyph=SHIELD_OFF text="Closed"/> }.into_any(),
        _ if carrier.inbound_auth == InboundAuth::Ip => "IP allowlist".into_any(),
        SourcePolicy::Allowlist => "IP allowlist, no credentials".into_any(),
        SourcePolicy::Credentials { .. } => "Credentials".into_any(),
    };
    let sentence = source_policy_sentence(source_policy);
    view! {
        <Card title="Authentication">
            {fact("Outbound", outbound)}
            {fact("Inbound", view! { {mode} <p class="hint">{sentence}</p> })}
            {fact("Allowed addresses", addresses)}
        </Card>
    }
    .into_any()
}

fn rate_limits(carrier: &CarrierView) -> AnyView {
    let cps = carrier.outbound_cps.to_string();
    let burst = grouped(carrier.outbound_burst.into());
    let channels = grouped(carrier.outbound_channels.into());
    view! {
        <Card title="Rate limits">
            {fact("Calls per second", cps)}
            {fact("Burst", burst)}
            {fact("Channels", channels)}
        </Card>
    }
    .into_any()
}
