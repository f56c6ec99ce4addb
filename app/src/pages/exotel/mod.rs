//! Exotel: credentials, their test, its numbers into a carrier, and what to enter on its side.

mod account;
mod carriers;
mod choices;
mod credentials;
mod disconnect_dialog;
mod import;
mod numbers;
mod preview;
mod setup;
mod status;

use api_types::{
    Problem,
    input::{ExotelImportInput, TextList},
    view::{ExotelImported, ExotelSummary},
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use self::{
    account::{account, not_connected},
    credentials::Credentials,
    disconnect_dialog::DisconnectDialog,
    numbers::{Answers, Numbers, numbers},
    setup::setup,
    status::{status, test_form},
};
use crate::{
    api,
    components::{
        form::{Form, ProblemBanner},
        layout::PageHeader,
        ui::{Failure, TRASH, icon},
    },
    pages::answer_status,
    session::use_session,
    submitted::submitted,
    urls,
};

/// What the address asks for.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Overview,
    /// The overview with a dialog over it.
    Disconnecting,
    Editing,
    /// Exotel's numbers: the one place that asks Exotel when it is opened.
    Numbers,
}

impl Place {
    fn read(params: &ParamsMap) -> Self {
        let has = |name: &str| params.get_str(name).is_some();
        match (has("edit"), has("numbers"), has("disconnect")) {
            (true, ..) => Self::Editing,
            (_, true, _) => Self::Numbers,
            (.., true) => Self::Disconnecting,
            _ => Self::Overview,
        }
    }
}

#[component]
pub fn ExotelPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let place = Place::read(&query);
    let asked = Asked {
        // What a form sent counts; before there is one, a link may name the carrier.
        carrier_id: submitted().and_then(|form| form.last("carrier_id")).or_else(|| query.get("carrier_id")),
        preview: returned(),
        imported: use_context::<ExotelImported>(),
    };
    let page = async move {
        match read(place, asked).await {
            Ok((summary, answers)) => contents(place, summary, answers),
            Err(problem) => {
                answer_status(problem.status);
                view! {
                    <PageHeader title="Exotel"/>
                    <div class="card"><Failure problem retry=|| ()/></div>
                }
                .into_any()
            }
        }
    };
    view! { <Suspense>{Suspend::new(page)}</Suspense> }
}

/// What the page at [`Place::Numbers`] is to show.
struct Asked {
    carrier_id: Option<String>,
    preview: Option<ExotelImportInput>,
    /// The server has just done it.
    imported: Option<ExotelImported>,
}

/// A preview that was asked for came back as a form without a fault.
fn returned() -> Option<ExotelImportInput> {
    let form = submitted().filter(|form| form.problem.is_none() && form.last("dry_run").is_some())?;
    let text = |name: &str| form.last(name).unwrap_or_default().as_str().into();
    Some(ExotelImportInput {
        carrier_id: text("carrier_id"),
        numbers: TextList::split(&form.value("numbers").unwrap_or_default()),
        direction: text("direction"),
        bot_id: text("bot_id"),
        dry_run: text("dry_run"),
    })
}

async fn read(place: Place, asked: Asked) -> Result<(ExotelSummary, Option<Answers>), Problem> {
    if place != Place::Numbers {
        return Ok((api::exotel::summary().await?, None));
    }
    let Asked { carrier_id, preview, imported } = asked;
    let (numbers, carriers, bots) =
        futures::join!(ask(preview, imported), carriers::read(carrier_id), api::bot::list());
    // Read last: asking Exotel has just changed how it stands.
    let summary = api::exotel::summary().await?;
    Ok((summary, Some(Answers { numbers, carriers, bots })))
}

/// Exotel is asked for what is shown, and for nothing beside it.
async fn ask(preview: Option<ExotelImportInput>, imported: Option<ExotelImported>) -> Result<Numbers, Problem> {
    if let Some(imported) = imported {
        return Ok(Numbers::Import(imported));
    }
    let refused = match preview {
        None => None,
        Some(input) => match api::exotel::preview(input).await {
            Ok(imported) => return Ok(Numbers::Import(imported)),
            // Exotel failed: asked for its list, it would fail again.
            Err(problem) if problem.status == 502 => return Err(problem),
            Err(problem) => Some(problem),
        },
    };
    Ok(Numbers::Choice { numbers: api::exotel::numbers().await?, refused })
}

fn contents(place: Place, summary: ExotelSummary, answers: Option<Answers>) -> AnyView {
    let session = use_session();
    let (may_change, may_connect) = (session.may_change(), session.may_connect());
    let connected = summary.connected;
    let actions = connected.then(|| {
        view! {
            {may_change.then(test_form)}
            {may_connect.then(|| view! {
                <a class="btn-danger" href=format!("{}?disconnect=1", urls::EXOTEL) data-noscroll="">
                    {icon(TRASH)} "Disconnect"
                </a>
            })}
        }
    });
    let about = match (&summary.account_sid, summary.subdomain) {
        (Some(account), Some(subdomain)) => format!("Account {account} in {}.", subdomain.label()),
        _ => "Not connected.".to_owned(),
    };
    let dialog = (place == Place::Disconnecting && may_connect && connected)
        .then(|| view! { <DisconnectDialog summary=summary.clone()/> });
    let body = match (place, answers) {
        (Place::Editing, _) if may_connect => view! { <Credentials summary/> }.into_any(),
        (Place::Numbers, Some(answers)) if connected => {
            view! { {status(&summary)} {numbers(answers, may_change)} }.into_any()
        }
        _ if connected => view! { {status(&summary)} {account(&summary, may_connect)} {setup(&summary)} }.into_any(),
        _ => view! { {not_connected(may_connect)} {setup(&summary)} }.into_any(),
    };
    // What is refused without a form of its own to come back to: the test, and a disconnection.
    let alone = place == Place::Overview || place == Place::Disconnecting && dialog.is_none();
    let refused = alone.then(|| view! { <ProblemBanner form=Form::new("exotel")/> });
    view! {
        <PageHeader title="Exotel" summary=about.into_any()>{actions}</PageHeader>
        {refused}
        {body}
        {dialog}
    }
    .into_any()
}
