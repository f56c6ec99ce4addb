use api_types::{
    input::{ExotelInput, Text},
    view::ExotelSummary,
};
use domain::{ExotelAccountSid, ExotelKey, ExotelSubdomain, FieldErrors, FieldFault, IntoEnumIterator, Secret};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use serde_json::Value;

use crate::{
    components::{
        form::{
            Card, Editing, Form, FormPage, Input, RadioCards, SavedField, SavedRow, TextField, TextKind, parsed, row,
        },
        ui::{GLOBE, use_toasts},
    },
    server_fns::exotel::save_exotel,
    urls,
};

/// Fields of the account. Secrets are write-only.
#[derive(Clone, Copy)]
struct CredentialsForm {
    form: Form,
    account_sid: Input,
    subdomain: Input,
    api_key: Input,
    api_token: Input,
    version: RwSignal<String>,
    /// There are saved secrets, which blank fields keep.
    connected: bool,
}

impl CredentialsForm {
    fn new(summary: &ExotelSummary) -> Self {
        let form = Form::new("exotel");
        let subdomain = summary.subdomain.unwrap_or(ExotelSubdomain::Mumbai);
        let account_sid = summary.account_sid.clone().unwrap_or_default();
        Self {
            form,
            account_sid: form.input("account_sid", account_sid, parsed::<ExotelAccountSid>),
            subdomain: form.choice("subdomain", subdomain.as_str().to_owned()),
            api_key: form.input("api_key", String::new(), |text| blank_or_key(text, "API key")),
            api_token: form.input("api_token", String::new(), |text| blank_or_key(text, "API token")),
            version: form.version(summary.version),
            connected: summary.connected,
        }
    }

    fn input(self) -> ExotelInput {
        let secret = |input: Input| Some(Secret::new(input.value.get_untracked()));
        ExotelInput {
            account_sid: Some(Text(self.account_sid.value.get_untracked())),
            subdomain: Some(Text(self.subdomain.value.get_untracked())),
            api_key: secret(self.api_key),
            api_token: secret(self.api_token),
            version: Some(Text(self.version.get_untracked())),
        }
    }

    /// Faults of the fields, checked by the server's own parser. A placeholder stands for a saved secret, which is not known
    /// here.
    fn check(self) -> Result<(), FieldErrors> {
        let mut input = self.input();
        for secret in [&mut input.api_key, &mut input.api_token] {
            if self.connected && secret.as_ref().is_some_and(|secret| secret.expose().trim().is_empty()) {
                *secret = Some(Secret::new("saved"));
            }
        }
        input.parse(None).map(drop)
    }
}

fn blank_or_key(text: &str, what: &str) -> Result<(), FieldFault> {
    if text.trim().is_empty() { Ok(()) } else { ExotelKey::new(&Secret::new(text), what).map(drop) }
}

/// The form for the account.
#[component]
pub fn Credentials(summary: RwSignal<ExotelSummary>) -> impl IntoView {
    let fields = CredentialsForm::new(&summary.get_untracked());
    let CredentialsForm { form, account_sid, subdomain, api_key, api_token, version, connected } = fields;
    Effect::new(move |before: Option<()>| {
        let newest = summary.get();
        if before.is_some() {
            form.follow(current(newest), version);
        }
    });
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(save_exotel(fields.input()), move |saved| {
            toasts.success("Saved the credentials.");
            summary.set(saved.summary);
            navigate.with_value(|navigate| navigate(urls::EXOTEL, Default::default()));
        });
    };
    let cards = ExotelSubdomain::iter().map(|subdomain| Card {
        value: subdomain.as_str(),
        glyph: GLOBE,
        title: subdomain.label(),
        text: subdomain.as_str(),
    });
    let (dots, hint) =
        if connected { ("••••••••", "Leave blank to keep the current one") } else { ("", "") };
    view! {
        <FormPage
            form
            address=format!("{}?edit=1", urls::EXOTEL)
            cancel=urls::EXOTEL
            label="Save Credentials"
            busy_label="Saving…"
            on_submit=save
            editing=Editing { noun: "connection", version, read: conflicting }
        >
            <div class="card px-5">
                <section class="form-section">
                    <div>
                        <h2 class="text-[14px] font-medium">"Credentials"</h2>
                        <p class="hint">
                            "Exotel's dashboard shows all four under Settings, API Settings. The API key and API token are stored encrypted."
                        </p>
                    </div>
                    <div class="form-fields">
                        <TextField input=account_sid label="Account SID" kind=TextKind::Code placeholder="acme1"/>
                        <div class="sm:col-span-2">
                            <RadioCards input=subdomain label="Subdomain" cards=cards.collect()/>
                        </div>
                        <TextField input=api_key label="API Key" kind=TextKind::ForeignPassword placeholder=dots hint=hint/>
                        <TextField input=api_token label="API Token" kind=TextKind::ForeignPassword placeholder=dots hint=hint/>
                    </div>
                </section>
            </div>
        </FormPage>
    }
    .into_any()
}

fn conflicting(json: Value) -> Option<SavedRow> {
    row(&json).map(current)
}

fn current(saved: ExotelSummary) -> SavedRow {
    let field = |name, label, value| SavedField { name, label, value };
    let subdomain = saved.subdomain.unwrap_or(ExotelSubdomain::Mumbai);
    let fields = vec![
        field("account_sid", "Account SID", saved.account_sid.unwrap_or_default()),
        field("subdomain", "Subdomain", subdomain.as_str().to_owned()),
    ];
    SavedRow { version: saved.version, fields }
}
