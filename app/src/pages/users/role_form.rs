use api_types::{
    input::{Text, UserInput},
    view::{UserAccess, UserDetail},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use serde_json::Value;

use super::{
    dialogs::{is_own, leave},
    invite::{ROLE_HINT, role_options},
};
use crate::{
    components::{
        form::{Editing, Form, FormPage, SavedField, SavedRow, SelectField, row},
        ui::use_toasts,
    },
    pages::row_page::LiveRow,
    server_fns::user::update_user,
    urls,
};

fn current(user: &UserDetail) -> SavedRow {
    let role = SavedField { name: "role", label: "Role", value: user.role.as_str().to_owned() };
    SavedRow { version: user.version, fields: vec![role] }
}

fn conflicting(json: Value) -> Option<SavedRow> {
    row(&json).map(|user: UserDetail| current(&user))
}

/// Changes the role. While a dialog is open, a refused native form is the dialog's.
#[component]
pub fn RoleForm(access: LiveRow<UserAccess>, dialog_open: bool) -> impl IntoView {
    let user = access.current.read_untracked().user.clone();
    let form = if dialog_open { Form::button("user") } else { Form::new("user") };
    let role = form.choice("role", user.role.as_str().to_owned());
    let version = form.version(user.version);
    Effect::new(move |before: Option<()>| {
        let newest = access.current.with(|access| current(&access.user));
        if before.is_some() {
            form.follow(newest, version);
        }
    });
    let (toasts, navigate) = (use_toasts(), StoredValue::new(use_navigate()));
    let (id, own, before) = (StoredValue::new(user.id.clone()), is_own(&user.id), user.role);
    let warning = own.then(|| view! { <p class="hint">"This is your own account: a lower role signs you out."</p> });
    let save = move |()| {
        let input = UserInput {
            role: Some(Text(role.value.get_untracked())),
            is_active: None,
            version: Some(Text(version.get_untracked())),
        };
        form.send(update_user(id.get_value(), input), move |user| {
            if own && user.role < before {
                return leave();
            }
            toasts.success(format!("{} now has the role {}.", user.email, user.role.label()));
            navigate.with_value(|navigate| navigate(urls::USERS, Default::default()));
        });
    };
    view! {
        <FormPage
            form
            address=urls::user(&user.id)
            cancel=urls::USERS
            label="Save Role"
            busy_label="Saving…"
            on_submit=save
            editing=Editing { noun: "user", version, read: conflicting }
        >
            <div class="card px-5">
                <section class="form-section">
                    <div>
                        <h2 class="text-[14px] font-medium">"Role"</h2>
                        <p class="hint">"A lower role has effect at once, and ends the user's sessions."</p>
                        {warning}
                    </div>
                    <div class="form-fields">
                        <SelectField input=role label="Role" options=role_options() hint=ROLE_HINT/>
                    </div>
                </section>
            </div>
        </FormPage>
    }
    .into_any()
}
