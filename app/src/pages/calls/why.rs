use api_types::input::CallReplayQuery;
use leptos::{
    ev::SubmitEvent,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement},
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};

use super::why_steps::Replays;
use crate::{
    components::{
        layout::PageHeader,
        ui::{Failure, SEARCH, Skeleton, icon},
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
        <WhyForm query/>
        <Transition fallback=|| view! { <div class="card mt-4"><Skeleton rows=6/></div> }>{result}</Transition>
    }
    .into_any()
}

#[component]
fn WhyForm(query: Memo<CallReplayQuery>) -> impl IntoView {
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(fields) = form.and_then(|form| FormData::new_with_form(&form).ok()) else { return };
        event.prevent_default();
        let text = |name: &str| fields.get(name).as_string().unwrap_or_default();
        let pairs = ["source", "from", "to", "trunk"].map(|name| (name, text(name)));
        let pairs = pairs.each_ref().map(|(name, value)| (*name, value.trim()));
        let href = urls::CALL_WHY.to_owned() + &urls::query(&pairs);
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    view! {
        <form class="card why-form" method="get" action=urls::CALL_WHY on:submit=submit>
            {field(query, "source", "Source Address", "The IP address of the INVITE", |query| &query.source)}
            {field(query, "from", "From", "The header, its URI, or the number", |query| &query.from)}
            {field(query, "to", "To", "The header, its URI, or the number", |query| &query.to)}
            {field(query, "trunk", "Trunk", "LiveKit's id ST_…, if known", |query| &query.trunk)}
            <div class="why-submit">
                <button type="submit" class="btn-primary">{icon(SEARCH)} "Replay the Call"</button>
            </div>
        </form>
    }
    .into_any()
}

fn field(
    query: Memo<CallReplayQuery>,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: fn(&CallReplayQuery) -> &String,
) -> AnyView {
    let id = format!("why-{name}");
    let hint_id = format!("{id}-hint");
    let value = move || query.with(|query| value(query).clone());
    view! {
        <div class="min-w-0">
            <label class="label" for=id.clone()>{label}</label>
            <input
                id=id
                class="field font-mono text-[13px]"
                name=name
                value=untrack(value)
                prop:value=value
                aria-describedby=hint_id.clone()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
            />
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
    .into_any()
}
