use api_types::view::ExotelSummary;
use domain::{ExotelSubdomain, IntoEnumIterator};
use leptos::prelude::*;
use serde_json::Value;

use crate::{
    api::http::row,
    components::{
        form::{
            ActionBar, Card, ConflictDialog, Form, ProblemBanner, RadioCards, ReadValues, SavedField, SavedRow,
            TextField, TextKind,
        },
        ui::GLOBE,
    },
    urls,
};

/// The form for the account. Secrets are write-only.
#[component]
pub fn Credentials(summary: ExotelSummary) -> impl IntoView {
    let kept = summary.connected;
    let form = Form::new("exotel");
    let subdomain = summary.subdomain.unwrap_or(ExotelSubdomain::Mumbai);
    let account_sid = form.input("account_sid", summary.account_sid.unwrap_or_default(), |_| Ok(()));
    let subdomain = form.choice("subdomain", subdomain.as_str().to_owned());
    let api_key = form.input("api_key", String::new(), |_| Ok(()));
    let api_token = form.input("api_token", String::new(), |_| Ok(()));
    let version = form.version(summary.version);
    let here = format!("{}?edit=1", urls::EXOTEL);
    let cards = ExotelSubdomain::iter().map(|subdomain| Card {
        value: subdomain.as_str(),
        glyph: GLOBE,
        title: subdomain.label(),
        text: subdomain.as_str(),
    });
    let (dots, hint) =
        if kept { ("••••••••", "Leave blank to keep the current one") } else { ("", "") };
    view! {
        <form
            id=form.element_id()
            method="post"
            action=format!("{}?edit=1", urls::EXOTEL)
            novalidate
            class="form-page"
            data-done="Saved. Test the connection next."
        >
            <ReadValues form version/>
            <ProblemBanner form/>
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
                            <RadioCards input=subdomain label="Subdomain" cards=cards.collect()/>
                        </div>
                        <TextField input=api_key label="API key" kind=TextKind::ForeignPassword placeholder=dots hint=hint/>
                        <TextField input=api_token label="API token" kind=TextKind::ForeignPassword placeholder=dots hint=hint/>
                    </div>
                </section>
            </div>
            <ActionBar form label="Save credentials" busy_label="Saving…" cancel=urls::EXOTEL/>
        </form>
        <ConflictDialog form noun="connection" read=conflicting version reload=here save=|()| ()/>
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
