use domain::{Country, FieldFault, IntoEnumIterator, IpRange, SourcePolicy, Transport};
use leptos::prelude::*;

use super::CarrierForm;
use crate::components::{
    carrier::source_policy_sentence,
    form::{Card, RadioCards, SelectField, Switch, TagInput, TextField, TextKind},
    ui::{Banner, GLOBE, LOCK, Tone},
};

/// A heading with its explanation, and the fields beside it.
#[component]
fn Section(title: &'static str, text: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="form-section">
            <div>
                <h2 class="text-[14px] font-medium">{title}</h2>
                <p class="hint">{text}</p>
            </div>
            <div class="form-fields">{children()}</div>
        </section>
    }
    .into_any()
}

#[component]
pub fn ConnectionSection(fields: CarrierForm) -> impl IntoView {
    let transports =
        Transport::iter().map(|transport| (transport.as_str().to_owned(), transport.label().to_owned())).collect();
    let countries = std::iter::once((String::new(), "Not set".to_owned()))
        .chain(Country::all().map(|country| (country.as_str().to_owned(), country.name().to_owned())))
        .collect();
    view! {
        <Section title="Connection settings" text="Where LiveKit sends calls for this carrier.">
            <TextField input=fields.name label="Name" placeholder="Twilio US East"/>
            <TextField
                input=fields.sip_address
                label="SIP address"
                kind=TextKind::Code
                placeholder="acme.pstn.twilio.com"
                hint="Host or host:port, without sip:"
            />
            <SelectField
                input=fields.transport
                label="Transport"
                options=transports
                hint="Most carriers expect TCP or TLS."
            />
            <SelectField
                input=fields.destination_country
                label="Destination country"
                options=countries
                hint="Where its calls go. It also tells how to read local numbers."
            />
        </Section>
    }
}

#[component]
pub fn AuthenticationSection(fields: CarrierForm) -> impl IntoView {
    let kept = fields.edit.is_some_and(|edit| edit.has_password);
    let address = |text: &str| -> Result<(), FieldFault> { text.parse::<IpRange>().map(drop) };
    let allowlist = if fields.edit.is_some() { "Inbound IP Allowlist" } else { "Allowed IPs" };
    let modes = fields.edit.map(|_| {
        let cards = vec![
            Card {
                value: "credentials",
                glyph: LOCK,
                title: "Credentials",
                text: "The same username and password as for outgoing calls",
            },
            Card { value: "ip", glyph: GLOBE, title: "IP allowlist", text: "The addresses below, without credentials" },
        ];
        view! {
            <div class="sm:col-span-2">
                <RadioCards input=fields.inbound_auth label="Inbound authentication" cards/>
            </div>
        }
    });
    let any_source = fields.edit.map(|edit| {
        view! {
            <div class="sm:col-span-2">
                <Switch
                    input=edit.accept_any_source
                    label="Accept any source"
                    hint="Counts only where neither credentials nor addresses guard incoming calls."
                />
            </div>
        }
    });
    view! {
        <Section title="Authentication" text="Credentials for outgoing calls, and who may call in.">
            <TextField input=fields.auth_username label="Username" kind=TextKind::Code optional=true/>
            <TextField
                input=fields.auth_password
                label="Password"
                kind=TextKind::ForeignPassword
                optional=!kept
                placeholder=if kept { "••••••••" } else { "" }
                hint=if kept { "Leave blank to keep the current password" } else { "" }
            />
            {modes}
            <div class="sm:col-span-2">
                <TagInput
                    input=fields.allowed_addresses
                    label=allowlist
                    placeholder="Add address or range"
                    hint="IP addresses or ranges such as 203.0.113.0/24; Enter, comma or blank ends one."
                    check=address
                />
            </div>
            {any_source}
            <div class="sm:col-span-2 empty:hidden"><InboundNote fields/></div>
        </Section>
    }
}

/// The source policy that saving would result in; a warning if any source is accepted.
#[component]
fn InboundNote(fields: CarrierForm) -> impl IntoView {
    let source_policy = Memo::new(move |_| fields.source_policy());
    move || {
        source_policy.get().map(|source_policy| {
            let tone = if source_policy == SourcePolicy::Any { Tone::Warn } else { Tone::Info };
            view! { <Banner tone>{source_policy_sentence(source_policy)}</Banner> }
        })
    }
}

#[component]
pub fn RateSection(fields: CarrierForm) -> impl IntoView {
    view! {
        <Section title="Rate limiting" text="Keeps you within what the carrier allows.">
            <TextField
                input=fields.outbound_cps
                label="Outbound CPS"
                kind=TextKind::Number
                hint="New calls per second, 0.1 to 100"
            />
            <TextField
                input=fields.outbound_burst
                label="Outbound burst"
                kind=TextKind::Number
                hint="Calls that may start at once, 1 to 1000"
            />
            <TextField
                input=fields.outbound_channels
                label="Outbound channels"
                kind=TextKind::Number
                hint="Calls at the same time, 1 to 500"
            />
        </Section>
    }
}
