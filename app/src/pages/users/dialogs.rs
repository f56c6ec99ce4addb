use api_types::{
    input::{Text, UserInput},
    view::{UserAccess, UserDetail, UserLink},
};
use domain::{UserId, UserState};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate, params::ParamsMap};

use super::link::HEADING;
use crate::{
    components::{
        form::{ConfirmDialog, Form, focus},
        ui::{counted, use_toasts},
    },
    pages::row_page::LiveRow,
    server_fns::user::{create_user_link, delete_user, end_user_sessions, update_user},
    session::use_session,
    urls,
};

/// The dialog that the address asks for.
#[derive(Clone, Copy, PartialEq)]
pub enum Open {
    None,
    Link,
    SignOut,
    Disable,
    Enable,
    Delete,
}

impl Open {
    pub fn read(params: &ParamsMap) -> Self {
        let names = [
            ("link", Self::Link),
            ("sign-out", Self::SignOut),
            ("disable", Self::Disable),
            ("enable", Self::Enable),
            ("delete", Self::Delete),
        ];
        names.into_iter().find(|(name, _)| params.get_str(name).is_some()).map_or(Self::None, |(_, open)| open)
    }
}

#[component]
pub fn Dialogs(
    access: LiveRow<UserAccess>,
    open: Memo<Open>,
    link: RwSignal<Option<UserLink>>,
    /// The form of the link was posted natively, and the page has the answer.
    answered: bool,
) -> impl IntoView {
    let answered = StoredValue::new(answered);
    move || {
        // Untracked: a live change does not close the dialog.
        let user = access.current.read_untracked().user.clone();
        match open.get() {
            Open::None => {
                answered.set_value(false);
                ().into_any()
            }
            Open::Link if answered.get_value() => ().into_any(),
            Open::Link => view! { <LinkDialog user access link/> }.into_any(),
            Open::SignOut => view! { <SignOutDialog user access/> }.into_any(),
            Open::Disable => view! { <StateDialog user access enable=false/> }.into_any(),
            Open::Enable => view! { <StateDialog user access enable=true/> }.into_any(),
            Open::Delete => view! { <DeleteDialog user access/> }.into_any(),
        }
    }
}

/// Whether the user of this page is the one of the session.
pub fn is_own(id: &UserId) -> bool {
    use_session().user.is_some_and(|user| user.id == *id)
}

/// Reloads, since the session of this page has ended.
pub fn leave() {
    let _ = window().location().assign(urls::LOGGED_OUT);
}

