use domain::{CarrierProvider, Country, FieldFault, InboundAuth, IntoEnumIterator, IpRange, SourcePolicy, Transport};
use leptos::prelude::*;

use super::CarrierForm;
use crate::components::{
    carrier::source_policy_sentence,
    form::{Card, FormSection, RadioCards, SelectField, Switch, TagInput, TextField, TextKind},
    ui::{Banner, GLOBE, LOCK, Tone},
};

#[component]
pub fn ConnectionSection(
    fields: CarrierForm,
    /// Shown above the fields.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let transports =
        Transport::iter().map(|transport| (transport.as_str().to_owned(), transport.label().to_owned())).collect();
    let countries = std::iter::once((String::new(), "Not set".to_owned()))
        .chain(Country::all().map(|country| (country.as_str().to_owned(), country.name().to_owned())))
        .collect();
    let provider = fields.edit.map(|_| {
        let options = CarrierProvider::iter()
            .map(|provider| (provider.as_str().to_owned(), provider.label().to_owned()))
            .collect();
        view! { <SelectField input=fields.provider label="Provider" options/> }
    });
    view! {
        <FormSection title="Connection Settings" text="Where LiveKit sends calls for this carrier.">
            {children.map(|children| view! { <div class="sm:col-span-2 min-w-0">{children()}</div> })}
            <TextField input=fields.name label="Name" placeholder="Twilio US East"/>
            {provider}
            <TextField
                input=fields.sip_address
                label="SIP Address"
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
                label="Destination Country"
                options=countries
                hint="Where its calls go. It completes numbers without a country code."
            />
        </FormSection>
    }
}

#[component]
pub fn AuthenticationSection(fields: CarrierForm) -> impl IntoView {
    let address = |text: &str| -> Result<(), FieldFault> { text.parse::<IpRange>().map(drop) };
    let allowlist = if fields.edit.is_some() { "Inbound IP Allowlist" } else { "Allowed IPs" };
    let is_ip = Memo::new(move |_| fields.inbound_auth.value.read().as_str() == InboundAuth::Ip.as_str());
    let modes = fields.edit.map(|_| {
        let cards = vec![
            Card {
                value: InboundAuth::Credentials.as_str(),
                glyph: LOCK,
                title: "Credentials",
                text: "The same username and password as for outbound calls",
            },
            Card {
                value: InboundAuth::Ip.as_str(),
                glyph: GLOBE,
                title: "IP Allowlist",
                text: "The addresses below, without credentials",
            },
        ];
        view! {
            <div class="sm:col-span-2">
                <RadioCards input=fields.inbound_auth label="Inbound Authentication" cards/>
            </div>
        }
    });
    let any_source = fields.edit.map(|edit| {
        view! {
            <div class="sm:col-span-2">
                <Switch
                    input=edit.accept_any_source
                    label="Accept Any Source"
                    hint="Applies only if neither credentials nor allowed addresses restrict inbound calls."
                />
            </div>
        }
    });
    // Only a provider sets it on a new carrier, where there is no choice of it.
    let preset = fields.edit.is_none().then_some(move || {
        is_ip.get().then(|| {
            view! {
                <p class="hint sm:col-span-2">
                    "Inbound authentication: IP allowlist, without credentials, as this provider identifies its calls by IP address. You can change it after saving."
                </p>
            }
        })
    });
    view! {
        <FormSection title="Authentication" text="Credentials for outbound calls, and which inbound calls are accepted.">
            <TextField input=fields.auth_username label="Username" kind=TextKind::Code optional=true/>
            <PasswordField fields/>
            {modes}
            {preset}
            <div class="sm:col-span-2">
                <TagInput
                    input=fields.allowed_addresses
                    label=allowlist
                    placeholder="Add address or range"
                    hint="IP addresses or ranges such as 203.0.113.0/24, separated by Enter, comma or space"
                    check=address
                    required=is_ip
                    optional=Signal::derive(move || !is_ip.get())
                />
            </div>
            {any_source}
            <div class="sm:col-span-2 empty:hidden"><InboundNote fields/></div>
        </FormSection>
    }
    .into_any()
}

/// A saved password is kept if the field stays empty, but not without a username.
#[component]
fn PasswordField(fields: CarrierForm) -> impl IntoView {
    let saved = fields.edit.is_some_and(|edit| edit.has_password);
    let kept = Memo::new(move |_| saved && !fields.auth_username.value.read().trim().is_empty());
    move || {
        let kept = kept.get();
        let (placeholder, hint) = match (kept, saved) {
            (true, _) => ("••••••••", "Leave empty to keep the current password"),
            (false, true) => ("", "Without a username, the current password is removed"),
            (false, false) => ("", ""),
        };
        view! {
            <TextField
                input=fields.auth_password
                label="Password"
                kind=TextKind::ForeignPassword
                optional=!kept
                placeholder
                hint
            />
        }
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
pub fn AdvancedSection(fields: CarrierForm) -> impl IntoView {
    let krisp = [("", "As set in LiveKit"), ("true", "On"), ("false", "Off")];
    let options = krisp.map(|(value, label)| (value.to_owned(), label.to_owned())).into();
    view! {
        <FormSection title="Advanced" text="Settings of the inbound trunks in LiveKit.">
            <SelectField
                input=fields.krisp_enabled
                label="Krisp Noise Cancellation"
                options
                hint="Available on LiveKit Cloud only"
            />
        </FormSection>
    }
}

#[component]
pub fn RateSection(fields: CarrierForm) -> impl IntoView {
    view! {
        <FormSection title="Rate Limiting" text="Keeps outbound calls within the carrier's limits.">
            <TextField
                input=fields.outbound_cps
                label="Outbound CPS"
                kind=TextKind::Number
                hint="New calls per second, 0.1 to 100"
            />
            <TextField
                input=fields.outbound_burst
                label="Outbound Burst"
                kind=TextKind::Number
                hint="Calls that may start at once, 1 to 1,000"
            />
            <TextField
                input=fields.outbound_channels
                label="Outbound Channels"
                kind=TextKind::Number
                hint="Simultaneous calls, 1 to 500"
            />
        </FormSection>
    }
}
