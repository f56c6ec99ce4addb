use api_types::{
    input::{CarrierInput, Text, TextList},
    view::{CarrierView, ProviderView},
};
use domain::{
    Burst, CarrierName, CarrierProvider, Channels, Cps, FieldErrors, FieldFault, Secret, SipAddress, SipPassword,
    SipUsername, SourcePolicy,
};
use leptos::prelude::*;
use serde_json::Value;

use crate::components::form::{Form, Input, SavedField, SavedRow, addresses, blank_or_parsed, parsed, row};

/// Fields of the carrier form.
#[derive(Clone, Copy)]
pub struct CarrierForm {
    pub form: Form,
    pub name: Input,
    /// For a new carrier it is set by the choice of a provider; blank for that of the address.
    pub provider: Input,
    pub sip_address: Input,
    pub transport: Input,
    pub destination_country: Input,
    pub auth_username: Input,
    pub auth_password: Input,
    pub allowed_addresses: Input,
    /// For a new carrier it is set by the provider.
    pub inbound_auth: Input,
    pub outbound_cps: Input,
    pub outbound_burst: Input,
    pub outbound_channels: Input,
    /// Blank: the trunks keep the value that LiveKit has.
    pub krisp_enabled: Input,
    /// Only for an existing carrier.
    pub edit: Option<EditFields>,
}

#[derive(Clone, Copy)]
pub struct EditFields {
    pub accept_any_source: Input,
    pub version: RwSignal<String>,
    /// A password is saved; a blank field keeps it.
    pub has_password: bool,
}

impl CarrierForm {
    pub fn new(carrier: Option<&CarrierView>) -> Self {
        let form = Form::new("carrier");
        let fields = carrier.map_or_else(blank, fields);
        let saved = |name: &str| {
            fields.iter().find(|field| field.name == name).map_or(String::new(), |field| field.value.clone())
        };
        Self {
            form,
            name: form.input("name", saved("name"), parsed::<CarrierName>),
            provider: form.choice("provider", saved("provider")),
            sip_address: form.input("sip_address", saved("sip_address"), parsed::<SipAddress>),
            transport: form.choice("transport", saved("transport")),
            destination_country: form.choice("destination_country", saved("destination_country")),
            auth_username: form.input("auth_username", saved("auth_username"), blank_or_parsed::<SipUsername>),
            auth_password: form.input("auth_password", String::new(), blank_or_password),
            allowed_addresses: form.input("allowed_addresses", saved("allowed_addresses"), addresses),
            inbound_auth: form.choice("inbound_auth", saved("inbound_auth")),
            outbound_cps: form.input("outbound_cps", saved("outbound_cps"), parsed::<Cps>),
            outbound_burst: form.input("outbound_burst", saved("outbound_burst"), parsed::<Burst>),
            outbound_channels: form.input("outbound_channels", saved("outbound_channels"), parsed::<Channels>),
            krisp_enabled: form.choice("krisp_enabled", saved("krisp_enabled")),
            edit: carrier.map(|carrier| EditFields {
                accept_any_source: form.choice("accept_any_source", saved("accept_any_source")),
                version: form.version(carrier.version),
                has_password: carrier.auth_password.is_some(),
            }),
        }
    }

    /// The request body.
    pub fn input(&self) -> CarrierInput {
        let text = |input: Input| Some(Text(input.value.get_untracked()));
        let password = self.auth_password.value.get_untracked();
        CarrierInput {
            name: text(self.name),
            provider: text(self.provider),
            sip_address: text(self.sip_address),
            transport: text(self.transport),
            destination_country: text(self.destination_country),
            auth_username: text(self.auth_username),
            auth_password: (!password.is_empty()).then(|| Secret::new(password)),
            allowed_addresses: Some(self.allowed_addresses.value.with_untracked(|list| TextList::split(list))),
            inbound_auth: text(self.inbound_auth),
            accept_any_source: self.edit.and_then(|edit| text(edit.accept_any_source)),
            outbound_cps: text(self.outbound_cps),
            outbound_burst: text(self.outbound_burst),
            outbound_channels: text(self.outbound_channels),
            krisp_enabled: text(self.krisp_enabled),
            version: self.edit.map(|edit| Text(edit.version.get_untracked())),
        }
    }

