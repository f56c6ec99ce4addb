use api_types::{
    input::{NumberIntegrationInput, Text},
    view::NumberIntegrationView,
};
use domain::{
    FieldErrors, FieldFault, NumberProviderKind, ProviderSecret, Secret, SipAddress, SipUsername, TwilioSid, VonageKey,
};
use leptos::prelude::*;
use serde_json::Value;

use crate::components::form::{
    Editing, Form, Input, SavedField, SavedRow, TextField, TextKind, blank_or_parsed, parsed, row,
};

/// Fields of the credentials. Secrets are write-only.
#[derive(Clone, Copy)]
pub struct CredentialsForm {
    pub form: Form,
    pub kind: NumberProviderKind,
    account: Input,
    key_sid: Input,
    secret: Input,
    sip_domain: Input,
    sip_username: Input,
    sip_password: Input,
    version: RwSignal<String>,
    /// There are saved secrets, which blank fields keep.
    connected: bool,
}

impl CredentialsForm {
    pub fn new(saved: &NumberIntegrationView) -> Self {
        let form = Form::new("integration");
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let account = match saved.provider {
            NumberProviderKind::Twilio => account_sid,
            NumberProviderKind::Vonage => api_key,
        };
        Self {
            form,
            kind: saved.provider,
            account: form.input("account", text(&saved.account), account),
            key_sid: form.input("key_sid", text(&saved.key_sid), blank_or_key_sid),
            secret: form.input("secret", String::new(), blank_or_secret),
            sip_domain: form.input("sip_domain", text(&saved.sip_domain), parsed::<SipAddress>),
            sip_username: form.input("sip_username", text(&saved.sip_username), blank_or_parsed::<SipUsername>),
            sip_password: form.input("sip_password", String::new(), |_| Ok(())),
            version: form.version(saved.version),
            connected: saved.connected,
        }
    }

    pub fn input(self) -> NumberIntegrationInput {
        let text = |input: Input| Some(Text(input.value.get_untracked()));
        let secret = |input: Input| Some(Secret::new(input.value.get_untracked()));
        let of = |kind| (self.kind == kind).then_some(());
        let (twilio, vonage) = (of(NumberProviderKind::Twilio), of(NumberProviderKind::Vonage));
        NumberIntegrationInput {
            account: text(self.account),
            key_sid: twilio.and_then(|()| text(self.key_sid)),
            secret: secret(self.secret),
            sip_domain: vonage.and_then(|()| text(self.sip_domain)),
            sip_username: vonage.and_then(|()| text(self.sip_username)),
            sip_password: vonage.and_then(|()| secret(self.sip_password)),
            version: text_of(self.version),
        }
    }

    /// Faults of the fields, checked by the server's own parser. A placeholder stands for saved secrets, which are not known
    /// here.
    pub fn check(self) -> Result<(), FieldErrors> {
        let mut input = self.input();
        for secret in [&mut input.secret, &mut input.sip_password] {
            if self.connected && secret.as_ref().is_some_and(|secret| secret.expose().trim().is_empty()) {
                *secret = Some(Secret::new("saved"));
            }
        }
        input.parse(self.kind, None).map(drop)
    }

    pub fn editing(self) -> Option<Editing> {
        Some(Editing { noun: "connection", version: self.version, read: conflicting })
    }
}

fn text_of(signal: RwSignal<String>) -> Option<Text> {
    Some(Text(signal.get_untracked()))
}

fn account_sid(text: &str) -> Result<(), FieldFault> {
    TwilioSid::parse(text, "AC", "the account SID").map(drop)
}

fn api_key(text: &str) -> Result<(), FieldFault> {
    VonageKey::parse(text).map(drop)
}

fn blank_or_key_sid(text: &str) -> Result<(), FieldFault> {
    if text.trim().is_empty() { Ok(()) } else { TwilioSid::parse(text, "SK", "the API key SID").map(drop) }
}

fn blank_or_secret(text: &str) -> Result<(), FieldFault> {
    if text.trim().is_empty() { Ok(()) } else { ProviderSecret::new(&Secret::new(text), "the secret").map(drop) }
}

fn conflicting(json: Value) -> Option<SavedRow> {
    row(&json).map(|saved: NumberIntegrationView| {
        let field = |name, label, value: Option<String>| SavedField { name, label, value: value.unwrap_or_default() };
        let fields = match saved.provider {
            NumberProviderKind::Twilio => {
                vec![field("account", "Account SID", saved.account), field("key_sid", "API Key SID", saved.key_sid)]
            }
            NumberProviderKind::Vonage => vec![
                field("account", "API Key", saved.account),
                field("sip_domain", "SIP Domain", saved.sip_domain),
                field("sip_username", "SIP Username", saved.sip_username),
            ],
        };
        SavedRow { version: saved.version, fields }
    })
}

#[component]
pub fn CredentialsFields(fields: CredentialsForm) -> impl IntoView {
    let (dots, hint) =
        if fields.connected { ("••••••••", "Leave blank to keep the current one") } else { ("", "") };
    match fields.kind {
        NumberProviderKind::Twilio => view! {
            <TextField
                input=fields.account
                label="Account SID"
                kind=TextKind::Code
                placeholder="AC…"
                hint="Twilio's console shows it on its first page"
                autofocus=true
            />
            <TextField
                input=fields.key_sid
                label="API Key SID"
                kind=TextKind::Code
                placeholder="SK…"
                hint="Blank where you enter the auth token below"
                optional=true
            />
            <TextField
                input=fields.secret
                label="Auth Token or API Key Secret"
                kind=TextKind::ForeignPassword
                placeholder=dots
                hint=hint
            />
        }
        .into_any(),
        NumberProviderKind::Vonage => view! {
            <TextField
                input=fields.account
                label="API Key"
                kind=TextKind::Code
                placeholder="abcd1234"
                hint="Vonage's dashboard shows key and secret under API Settings"
                autofocus=true
            />
            <TextField
                input=fields.secret
                label="API Secret"
                kind=TextKind::ForeignPassword
                placeholder=dots
                hint=hint
            />
            <TextField
                input=fields.sip_domain
                label="SIP Domain"
                kind=TextKind::Code
                placeholder="acme.sip-us.vonage.com"
                hint="Of the SIP trunk for outbound calls, which you create in Vonage's dashboard"
            />
            <TextField
                input=fields.sip_username
                label="SIP Username"
                kind=TextKind::Code
                hint="Blank where the trunk allows LiveKit's addresses"
                optional=true
            />
            <TextField
                input=fields.sip_password
                label="SIP Password"
                kind=TextKind::ForeignPassword
                placeholder=dots
                hint=hint
                optional=true
            />
        }
        .into_any(),
    }
}
