use api_types::view::SessionView;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate, hooks::use_query_map};

use crate::{
    components::{
        form::{ConfirmDialog, Form, focus},
        ui::use_toasts,
    },
    pages::users::browser,
    server_fns::own_account::{end_own_session, end_own_sessions},
    urls,
};

/// The dialog that the address asks for.
#[component]
pub fn Dialogs(sessions: Signal<Vec<SessionView>>) -> impl IntoView {
    let params = use_query_map();
    let open = Memo::new(move |_| {
        params.with(|params| (params.get_str("sign-out").is_some(), params.get("end").unwrap_or_default()))
    });
    move || match open.get() {
        (true, _) => view! { <SignOutDialog/> }.into_any(),
        (false, id) => {
            let find = |sessions: &Vec<SessionView>| sessions.iter().find(|session| session.id.as_str() == id).cloned();
            sessions.with_untracked(find).map(|session| view! { <EndDialog session/> }).into_any()
        }
    }
}

#[component]
fn SignOutDialog() -> impl IntoView {
    let form = Form::new("sign-out");
    let sign_out = move |()| {
        form.send(end_own_sessions(), |()| {
            // Reloads, since the session of this page has ended as well.
            let _ = window().location().assign(urls::LOGGED_OUT);
        });
    };
    view! {
        <ConfirmDialog
            form
            title="Sign Out Everywhere"
            address=format!("{}?sign-out=1", urls::ACCOUNT)
            close=urls::ACCOUNT
            label="Sign Out Everywhere"
            busy_label="Signing out…"
            on_confirm=sign_out
        >
            <p>"Ends all your sessions, also this one. You log in again with your password. API keys are not affected."</p>
        </ConfirmDialog>
    }
    .into_any()
}

#[component]
fn EndDialog(session: SessionView) -> impl IntoView {
    let form = Form::new("end-session");
    let (toasts, navigate) = (use_toasts(), StoredValue::new(use_navigate()));
    let name = browser(&session);
    let address = urls::ACCOUNT.to_owned() + &urls::query(&[("end", session.id.as_str())]);
    let id_text = session.id.to_string();
    let ended = StoredValue::new((session.id, name.clone()));
    let end = move |()| {
        let (id, name) = ended.get_value();
        form.send(end_own_session(id), move |()| {
            toasts.success(format!("Signed out {name}."));
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(urls::ACCOUNT, options));
            focus("sessions".to_owned());
        });
    };
    view! {
        <ConfirmDialog
            form
            title="Sign Out Session"
            address
            close=urls::ACCOUNT
            label="Sign Out Session"
            busy_label="Signing out…"
            on_confirm=end
        >
            <input type="hidden" name="id" value=id_text/>
            <p class="wrap-anywhere">
                "Ends the session of " <strong class="font-semibold">{name}</strong>
                {session.address.map(|address| format!(" from {address}"))} ". What is being typed there is lost."
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
