use api_types::{
    input::BanQuery,
    view::{BanList, BanView, ChangedNoun},
};
use domain::{Action, Timestamp};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{frame::security_tabs, wording::choice_label};
use crate::{
    components::{
        layout::PageHeader,
        table::{Column, DataTable, Filter, Row, TablePage, TableQuery, TableUrl, no_value, use_table_query},
        ui::{Badge, EmptyState, KEY, RelativeTime, Tone, use_toasts},
    },
    live::on_any_change,
    server_fns::{
        edge_ban::{lift_ban, list_bans},
        read,
    },
    session::use_session,
    urls,
};

/// The most bans on the page. Older ones are found by the search.
const LIMIT: u32 = 200;

/// Who is banned, why and until when.
#[component]
pub fn BanListPage() -> impl IntoView {
    let query = use_table_query(TableUrl::new(urls::EDGE_BANS, &[]).filters(&["status", "flagged"]));
    let page = Resource::new(move || query.get(), |query| read(list_bans(ban_query(&query))));
    on_any_change(&[ChangedNoun::Edge], move || page.refetch());
    let may_lift = use_session().may(Action::ManageEdgeSecurity);
    let mut columns = vec![
        Column::code("Source", |ban: &BanView| ban.ip.clone()),
        Column::view("Status", |ban: &BanView| status(ban)).on_top(),
        Column::text("User", |ban: &BanView| ban.user.clone().unwrap_or_else(|| "Everybody".to_owned())),
        Column::text("Reason", |ban: &BanView| reason(ban)),
        Column::text("Banned By", |ban: &BanView| ban.node.clone().unwrap_or_else(|| "This server".to_owned())),
        Column::view("Since", |ban: &BanView| view! { <RelativeTime at=ban.since/> }.into_any()),
        Column::view("Until", until),
    ];
    if may_lift {
        let toasts = use_toasts();
        columns.push(Column::actions(move |ban: &BanView| {
            if ban.status != "active" {
                return ().into_any();
            }
            let (id, ip) = (ban.id.clone(), ban.ip.clone());
            let label = format!("Unban {ip}");
            let lift = move |event: SubmitEvent| {
                event.prevent_default();
                let (id, ip) = (id.clone(), ip.clone());
                spawn_local(async move {
                    match read(lift_ban(id)).await {
                        Ok(_) => toasts.success(format!("{ip} is no longer banned.")),
                        Err(problem) => toasts.error(problem.detail),
                    }
                    page.refetch();
                });
            };
            view! {
                <form method="post" action=urls::EDGE_BANS on:submit=lift>
                    <input type="hidden" name="id" value=ban.id.to_string()/>
                    <button type="submit" class="btn" aria-label=label>"Unban"</button>
                </form>
            }
            .into_any()
        }));
    }
    view! {
        <PageHeader title="Security" summary="Sources that the SIP edge has banned, and those that it never bans.".into_any()/>
        {security_tabs("bans")}
        <DataTable
            query
            label="Bans"
            noun=("ban", "bans")
            columns
            page
            row=|ban: &BanView| Row::new(&ban.id, &ban.ip)
            search="Search Address, User, Node or Reason"
            filters=filters()
            empty=no_bans
        />
    }
}

fn filters() -> Vec<Filter> {
    let statuses = [("", "All States"), ("active", "Active"), ("expired", "Expired"), ("lifted", "Lifted")];
    let flagged = [("", "All Sources"), ("0", "Bannable Sources"), ("1", "Flagged Sources")];
    vec![Filter::new("status", "Status", statuses), Filter::new("flagged", "Flagged", flagged)]
}

fn ban_query(query: &TableQuery) -> BanQuery {
    BanQuery {
        status: query.filter("status").to_owned(),
        q: query.q.clone(),
        flagged: query.filter("flagged").to_owned(),
        limit: LIMIT.to_string(),
    }
}

impl From<BanList> for TablePage<BanView> {
    fn from(list: BanList) -> Self {
        Self { items: list.bans, next_cursor: None, total: Some(list.total), searched_to: None }
    }
}

fn status(ban: &BanView) -> AnyView {
    let tone = match ban.status.as_str() {
        _ if ban.flagged => Tone::Warn,
        "active" => Tone::Error,
        _ => Tone::Quiet,
    };
    let text = if ban.flagged { "Flagged".to_owned() } else { choice_label(&ban.status) };
    view! { <Badge tone text/> }.into_any()
}

/// Why, and of a flagged source why it is not banned.
fn reason(ban: &BanView) -> String {
    let count = if ban.count > 1 { format!(" ({} requests)", ban.count) } else { String::new() };
    match &ban.flag {
        Some(flag) => format!("{}{count}. Not banned: {flag}", ban.reason),
        None => format!("{}{count}", ban.reason),
    }
}

fn until(ban: &BanView) -> AnyView {
    let time = |at: Timestamp| view! { <time class="num" datetime=at.rfc3339()>{at.readable()}</time> }.into_any();
    match (&ban.lifted_by, ban.lifted_at, ban.expires) {
        (Some(by), Some(at), _) => view! { <span>"Lifted by " {by.clone()} " " {time(at)}</span> }.into_any(),
        (_, Some(at), _) | (_, None, Some(at)) => time(at),
        (_, None, None) => no_value(),
    }
}

fn no_bans() -> AnyView {
    view! {
        <EmptyState
            glyph=KEY
            title="No bans"
            text="Sources that fail to authenticate again and again are banned for a time. Kamailio's own bans are reported here too."
        />
    }
    .into_any()
}
