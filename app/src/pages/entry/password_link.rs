use api_types::{Problem, input::PasswordLinkInput, view::PasswordLinkView};
use domain::{Password, Secret};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        form::{Form, ProblemBanner, SubmitButton, TextField, TextKind, focus},
        layout::EntryFrame,
        ui::{Banner, Failure, Tone},
    },
    server_fns::password_link::{accept_password_link, get_password_link},
    status::set_status,
    urls,
};

/// Sets the first password of an invited user.
#[component]
pub fn InvitationPage() -> impl IntoView {
    view! { <PasswordLinkPage page=urls::INVITATION/> }
}

/// Sets another password.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    view! { <PasswordLinkPage page=urls::NEW_PASSWORD/> }
}

#[component]
fn PasswordLinkPage(page: &'static str) -> impl IntoView {
    let token = StoredValue::new(use_query_map().read_untracked().get("token").unwrap_or_default());
    let link = Resource::new(
        || (),
        move |()| async move { get_password_link(token.get_value()).await.map_err(Problem::from) },
    );
    let content = move || {
        Suspend::new(async move {
            match link.await {
                Ok(link) => view! { <PasswordForm page token=token.get_value() link/> }.into_any(),
                Err(problem) => {
                    set_status(problem.status);
                    if problem.code == "link_invalid" {
                        invalid(problem)
                    } else {
                        view! {
                            <EntryFrame title="Set Password">
                                <Failure problem retry=move || link.refetch()/>
                            </EntryFrame>
                        }
                        .into_any()
                    }
                }
            }
        })
    };
    view! {
        <Title text="Set Password"/>
        <Suspense fallback=|| ()>{content}</Suspense>
    }
    .into_any()
}

fn invalid(problem: Problem) -> AnyView {
    view! {
        <EntryFrame title="The Link Cannot Be Used">
            <Banner tone=Tone::Warn>{problem.detail}</Banner>
            <a class="btn mt-4" href=urls::LOGIN>"Log In"</a>
        </EntryFrame>
    }
    .into_any()
}

#[component]
fn PasswordForm(page: &'static str, token: String, link: PasswordLinkView) -> impl IntoView {
    // The form has the token. In the address it would stay in the history and on screenshots.
    Effect::new(move |_| {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&leptos::wasm_bindgen::JsValue::NULL, "", Some(page));
        }
    });
    let form = Form::new("password-link");
    let password = form.input("password", String::new(), |text| Password::new(Secret::new(text)).map(drop));
    let (title, text) = if link.is_invitation {
        ("Accept the Invitation", "Choose the password with which you log in from now on.")
    } else {
        ("Set a New Password", "It replaces your current password, and ends your sessions.")
    };
    // With the token: a form that is refused without JavaScript comes back without its secrets.
    let action = urls::with_token(page, &token);
    let sent = StoredValue::new(token.clone());
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let text = password.value.get_untracked();
        if let Err(fault) = Password::new(Secret::new(text.as_str())) {
            password.refuse(fault.message);
            focus(password.id());
            return;
        }
        let input = PasswordLinkInput { token: Secret::new(sent.get_value()), password: Secret::new(text) };
        form.send(accept_password_link(input), move |_| {
            // Reloads, so that the page is rendered with the session.
            let _ = window().location().assign(urls::HOME);
        });
    };
    view! {
        <EntryFrame title text>
            <form method="post" action=action novalidate class="grid gap-4" on:submit=save>
                <ProblemBanner form/>
                <input type="hidden" name="token" value=token/>
                <div>
                    <label class="block mb-1.5 font-medium" for="email">"E-mail"</label>
                    <input id="email" class="field" type="email" autocomplete="username" readonly value=link.email/>
                </div>
                <TextField
                    input=password
                    label="Password"
                    kind=TextKind::NewPassword
                    hint="At least 12 characters; a few words are fine."
                    autofocus=true
                />
                <SubmitButton
                    label="Set Password"
                    busy_label="Setting…"
                    busy=form.busy
                    class="btn-primary w-full justify-center"
                />
            </form>
        </EntryFrame>
    }
    .into_any()
}