/// Closes the dialog after its action. The dialog is no step in the history.
fn use_close(page: &str) -> Callback<()> {
    let (navigate, page) = (use_navigate(), page.to_owned());
    Callback::new(move |()| {
        navigate(&page, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    })
}

#[component]
fn LinkDialog(user: UserDetail, access: LiveRow<UserAccess>, link: RwSignal<Option<UserLink>>) -> impl IntoView {
    let form = Form::new("user-link");
    let page = urls::user(&user.id);
    let close = use_close(&page);
    let id = StoredValue::new(user.id);
    let create = move |()| {
        form.send(create_user_link(id.get_value()), move |created| {
            link.set(Some(created));
            access.refresh();
            close.run(());
            focus(HEADING.to_owned());
        });
    };
    let (title, text) = if user.state == UserState::Invited {
        ("Create Invitation Link", "The user sets the first password with it. It is valid for seven days.")
    } else {
        (
            "Create Password Link",
            "The user sets another password with it. Until then the current one stays. It is valid for a day.",
        )
    };
    view! {
        <ConfirmDialog
            form
            title
            address=format!("{page}?link=1")
            close=page
            label="Create Link"
            busy_label="Creating…"
            danger=false
            on_confirm=create
        >
            <p>{text}</p>
            <p>"The link works once, and replaces an earlier one of this user."</p>
        </ConfirmDialog>
    }
    .into_any()
}

#[component]
fn SignOutDialog(user: UserDetail, access: LiveRow<UserAccess>) -> impl IntoView {
    let form = Form::new("sign-out");
    let (page, toasts) = (urls::user(&user.id), use_toasts());
    let close = use_close(&page);
    let own = is_own(&user.id);
    let ended = StoredValue::new((user.id, user.email.clone()));
    let sign_out = move |()| {
        let (id, email) = ended.get_value();
        form.send(end_user_sessions(id), move |()| {
            if own {
                return leave();
            }
            toasts.success(format!("Signed out {email} everywhere."));
            access.refresh();
            close.run(());
            focus("sessions".to_owned());
        });
    };
    view! {
        <ConfirmDialog
            form
            title="Sign Out Everywhere"
            address=format!("{page}?sign-out=1")
            close=page
            label="Sign Out Everywhere"
            busy_label="Signing out…"
            on_confirm=sign_out
        >
            {own.then(|| view! { <p>"This is your own account: the session of this page ends as well."</p> })}
            <p class="wrap-anywhere">
                "Ends " {counted(user.sessions, "session", "sessions")} " of "
                <strong class="font-semibold">{user.email}</strong>
                ". What is being typed there is lost. The user can log in again; API keys are not affected."
            </p>
        </ConfirmDialog>
    }
    .into_any()
}

#[component]
fn StateDialog(user: UserDetail, access: LiveRow<UserAccess>, enable: bool) -> impl IntoView {
    let form = Form::new("user-state");
    let (page, toasts) = (urls::user(&user.id), use_toasts());
    let close = use_close(&page);
    let (title, label, busy_label, name) = if enable {
        (format!("Enable {}", user.email), "Enable User", "Enabling…", "enable")
    } else {
        (format!("Disable {}", user.email), "Disable User", "Disabling…", "disable")
    };
    let text = if enable {
        "The user can log in again, and the user's API keys are accepted again.".to_owned()
    } else {
        format!(
            "The user cannot log in any more. Sessions, event streams and an open link end at once, and {} of the user stop \
             working until the user is enabled again.",
            counted(user.api_keys, "API key", "API keys")
        )
    };
    let own = is_own(&user.id);
    let warning = (own && !enable).then(|| {
        view! { <p>"This is your own account: you are signed out, and another administrator has to enable it again."</p> }
    });
    let id = StoredValue::new(user.id);
    let change = move |()| {
        let input = UserInput { is_active: Some(Text(enable.to_string())), ..UserInput::default() };
        form.send(update_user(id.get_value(), input), move |user| {
            if own && !enable {
                return leave();
            }
            toasts.success(format!("{} is {}.", user.email, user.state.label().to_lowercase()));
            access.refresh();
            close.run(());
        });
    };
    view! {
        <ConfirmDialog
            form
            title
            address=format!("{page}?{name}=1")
            close=page
            label
            busy_label
            danger=!enable
            on_confirm=change
        >
            <input type="hidden" name="is_active" value=enable.to_string()/>
            {warning}
            <p>{text}</p>
        </ConfirmDialog>
    }
    .into_any()
}

#[component]
fn DeleteDialog(user: UserDetail, access: LiveRow<UserAccess>) -> impl IntoView {
    let form = Form::new("delete-user");
    let (page, toasts, navigate) = (urls::user(&user.id), use_toasts(), StoredValue::new(use_navigate()));
    let deleted = StoredValue::new((user.id, user.email.clone()));
    let delete = move |()| {
        let (id, email) = deleted.get_value();
        form.send(access.deletion.execute(delete_user(id)), move |()| {
            toasts.success(format!("Deleted {email}."));
            navigate.with_value(|navigate| navigate(urls::USERS, Default::default()));
        });
    };
    view! {
        <ConfirmDialog
            form
            title=format!("Delete {}", user.email)
            address=format!("{page}?delete=1")
            close=page
            label="Delete User"
            busy_label="Deleting…"
            on_confirm=delete
        >
            <p class="wrap-anywhere">
                "Deletes " <strong class="font-semibold">{user.email}</strong> " with "
                {counted(user.sessions, "session", "sessions")} " and " {counted(user.api_keys, "API key", "API keys")}
                ": programs that send these keys stop working at once. Carriers, numbers and bots stay. To keep the keys for \
                 later, disable the user instead."
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
