use api_types::{
    input::{InvitationInput, Text},
    view::UserLink,
};
use domain::{Action, Email, IntoEnumIterator, Role};
use leptos::prelude::*;

use super::link::{HEADING, NewLink};
use crate::{
    components::{
        form::{Form, FormPage, SelectField, TextField, TextKind, focus, parsed, row},
        layout::PageHeader,
        ui::{Banner, Tone},
    },
    server_fns::user::invite_user,
    session::use_session,
    submitted::submitted,
    urls,
};

/// The form; then the link, which no other page can show.
#[component]
pub fn InviteUserPage() -> impl IntoView {
    let posted = submitted().and_then(|form| form.outcome).and_then(|json| row::<UserLink>(&json));
    let invited = RwSignal::new(posted);
    let may_manage = use_session().may(Action::ManageUsers);
    let content = move || match invited.get() {
        _ if !may_manage => {
            view! { <Banner tone=Tone::Warn>"You need the Administrator role to invite users."</Banner> }.into_any()
        }
        Some(link) => {
            let (page, email) = (urls::user(&link.user.id), link.user.email.clone());
            view! {
                <NewLink link/>
                <div class="flex gap-2">
                    <a class="btn-primary" href=urls::USERS>"Back to Users"</a>
                    <a class="btn" href=page>{format!("Open {email}")}</a>
                </div>
            }
            .into_any()
        }
        None => view! { <InvitationForm invited/> }.into_any(),
    };
    view! {
        <PageHeader title="Invite User" parent=(urls::USERS, "Users")/>
        {content}
    }
}

#[component]
fn InvitationForm(invited: RwSignal<Option<UserLink>>) -> impl IntoView {
    let form = Form::new("invitation");
    let email = form.input("email", String::new(), parsed::<Email>);
    let role = form.choice("role", Role::Developer.as_str().to_owned());
    let invite = move |()| {
        let input =
            InvitationInput { email: Text(email.value.get_untracked()), role: Some(Text(role.value.get_untracked())) };
        if let Err(errors) = input.parse() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(invite_user(input), move |link| {
            invited.set(Some(link));
            focus(HEADING.to_owned());
        });
    };
    view! {
        <FormPage
            form
            address=urls::INVITE_USER
            cancel=urls::USERS
            label="Invite User"
            busy_label="Inviting…"
            on_submit=invite
        >
            <div class="card px-5">
                <section class="form-section">
                    <div>
                        <h2 class="text-[14px] font-medium">"User"</h2>
                        <p class="hint">"Gets a one-time link, and sets a password there. You pass the link on."</p>
                    </div>
                    <div class="form-fields">
                        <TextField input=email label="E-mail" kind=TextKind::Email hint="The name to log in with" autofocus=true/>
                        <SelectField input=role label="Role" options=role_options() hint=ROLE_HINT/>
                    </div>
                </section>
            </div>
        </FormPage>
    }
    .into_any()
}

/// What the roles may do, in short.
pub const ROLE_HINT: &str =
    "A viewer reads; a developer also changes carriers, numbers and bots; an administrator may do everything.";

pub fn role_options() -> Vec<(String, String)> {
    Role::iter().map(|role| (role.as_str().to_owned(), role.label().to_owned())).collect()
}
