use api_types::view::ExotelSummary;
use leptos::prelude::*;

use crate::{
    components::ui::{EmptyState, HASH, PENCIL, PLUG, UNPLUG, counted, icon},
    urls,
};

/// The account, read-only, and a link to its numbers.
pub fn account(summary: &ExotelSummary, may_connect: bool) -> AnyView {
    let host = summary.subdomain.map(|subdomain| format!("{} ({})", subdomain.as_str(), subdomain.label()));
    let edit = may_connect.then(|| {
        view! { <a class="btn" href=format!("{}?edit=1", urls::EXOTEL)>{icon(PENCIL)} "Change credentials"</a> }
    });
    view! {
        <div class="provider-cards">
            <section class="card p-4">
                <h2 class="text-[14px] font-medium mb-2">"Account"</h2>
                <dl class="facts">
                    <div class="fact"><dt>"Account SID"</dt> <dd>{code(summary.account_sid.clone().unwrap_or_default())}</dd></div>
                    <div class="fact"><dt>"Subdomain"</dt> <dd>{code(host.unwrap_or_default())}</dd></div>
                    <div class="fact"><dt>"API key, token"</dt> <dd>"Set; they are never shown again."</dd></div>
                </dl>
                <div class="mt-3">{edit}</div>
            </section>
            <section class="card p-4">
                <h2 class="text-[14px] font-medium mb-2">"Numbers"</h2>
                <p class="text-ink-2">
                    {match summary.numbers_imported {
                        0 => "No number has been imported yet.".to_owned(),
                        several => format!("{} imported so far.", counted(several, "number", "numbers")),
                    }}
                    " Exotel is asked for the account's numbers when you open them; nothing is added before you have seen what."
                </p>
                <div class="mt-3">
                    <a class="btn-primary" href=format!("{}?numbers=1", urls::EXOTEL)>{icon(HASH)} "Show numbers"</a>
                </div>
            </section>
        </div>
    }
    .into_any()
}

pub fn not_connected(may_connect: bool) -> AnyView {
    let connect = may_connect.then(|| {
        view! { <a class="btn-primary" href=format!("{}?edit=1", urls::EXOTEL)>{icon(PLUG)} "Connect Exotel"</a> }
    });
    let text = if may_connect {
        "With the account's API key, Trunkline reads its numbers and puts those that you choose on a carrier."
    } else {
        "An administrator connects the account. Until then, an Exotel trunk works as a carrier like any other."
    };
    view! {
        <div class="card mb-4">
            <EmptyState glyph=UNPLUG title="No Exotel account is connected" text>
                {connect}
                <a class="btn" href=urls::guide("exotel")>"Open the guide"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}

pub fn code(text: String) -> AnyView {
    view! { <code class="font-mono text-[12.5px] wrap-anywhere">{text}</code> }.into_any()
}
