//! One's own account: the password and the sessions.

mod dialogs;
mod password_form;

use api_types::view::{ChangedNoun, SessionView};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

use self::{dialogs::Dialogs, password_form::PasswordForm};
use crate::{
    components::{
        layout::PageHeader,
        ui::{Banner, Failure, LOG_OUT, Skeleton, Tone, icon},
    },
    live::on_change_of,
    pages::users::{SessionTable, browser},
    server_fns::{own_account::list_own_sessions, read},
    session::use_session,
    urls,
};

#[component]
pub fn AccountPage() -> impl IntoView {
    let session = use_session();
    let summary = session.user.map(|user| format!("{}, {}.", user.email, user.role.label())).unwrap_or_default();
    let params = use_query_map();
    let changed = move || {
        let changed = params.with(|params| params.get_str("changed").is_some());
        changed.then(|| {
            view! { <div class="mb-4"><Banner tone=Tone::Ok>"Your password is changed. Your other sessions have ended."</Banner></div> }
        })
    };
    view! {
        <PageHeader title="Account" summary=summary.into_any()>
            <a class="btn" href=format!("{}?sign-out=1", urls::ACCOUNT) data-noscroll="">{icon(LOG_OUT)} "Sign Out Everywhere"</a>
        </PageHeader>
        {changed}
        <PasswordForm/>
        <OwnSessions/>
    }
    .into_any()
}

#[component]
fn OwnSessions() -> impl IntoView {
    let page = Resource::new(|| (), |()| read(list_own_sessions()));
    // What was loaded after a change. It does not render the open dialog again.
    let newest = RwSignal::new(None::<Vec<SessionView>>);
    if let Some(user) = use_session().user {
        on_change_of(ChangedNoun::Session, user.id.to_string(), move || {
            spawn_local(async move {
                // After a failure they stay as they are: the next event loads them once more.
                if let Ok(page) = read(list_own_sessions()).await {
                    let _ = newest.try_set(Some(page.items));
                }
            });
        });
    }
    let retry = move || {
        newest.set(None);
        page.refetch();
    };
    let content = move || {
        Suspend::new(async move {
            match page.await {
                Ok(page) => {
                    let loaded = StoredValue::new(page.items);
                    let sessions = Signal::derive(move || newest.get().unwrap_or_else(|| loaded.get_value()));
                    view! {
                        <SessionTable sessions end=end_link/>
                        <Dialogs sessions/>
                    }
                    .into_any()
                }
                Err(problem) => view! { <div class="card mt-4"><Failure problem retry/></div> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <div class="card mt-4"><Skeleton rows=2/></div> }>{content}</Transition> }
        .into_any()
}

/// Opens the dialog that ends the session. The current one ends by logging out.
fn end_link(session: &SessionView) -> AnyView {
    if session.is_current {
        return ().into_any();
    }
    let href = urls::ACCOUNT.to_owned() + &urls::query(&[("end", session.id.as_str())]);
    let label = format!("Sign out {}", browser(session));
    view! { <a class="btn" href=href data-noscroll="" aria-label=label>"Sign Out"</a> }.into_any()
}
