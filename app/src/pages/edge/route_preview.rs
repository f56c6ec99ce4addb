use api_types::view::{EdgeRouteCarrier, EdgeRoutePreview, EdgeRouteRule};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::{frame::routing_tabs, wording::choice_label};
use crate::{
    components::{
        form::{QueryField, QueryForm},
        layout::PageHeader,
        ui::{Badge, CHECK, Failure, INFO, Skeleton, Tone},
    },
    server_fns::{edge_route::preview_route, read},
    status::set_status,
    urls,
};

/// Which rule decides a call, and why: a form with GET, and every rule that was considered.
#[component]
pub fn RoutePreviewPage() -> impl IntoView {
    let (params, pathname) = (use_query_map(), use_location().pathname);
    // While the page is being left, the address is another page's.
    let query = Memo::new(move |before: Option<&(String, String)>| match before {
        Some(before) if pathname.with(|path| path != urls::EDGE_ROUTE) => before.clone(),
        _ => params.with(|params| (params.get("from").unwrap_or_default(), params.get("to").unwrap_or_default())),
    });
    let preview = Resource::new(
        move || query.get(),
        |(from, to)| async move { if to.trim().is_empty() { None } else { Some(read(preview_route(from, to)).await) } },
    );
    let result = move || {
        Suspend::new(async move {
            match preview.await {
                None => ().into_any(),
                Some(Ok(preview)) => outcome(preview),
                Some(Err(problem)) => {
                    set_status(problem.status);
                    view! { <div class="card"><Failure problem retry=move || preview.refetch()/></div> }.into_any()
                }
            }
        })
    };
    view! {
        <PageHeader title="Which Route?" summary="Where a call would go now, and which rule decides it. No call is placed.".into_any()/>
        {routing_tabs("route")}
        <QueryForm action=urls::EDGE_ROUTE fields=fields(query) label="Show the Route"/>
        <Transition fallback=|| view! { <div class="card mt-4"><Skeleton rows=6/></div> }>{result}</Transition>
    }
    .into_any()
}

fn fields(query: Memo<(String, String)>) -> Vec<QueryField> {
    let from = "An edge user's name, or the number of a caller outside; blank for none";
    let to = "A number as it is dialled, an extension, or an edge user's name";
    vec![
        QueryField {
            name: "from",
            label: "From",
            hint: from,
            value: Signal::derive(move || query.with(|(from, _)| from.clone())),
        },
        QueryField {
            name: "to",
            label: "To",
            hint: to,
            value: Signal::derive(move || query.with(|(_, to)| to.clone())),
        },
    ]
}

fn outcome(preview: EdgeRoutePreview) -> AnyView {
    let EdgeRoutePreview { direction, from, to, action, summary, code, carriers, considered, .. } = preview;
    let tone = if action == "reject" { Tone::Error } else { Tone::Ok };
    let verdict = match code {
        Some(code) => format!("{} {code}", choice_label(&action)),
        None => choice_label(&action),
    };
    let from = if from.is_empty() { "a caller without a number".to_owned() } else { from };
    let carriers = (!carriers.is_empty()).then(|| {
        let carriers = carriers.into_iter().map(carrier).collect_view();
        view! { <ol class="why-text list-decimal pl-5">{carriers}</ol> }
    });
    view! {
        <p class="why-call" role="status">
            {format!("{} call from ", choice_label(&direction))} <code>{from}</code> " to " <code>{to}</code> "."
        </p>
        <section class="card key-values" aria-label="Result">
            <header class="key-values-head">
                <h2 class="text-[14px] font-medium">"Result"</h2>
                <Badge tone text=verdict/>
            </header>
            <p class="why-answer">{summary}</p>
            {carriers}
        </section>
        <section class="card key-values mt-4" aria-label="Rules">
            <header class="key-values-head">
                <h2 class="text-[14px] font-medium">"Rules in the Order in Which They Are Considered"</h2>
            </header>
            <ol>{considered.into_iter().map(rule).collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn carrier(carrier: EdgeRouteCarrier) -> AnyView {
    let href = urls::carrier(&carrier.carrier_id);
    let caller = carrier.cid_number.map(|number| format!(", with the caller ID {number}")).unwrap_or_default();
    view! { <li><a class="link" href=href>{carrier.name}</a> {format!(" gets {}{caller}", carrier.number)}</li> }
        .into_any()
}

fn rule(rule: EdgeRouteRule) -> AnyView {
    let (tone, glyph, result) =
        if rule.applies { (Tone::Ok, CHECK, "Applies") } else { (Tone::Quiet, INFO, "Does not apply") };
    let object = rule.id.filter(|id| domain::edge::EdgeKind::of_id(id).is_some());
    let name = choice_label(&rule.rule);
    let name = match object {
        Some(id) => view! { <a class="link" href=urls::edge_object(&id)>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    view! {
        <li class="why-step">
            <p class="why-step-head">
                <strong class="font-medium">{name}</strong>
                <Badge tone glyph text=result/>
            </p>
            <p class="wrap-anywhere">{rule.why}</p>
        </li>
    }
    .into_any()
}
