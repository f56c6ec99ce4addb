use api_types::input::CallReplayQuery;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::why_steps::Replays;
use crate::{
    components::{
        form::{QueryField, QueryForm},
        layout::PageHeader,
        ui::{Failure, Skeleton},
    },
    server_fns::{call::replay_call, read},
    status::set_status,
    urls,
};

/// "Why was this call rejected?": a form with GET, and LiveKit's matching of what was entered, step by step.
#[component]
pub fn CallWhyPage() -> impl IntoView {
    let (params, pathname) = (use_query_map(), use_location().pathname);
    // While the page is being left, the address is another page's.
    let query = Memo::new(move |before: Option<&CallReplayQuery>| match before {
        Some(before) if pathname.with(|path| path != urls::CALL_WHY) => before.clone(),
        _ => params.with(|params| {
            let get = |name| params.get(name).unwrap_or_default();
            CallReplayQuery { source: get("source"), from: get("from"), to: get("to"), trunk: get("trunk") }
        }),
    });
    let replay = Resource::new(
        move || query.get(),
        |query| async move {
            // A link from a call leaves out the source: the form asks for it.
            if query.source.trim().is_empty() { None } else { Some(read(replay_call(query)).await) }
        },
    );
    let result = move || {
        Suspend::new(async move {
            match replay.await {
                None => ().into_any(),
                Some(Ok(replay)) => view! { <Replays replay/> }.into_any(),
                // The faults of fields are shown at the fields.
                Some(Err(problem)) if !problem.errors.is_empty() => {
                    set_status(problem.status);
                    let messages = problem.errors.iter().map(|error| {
                        view! { <li>{error.message.clone()}</li> }
                    });
                    view! { <ul class="card why-errors" role="alert">{messages.collect_view()}</ul> }.into_any()
                }
                Some(Err(problem)) => {
                    set_status(problem.status);
                    view! { <div class="card"><Failure problem retry=move || replay.refetch()/></div> }.into_any()
                }
            }
        })
    };
    let title = "Why Was This Call Rejected?";
    view! {
        <PageHeader
            title
            parent=(urls::CALLS, "Calls")
            crumb=Signal::stored(title.to_owned())
            summary="LiveKit's own matching, replayed on what Trunkline wants and on what LiveKit has.".into_any()
        />
        <QueryForm action=urls::CALL_WHY fields=fields(query) label="Replay the Call"/>
        <Transition fallback=|| view! { <div class="card mt-4"><Skeleton rows=6/></div> }>{result}</Transition>
    }
    .into_any()
}

/// The fields of the form.
fn fields(query: Memo<CallReplayQuery>) -> Vec<QueryField> {
    let field = |name, label, hint, value: fn(&CallReplayQuery) -> &String| {
        let value = Signal::derive(move || query.with(|query| value(query).clone()));
        QueryField { name, label, hint, value }
    };
    vec![
        field("source", "Source Address", "The IP address of the INVITE", |query| &query.source),
        field("from", "From", "The header, its URI, or the number", |query| &query.from),
        field("to", "To", "The header, its URI, or the number", |query| &query.to),
        field("trunk", "Trunk", "LiveKit's id ST_…, if known", |query| &query.trunk),
    ]
}
