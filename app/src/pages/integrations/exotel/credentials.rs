use domain::{
    ExotelAccountSid, ExotelSubdomain, FieldErrors, Secret,
    input::{ExotelInput, Text},
    view::ExotelSummary,
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;
use serde_json::Value;

use crate::{
    api::{self, http::row},
    components::{
        form::{
            ActionBar, Card, ConflictDialog, Current, Form, ProblemBanner, RadioCards, TextField, TextKind, Theirs,
            guard_leaving,
        },
        ui::{GLOBE, use_toasts},
    },
    urls,
};

/// What lets Trunkline into the account. Secrets go in and never come out.
#[component]
pub fn Credentials(shown: RwSignal<ExotelSummary>) -> impl IntoView {
    let saved = shown.get_untracked();
    let kept = saved.connected;
    let form = Form::new("exotel");
    let subdomain = saved.subdomain.unwrap_or(ExotelSubdomain::Mumbai);
    let account_sid = form
        .input("account_sid", saved.account_sid.unwrap_or_default(), |text| text.parse::<ExotelAccountSid>().map(drop));
    let subdomain = form.choice("subdomain", subdomain.as_str().to_owned());
    let api_key = form.input("api_key", String::new(), |_| Ok(()));
    let api_token = form.input("api_token", String::new(), |_| Ok(()));
    let version = form.version(saved.version);
    Effect::new(move |before: Option<()>| {
        let newest = shown.get();
        if before.is_some() {
            form.follow(current(newest), version);
        }
    });
    let here = StoredValue::new(format!("{}?edit=1", urls::EXOTEL));
    guard_leaving(
        here.get_value(),
        move || form.changed(),
        move |target| here.with_value(|here| target.starts_with(here.as_str())),
    );
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let save = move || {
        if let Err(fault) = account_sid.value.with_untracked(|text| text.parse::<ExotelAccountSid>()) {
            form.refuse_fields(&FieldErrors::one("account_sid", fault));
            return;
        }
        let text = |value: RwSignal<String>| Some(Text(value.get_untracked()));
        let input = ExotelInput {
            account_sid: text(account_sid.value),
            subdomain: text(subdomain.value),
            api_key: Some(Secret::new(api_key.value.get_untracked())),
            api_token: Some(Secret::new(api_token.value.get_untracked())),
            version: text(version),
        };
        form.send(api::integration::save(input), move |summary| {
            toasts.say("Saved. Test the connection next.");
            shown.set(summary);
            navigate.with_value(|navigate| navigate(urls::EXOTEL, Default::default()));
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save();
    };
    let cards = ExotelSubdomain::ALL.map(|subdomain| Card {
        value: subdomain.as_str(),
        glyph: GLOBE,
        title: subdomain.label(),
        text: subdomain.as_str(),
    });
    let (dots, hint) =
        if kept { ("••••••••", "Leave blank to keep the current one") } else { ("", "") };
    view! {
        <form method="post" action=urls::EXOTEL novalidate class="form-page" on:submit=submit>
            <input type="hidden" name="version" value=move || version.get()/>
            <ProblemBanner problem=form.problem.into()/>
            <div class="card px-5">
                <section class="form-section">
                    <div>
                        <h2 class="text-[14px] font-medium">"Credentials"</h2>
                        <p class="hint">
                            "Exotel's dashboard shows all four under Settings, API settings. Key and token are stored encrypted."
                        </p>
                    </div>
                    <div class="form-fields">
                        <TextField input=account_sid label="Account SID" kind=TextKind::Code placeholder="acme1"/>
                        <div class="sm:col-span-2">
                            <RadioCards input=subdomain label="Subdomain" cards=cards.to_vec()/>
                        </div>
                        <TextField input=api_key label="API key" kind=TextKind::ForeignPassword placeholder=dots hint=hint/>
                        <TextField input=api_token label="API token" kind=TextKind::ForeignPassword placeholder=dots hint=hint/>
                    </div>
                </section>
            </div>
            <ActionBar form label="Save credentials" busy_label="Saving…" cancel=urls::EXOTEL/>
        </form>
        <ConflictDialog form noun="connection" read=conflicting version reload=here.get_value() save/>
    }
    .into_any()
}

fn conflicting(json: Value) -> Option<Current> {
    row(&json).map(current)
}

fn current(saved: ExotelSummary) -> Current {
    let field = |name, label, value| Theirs { name, label, value };
    let subdomain = saved.subdomain.unwrap_or(ExotelSubdomain::Mumbai);
    let fields = vec![
        field("account_sid", "Account SID", saved.account_sid.unwrap_or_default()),
        field("subdomain", "Subdomain", subdomain.as_str().to_owned()),
    ];
    Current { version: saved.version, fields }
}