    /// Fills in the published settings. Typed values are replaced only with `replace`. Returns the labels of the fields
    /// that keep a different value.
    pub fn fill(&self, provider: &ProviderView, replace: bool) -> Vec<&'static str> {
        let ranges: Vec<&str> = provider.signalling.ranges.iter().map(|entry| entry.range.as_str()).collect();
        let known: Result<CarrierProvider, _> = provider.id.parse();
        let published = [
            // An entry that is not a provider's own, such as "other", leaves it to the address.
            (self.provider, "", known.map(CarrierProvider::as_str).unwrap_or_default().to_owned()),
            (self.sip_address, "SIP Address", provider.sip_address.clone()),
            (self.transport, "Transport", provider.transport.as_str().to_owned()),
            (self.allowed_addresses, "Allowed IPs", ranges.join("\n")),
            (self.inbound_auth, "", provider.inbound_auth.as_str().to_owned()),
        ];
        // A provider that publishes nothing replaces nothing.
        let mut kept = Vec::new();
        for (input, label, text) in published {
            let now = input.value.get_untracked();
            if now == text {
                // A refused form keeps its error.
                input.rebase(text);
            } else if replace || label.is_empty() || now.trim().is_empty() || !input.changed_untracked() {
                input.replace(text);
            } else if !provider.sip_address.is_empty() {
                kept.push(label);
            }
        }
        kept
    }

    /// Validates like the server.
    pub fn check(&self) -> Result<(), FieldErrors> {
        self.complete(self.input()).parse(None).map(drop)
    }

    /// The source policy that saving would result in; `None` while the form is not valid. Tracks.
    pub fn source_policy(&self) -> Option<SourcePolicy> {
        self.form.track();
        let input = self.input();
        let access = CarrierInput {
            name: Some("any".into()),
            sip_address: Some("any.example".into()),
            auth_username: input.auth_username,
            auth_password: input.auth_password,
            allowed_addresses: input.allowed_addresses,
            inbound_auth: input.inbound_auth,
            accept_any_source: input.accept_any_source,
            ..CarrierInput::default()
        };
        self.complete(access).parse(None).ok().map(|settings| SourcePolicy::of(&settings))
    }

    /// A blank password keeps the saved one, which is not known here, so a placeholder stands for it.
    fn complete(&self, input: CarrierInput) -> CarrierInput {
        let kept = self.edit.is_some_and(|edit| edit.has_password)
            && input.auth_username.as_ref().is_some_and(|name| !name.is_blank());
        let auth_password = input.auth_password.or_else(|| kept.then(|| Secret::new("kept")));
        CarrierInput { auth_password, ..input }
    }
}

/// The values of a carrier, formatted as in the form.
fn fields(carrier: &CarrierView) -> Vec<SavedField> {
    let field = |name, label, value| SavedField { name, label, value };
    vec![
        field("name", "Name", carrier.name.clone()),
        field("provider", "Provider", carrier.provider.as_str().to_owned()),
        field("sip_address", "SIP Address", carrier.sip_address.clone()),
        field("transport", "Transport", carrier.transport.as_str().to_owned()),
        field(
            "destination_country",
            "Destination Country",
            carrier.destination_country.map_or(String::new(), |country| country.as_str().to_owned()),
        ),
        field("auth_username", "Username", carrier.auth_username.clone().unwrap_or_default()),
        field("inbound_auth", "Inbound Authentication", carrier.inbound_auth.as_str().to_owned()),
        field("allowed_addresses", "Inbound IP Allowlist", carrier.allowed_addresses.join("\n")),
        field("accept_any_source", "Accept Any Source", carrier.accept_any_source.to_string()),
        field("outbound_cps", "Outbound CPS", carrier.outbound_cps.to_string()),
        field("outbound_burst", "Outbound Burst", carrier.outbound_burst.to_string()),
        field("outbound_channels", "Outbound Channels", carrier.outbound_channels.to_string()),
        field(
            "krisp_enabled",
            "Krisp Noise Cancellation",
            carrier.krisp_enabled.map_or(String::new(), |enabled| enabled.to_string()),
        ),
    ]
}

/// The defaults of a new carrier.
fn blank() -> Vec<SavedField> {
    let field = |name, value: String| SavedField { name, label: "", value };
    vec![
        field("transport", "auto".to_owned()),
        field("inbound_auth", "credentials".to_owned()),
        field("outbound_cps", Cps::default().to_string()),
        field("outbound_burst", Burst::default().to_string()),
        field("outbound_channels", Channels::default().to_string()),
    ]
}

pub fn current(carrier: &CarrierView) -> SavedRow {
    SavedRow { version: carrier.version, fields: fields(carrier) }
}

/// The saved row for the conflict dialog.
pub fn conflicting(json: Value) -> Option<SavedRow> {
    row(&json).as_ref().map(current)
}

fn blank_or_password(text: &str) -> Result<(), FieldFault> {
    if text.is_empty() { Ok(()) } else { SipPassword::new(Secret::new(text)).map(drop) }
}
