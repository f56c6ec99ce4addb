//! Exotel: credentials and their test, import of its numbers into a carrier, and the settings to enter at Exotel.

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
    numbers::{Numbers, NumbersData, numbers},
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
    session::use_session,
    status::set_status,
    submitted::submitted,
    urls,
};

/// The part of the page that the address asks for.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    Overview,
    /// The overview with a dialog over it.
    Disconnecting,
    Editing,
    /// Opening it requests the numbers from Exotel.
    Numbers,
}

impl Section {
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
    let section = Section::read(&query);
    let request = NumbersRequest {
        // From the posted form; without one, from the link.
        carrier_id: submitted().and_then(|form| form.last("carrier_id")).or_else(|| query.get("carrier_id")),
        preview: returned(),
        imported: submitted().and_then(|form| form.outcome).and_then(|json| api::http::row(&json)),
    };
    let page = async move {
        match load(section, request).await {
            Ok((summary, data)) => contents(section, summary, data),
            Err(problem) => {
                set_status(problem.status);
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

/// Input of [`Section::Numbers`].
struct NumbersRequest {
    carrier_id: Option<String>,
    preview: Option<ExotelImportInput>,
    /// The result, if the server has just imported.
    imported: Option<ExotelImported>,
}

/// The input of a preview: a posted form without a fault.
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

async fn load(section: Section, request: NumbersRequest) -> Result<(ExotelSummary, Option<NumbersData>), Problem> {
    if section != Section::Numbers {
        return Ok((api::exotel::summary().await?, None));
    }
    let NumbersRequest { carrier_id, preview, imported } = request;
    let (numbers, carriers, bots) =
        futures::join!(load_numbers(preview, imported), carriers::read(carrier_id), api::bot::list());
    // Read last: the request to Exotel has changed the connection's state.
    let summary = api::exotel::summary().await?;
    Ok((summary, Some(NumbersData { numbers, carriers, bots })))
}

/// Requests from Exotel only what is shown.
async fn load_numbers(
    preview: Option<ExotelImportInput>,
    imported: Option<ExotelImported>,
) -> Result<Numbers, Problem> {
    if let Some(imported) = imported {
        return Ok(Numbers::Import(imported));
    }
    let refused = match preview {
        None => None,
        Some(input) => match api::exotel::preview(input).await {
            Ok(imported) => return Ok(Numbers::Import(imported)),
            // Exotel failed: a request for its list would fail again.
            Err(problem) if problem.status == 502 => return Err(problem),
            Err(problem) => Some(problem),
        },
    };
    Ok(Numbers::Choice { numbers: api::exotel::numbers().await?, refused })
}

fn contents(section: Section, summary: ExotelSummary, data: Option<NumbersData>) -> AnyView {
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
    let dialog = (section == Section::Disconnecting && may_connect && connected)
        .then(|| view! { <DisconnectDialog summary=summary.clone()/> });
    let body = match (section, data) {
        (Section::Editing, _) if may_connect => view! { <Credentials summary/> }.into_any(),
        (Section::Numbers, Some(data)) if connected => {
            view! { {status(&summary)} {numbers(data, may_change)} }.into_any()
        }
        _ if connected => view! { {status(&summary)} {account(&summary, may_connect)} {setup(&summary)} }.into_any(),
        _ => view! { {not_connected(may_connect)} {setup(&summary)} }.into_any(),
    };
    // Test and disconnection have no form that could show why they were refused.
    let has_no_form = section == Section::Overview || section == Section::Disconnecting && dialog.is_none();
    let refused = has_no_form.then(|| view! { <ProblemBanner form=Form::new("exotel")/> });
    view! {
        <PageHeader title="Exotel" summary=about.into_any()>{actions}</PageHeader>
        {refused}
        {body}
        {dialog}
    }
    .into_any()
}
