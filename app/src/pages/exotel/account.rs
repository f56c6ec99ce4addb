use api_types::view::ExotelSummary;
use leptos::prelude::*;

use crate::{
    components::ui::{EmptyState, HASH, PENCIL, PLUG, UNPLUG, counted, icon},
    urls,
};

/// The account, read-only, and a link to its numbers.
#[component]
pub fn Account(summary: RwSignal<ExotelSummary>, may_connect: bool) -> impl IntoView {
    let account_sid = move || summary.with(|summary| summary.account_sid.clone().unwrap_or_default());
    let host = move || {
        let subdomain = summary.with(|summary| summary.subdomain);
        subdomain.map(|subdomain| format!("{} ({})", subdomain.as_str(), subdomain.label()))
    };
    let imported = move || match summary.with(|summary| summary.numbers_imported) {
        0 => "No number has been imported yet.".to_owned(),
        several => format!("{} imported so far.", counted(several, "number", "numbers")),
    };
    let edit = may_connect.then(|| {
        view! {
            <div class="mt-3">
                <a class="btn" href=format!("{}?edit=1", urls::EXOTEL)>{icon(PENCIL)} "Change Credentials"</a>
            </div>
        }
    });
    view! {
        <div class="provider-cards">
            <section class="card p-4">
                <h2 class="text-[14px] font-medium mb-2">"Account"</h2>
                <dl class="facts">
                    <div class="fact"><dt>"Account SID"</dt> <dd>{code(account_sid)}</dd></div>
                    <div class="fact"><dt>"Subdomain"</dt> <dd>{code(move || host().unwrap_or_default())}</dd></div>
                    <div class="fact"><dt>"API Key, API Token"</dt> <dd>"Set. They are never shown again."</dd></div>
                </dl>
                {edit}
            </section>
            <section class="card p-4">
                <h2 class="text-[14px] font-medium mb-2">"Numbers"</h2>
                <p class="text-ink-2">
                    {imported}
                    " Trunkline lists the account's numbers from Exotel when you open them, and shows a preview before it imports any."
                </p>
                <div class="mt-3">
                    <a class="btn-primary" href=format!("{}?numbers=1", urls::EXOTEL)>{icon(HASH)} "Show Numbers"</a>
                </div>
            </section>
        </div>
    }
    .into_any()
}

#[component]
pub fn NotConnected(may_connect: bool) -> impl IntoView {
    let connect = may_connect.then(|| {
        view! { <a class="btn-primary" href=format!("{}?edit=1", urls::EXOTEL)>{icon(PLUG)} "Connect Exotel"</a> }
    });
    let text = if may_connect {
        "With the account's API credentials, Trunkline lists its numbers and imports those that you choose into a carrier."
    } else {
        "An administrator connects the account. An Exotel trunk can be set up as a carrier without it."
    };
    view! {
        <div class="card mb-4">
            <EmptyState glyph=UNPLUG title="No Exotel account is connected" text>
                {connect}
                <a class="btn" href=urls::guide("exotel")>"Open Guide"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}

pub fn code(text: impl IntoView + 'static) -> AnyView {
    view! { <code class="font-mono text-[12.5px] wrap-anywhere">{text}</code> }.into_any()
}
