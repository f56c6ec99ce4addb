use api_types::{
    Problem,
    view::{ChangedNoun, UserAccess, UserLink},
};
use domain::UserState;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    badge::StateBadge,
    dialogs::{Dialogs, Open},
    link::NewLink,
    list::last_seen,
    role_form::RoleForm,
    sessions::SessionTable,
};
use crate::{
    components::{
        form::row,
        layout::PageHeader,
        table::no_value,
        ui::{EmptyState, LINK, LIST, LOG_OUT, RelativeTime, TRASH, USERS, icon},
    },
    pages::row_page::{LiveRow, RowPage},
    server_fns::{read, user::get_user_access},
    submitted::submitted,
    urls,
};

/// One user: what is known of the user, the role, the sessions.
#[component]
pub fn UserPage() -> impl IntoView {
    view! {
        <RowPage
            noun=ChangedNoun::User
            title="User"
            parent=(urls::USERS, "Users")
            load=|id| Box::pin(load(id))
            page=detail
            missing
        />
    }
}

async fn load(id: String) -> Result<UserAccess, Problem> {
    let id = id.parse().map_err(|_| Problem::new(404, "not_found", "Not Found", "This is not the id of a user."))?;
    read(get_user_access(id)).await
}

fn detail(access: LiveRow<UserAccess>) -> AnyView {
    let user = access.current.read_untracked().user.clone();
    let params = use_query_map();
    let open = Memo::new(move |_| params.with(Open::read));
    let posted = submitted().and_then(|form| form.outcome).and_then(|json| row::<UserLink>(&json));
    let answered = posted.is_some();
    let link = RwSignal::new(posted);
    let email = user.email.clone();
    let email = Signal::derive(move || email.clone());
    let page = urls::user(&user.id);
    let history = urls::history(user.id.as_str());
    let shown = move || link.get().map(|link| view! { <NewLink link/> });
    let dialog_open = open.get_untracked() != Open::None;
    view! {
        <PageHeader title=email parent=(urls::USERS, "Users") crumb=email>
            <a class="btn-quiet" href=history>{icon(LIST)} "History"</a>
            <Actions access page/>
        </PageHeader>
        {shown}
        <Facts access/>
        <RoleForm access dialog_open/>
        <SessionTable sessions=Signal::derive(move || access.current.with(|access| access.sessions.clone()))/>
        <Dialogs access open link answered/>
    }
    .into_any()
}

/// Links that open the dialogs which the user's state allows.
#[component]
fn Actions(access: LiveRow<UserAccess>, page: String) -> impl IntoView {
    let open = move |name: &str| format!("{page}?{name}=1");
    move || {
        let user = access.current.with(|access| access.user.clone());
        let link = (user.state != UserState::Disabled).then(|| {
            let label = if user.state == UserState::Invited { "New Invitation Link" } else { "Password Link" };
            view! { <a class="btn" href=open("link") data-noscroll="">{icon(LINK)} {label}</a> }
        });
        let sign_out = (user.sessions > 0).then(|| {
            view! { <a class="btn" href=open("sign-out") data-noscroll="">{icon(LOG_OUT)} "Sign Out Everywhere"</a> }
        });
        let state = if user.state == UserState::Disabled {
            view! { <a class="btn" href=open("enable") data-noscroll="">"Enable"</a> }.into_any()
        } else {
            view! { <a class="btn" href=open("disable") data-noscroll="">"Disable"</a> }.into_any()
        };
        view! {
            {link}
            {sign_out}
            {state}
            <a class="btn-danger" href=open("delete") data-noscroll="">{icon(TRASH)} "Delete"</a>
        }
        .into_any()
    }
}

/// What the form does not change.
#[component]
fn Facts(access: LiveRow<UserAccess>) -> impl IntoView {
    let facts = move || {
        let user = access.current.with(|access| access.user.clone());
        let link = user.link_expires_at.map_or_else(no_value, |at| view! { "Expires " <RelativeTime at/> }.into_any());
        let (state, seen, at) = (user.state, last_seen(&user), user.created_at);
        view! {
            <dl class="facts">
                <div class="fact"><dt>"State"</dt> <dd><StateBadge state/></dd></div>
                <div class="fact"><dt>"Role"</dt> <dd>{user.role.label()}</dd></div>
                <div class="fact"><dt>"Last Seen"</dt> <dd>{seen}</dd></div>
                <div class="fact"><dt>"One-Time Link"</dt> <dd>{link}</dd></div>
                <div class="fact"><dt>"API Keys"</dt> <dd class="num">{user.api_keys}</dd></div>
                <div class="fact"><dt>"Added"</dt> <dd><RelativeTime at/></dd></div>
            </dl>
        }
    };
    view! { <section class="card p-4 mb-4">{facts}</section> }.into_any()
}

fn missing(deleted: bool) -> AnyView {
    let title = if deleted { "This user was deleted" } else { "There is no such user" };
    view! {
        <PageHeader title="Not Found" parent=(urls::USERS, "Users")/>
        <div class="card">
            <EmptyState glyph=USERS title text="The audit log keeps what deleted users changed.">
                <a class="btn" href=urls::USERS>"Back to Users"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
