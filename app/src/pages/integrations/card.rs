use api_types::view::IntegrationSummary;
use domain::{Action, Exotel, NumberProviderKind};
use leptos::{ev::SubmitEvent, prelude::*};

use super::LiveIntegrations;
use crate::{
    components::{
        form::{Form, ProblemBanner, SubmitButton},
        ui::{ALERT, Badge, CHECK, CIRCLE, PENCIL, PLUG, RelativeTime, SEARCH, TRASH, Tone, icon, use_toasts},
    },
    server_fns::integration::test_integration,
    session::use_session,
    urls,
};

/// One integration: whether it is connected, since when, and its last answer.
#[component]
pub fn IntegrationCard(
    provider: String,
    summary: Memo<IntegrationSummary>,
    integrations: LiveIntegrations,
) -> impl IntoView {
    let heading = format!("integration-{provider}");
    let labelled_by = heading.clone();
    let kind: Option<NumberProviderKind> = provider.parse().ok();
    let connected = Memo::new(move |_| summary.with(|summary| summary.connected));
    let actions = move |kind| view! { <Actions kind connected=connected.get() integrations/> };
    let actions = match (kind, provider.as_str()) {
        (Some(kind), _) => (move || actions(kind)).into_any(),
        (None, provider) if provider == Exotel::PROVIDER => {
            view! { <a class="btn" href=urls::EXOTEL>{icon(PLUG)} "Open Exotel"</a> }.into_any()
        }
        (None, _) => ().into_any(),
    };
    view! {
        <section class="card overflow-hidden" aria-labelledby=labelled_by>
            <div class="section-head">
                <h2 id=heading class="text-[14px] font-medium">{summary.with_untracked(|summary| summary.name.clone())}</h2>
                {move || summary.with(badge)}
                <span class="ml-auto flex flex-wrap items-center justify-end gap-2">{actions}</span>
            </div>
            <p class="integration-text">{purpose(&provider)}</p>
            <dl class="integration-facts">{move || summary.with(|summary| facts(summary, kind))}</dl>
        </section>
    }
    .into_any()
}

fn facts(summary: &IntegrationSummary, kind: Option<NumberProviderKind>) -> AnyView {
    let account = summary.account.clone().map(|account| {
        view! {
            <div>
                <dt>{account_label(kind)}</dt>
                <dd class="font-mono text-[12.5px] wrap-anywhere">{account}</dd>
            </div>
        }
    });
    let since = summary.connected_since.map(|at| view! { <div><dt>"Connected"</dt><dd><RelativeTime at/></dd></div> });
    view! {
        {account}
        {since}
        <div><dt>"Last Answer"</dt><dd>{last_answer(summary)}</dd></div>
    }
    .into_any()
}

fn account_label(kind: Option<NumberProviderKind>) -> &'static str {
    match kind {
        Some(NumberProviderKind::Vonage) => "API Key",
        Some(NumberProviderKind::Twilio) | None => "Account SID",
    }
}

fn purpose(provider: &str) -> &'static str {
    match provider {
        "livekit" => "Has the SIP trunks and dispatch rules of all carriers. It is configured at the server.",
        "exotel" => "Lists the numbers of an Exotel account, and imports them into a carrier.",
        "twilio" => {
            "Searches for numbers and buys them, and sends their calls to LiveKit through an Elastic SIP trunk."
        }
        _ => "Searches for numbers and buys them, and forwards their calls to LiveKit.",
    }
}

fn badge(summary: &IntegrationSummary) -> AnyView {
    let (tone, text, glyph) = match (summary.connected, &summary.last_check_error) {
        (_, Some(_)) => (Tone::Error, "Failing", ALERT),
        (true, None) => (Tone::Ok, "Connected", CHECK),
        (false, None) => (Tone::Quiet, "Not Connected", CIRCLE),
    };
    view! { <Badge tone text glyph/> }.into_any()
}

fn last_answer(summary: &IntegrationSummary) -> AnyView {
    match (summary.last_checked_at, summary.last_check_error.clone()) {
        (None, _) => "None yet".into_any(),
        (Some(at), None) => view! { <span class="text-ok">"Accepted "</span> <RelativeTime at/> }.into_any(),
        (Some(at), Some(error)) => {
            view! { <span class="text-error wrap-anywhere">{error} " "</span> <RelativeTime at/> }.into_any()
        }
    }
}

/// What can be done with Twilio or Vonage, as far as the role allows it.
#[component]
fn Actions(kind: NumberProviderKind, connected: bool, integrations: LiveIntegrations) -> impl IntoView {
    let session = use_session();
    let (may_manage, may_test) = (session.may(Action::ManageIntegrations), session.may(Action::TestIntegration));
    let may_search = session.may(Action::SearchNumbers);
    let provider = kind.as_str();
    let named = format!(" {}", kind.name());
    if !connected {
        return may_manage
            .then(|| {
                view! {
                    <a class="btn-primary" href=urls::integration_dialog("connect", provider) data-noscroll="">
                        "Connect" <span class="sr-only">{named}</span>
                    </a>
                }
            })
            .into_any();
    }
    let find = format!("{}{}", urls::FIND_NUMBER, urls::query(&[("provider", provider)]));
    view! {
        {may_test.then(|| view! { <TestForm kind integrations/> })}
        {may_search.then(|| view! { <a class="btn" href=find>{icon(SEARCH)} "Find Numbers" <span class="sr-only">{named.clone()}</span></a> })}
        {may_manage
            .then(|| view! {
                <a class="btn" href=urls::integration_dialog("connect", provider) data-noscroll="">
                    {icon(PENCIL)} "Edit" <span class="sr-only">{named.clone()}</span>
                </a>
                <a class="btn" href=urls::integration_dialog("disconnect", provider) data-noscroll="">
                    {icon(TRASH)} "Disconnect" <span class="sr-only">{named}</span>
                </a>
            })}
    }
    .into_any()
}

/// A button that tests the credentials with a request to the provider.
#[component]
fn TestForm(kind: NumberProviderKind, integrations: LiveIntegrations) -> impl IntoView {
    let form = Form::button(match kind {
        NumberProviderKind::Twilio => "twilio-test",
        NumberProviderKind::Vonage => "vonage-test",
    });
    let toasts = use_toasts();
    let test = move |event: SubmitEvent| {
        event.prevent_default();
        form.send(test_integration(kind), move |tested| {
            // The card shows the reason of a failure.
            match tested.last_check_error {
                Some(_) => toasts.error("Connection test failed."),
                None => toasts.success(format!("{} accepted the credentials.", kind.name())),
            }
            integrations.refresh();
        });
    };
    view! {
        <form method="post" action=urls::INTEGRATIONS class="contents" on:submit=test>
            <input type="hidden" name="provider" value=kind.as_str()/>
            <SubmitButton label="Test Connection" busy_label="Testing…" busy=form.busy class="btn"/>
        </form>
        <ProblemBanner form/>
    }
    .into_any()
}
