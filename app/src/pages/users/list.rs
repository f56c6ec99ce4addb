use std::cmp::Ordering;

use api_types::view::{ChangedNoun, UserDetail, UserPage};
use domain::{Action, IntoEnumIterator, Role, UserState};
use leptos::prelude::*;

use super::badge::StateBadge;
use crate::{
    components::{
        layout::PageHeader,
        table::{Column, DataTable, Filter, Row, TablePage, TableQuery, TableUrl, Width, no_value, use_table_query},
        ui::{EmptyState, LIST, PLUS, RelativeTime, USERS, counted, icon},
    },
    live::on_any_change,
    server_fns::{read, user::list_users},
    session::use_session,
    urls,
};

/// All users on one page, because there are few; search, filters and order are applied to the whole list.
#[component]
pub fn UserListPage() -> impl IntoView {
    let url = TableUrl::new(urls::USERS, &["email", "role", "last_seen_at", "created_at"]).filters(&["state", "role"]);
    let query = use_table_query(url);
    let page = Resource::new(
        move || query.get(),
        |query| async move { read(list_users()).await.map(|page| select(&query, page)) },
    );
    on_any_change(&[ChangedNoun::User], move || page.refetch());
    let may_manage = use_session().may(Action::ManageUsers);
    let columns = vec![
        Column::text("E-mail", |user: &UserDetail| user.email.clone()).sort("email").width(Width::Wide),
        Column::view("State", |user: &UserDetail| view! { <StateBadge state=user.state/> }.into_any()).on_top(),
        Column::text("Role", |user: &UserDetail| user.role.label().to_owned()).sort("role"),
        Column::view("Last Seen", |user: &UserDetail| last_seen(user)).sort("last_seen_at").descending_first(),
        Column::number("Sessions", |user: &UserDetail| user.sessions.to_string()),
        Column::view("Added", |user: &UserDetail| {
            let at = user.created_at;
            view! { <RelativeTime at/> }.into_any()
        })
        .sort("created_at")
        .descending_first(),
    ];
    let summary =
        move || Suspend::new(async move { page.await.ok().map(|page| counted(page.total, "user", "users") + ".") });
    let summary = view! { <Transition fallback=|| "\u{a0}">{summary}</Transition> };
    view! {
        <PageHeader title="Users" summary=summary.into_any()>
            {may_manage.then(|| view! {
                <a class="btn-quiet" href=urls::audit_of_kind("user")>{icon(LIST)} "History"</a>
                <a class="btn-primary" href=urls::INVITE_USER aria-keyshortcuts="n">{icon(PLUS)} "Invite User"</a>
            })}
        </PageHeader>
        <DataTable
            query
            label="Users"
            noun=("user", "users")
            columns
            page
            row=|user: &UserDetail| Row::new(&user.id, &user.email).href(urls::user(&user.id))
            search="Search E-mail"
            filters=filters()
            empty=no_users
        />
    }
}

/// When the last request of a session came.
pub fn last_seen(user: &UserDetail) -> AnyView {
    user.last_seen_at.map_or_else(no_value, |at| view! { <RelativeTime at/> }.into_any())
}

impl From<UserPage> for TablePage<UserDetail> {
    fn from(page: UserPage) -> Self {
        Self { items: page.items, next_cursor: None, total: Some(page.total), searched_to: None }
    }
}

fn filters() -> Vec<Filter> {
    let states = UserState::iter().map(|state| (state.as_str(), state.label()));
    let roles = Role::iter().map(|role| (role.as_str(), role.label()));
    vec![
        Filter::new("state", "State", [("", "All States")].into_iter().chain(states)),
        Filter::new("role", "Role", [("", "All Roles")].into_iter().chain(roles)),
    ]
}

/// The users that search and filters find, in the order of the query.
fn select(query: &TableQuery, page: UserPage) -> UserPage {
    let words: Vec<String> = query.q.split_whitespace().map(str::to_lowercase).collect();
    let (state, role) = (query.filter("state"), query.filter("role"));
    let matches = |user: &UserDetail| {
        words.iter().all(|word| user.email.contains(word.as_str()))
            && (state.is_empty() || user.state.as_str() == state)
            && (role.is_empty() || user.role.as_str() == role)
    };
    let (key, descending) = query.order();
    let compare = |one: &UserDetail, other: &UserDetail| -> Ordering {
        let ordering = match key {
            "role" => one.role.cmp(&other.role),
            "last_seen_at" => one.last_seen_at.cmp(&other.last_seen_at),
            "created_at" => one.created_at.cmp(&other.created_at),
            _ => one.email.cmp(&other.email),
        };
        let ordering = if descending { ordering.reverse() } else { ordering };
        ordering.then_with(|| one.id.cmp(&other.id))
    };
    let mut items: Vec<UserDetail> = page.items.into_iter().filter(matches).collect();
    items.sort_by(compare);
    UserPage { total: i64::try_from(items.len()).unwrap_or(i64::MAX), items }
}

fn no_users() -> AnyView {
    view! { <EmptyState glyph=USERS title="No users" text="Invite the people who work with this console."/> }.into_any()
}
