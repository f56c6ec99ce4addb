use api_types::{input::Text, view::LoginInput};
use domain::{Email, Secret};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

use crate::{
    components::{
        form::{Form, ProblemBanner, SubmitButton, TextField, TextKind},
        layout::EntryFrame,
        ui::{Banner, Tone},
    },
    server_fns::session::log_in,
    session::use_session,
    urls,
};

/// E-mail and password; then the browser goes to `next`.
#[component]
pub fn LoginPage() -> impl IntoView {
    let form = Form::new("login");
    let email = form.input("email", String::new(), |text| text.parse::<Email>().map(drop));
    let password = form.input("password", String::new(), |_| Ok(()));
    let params = use_query_map();
    let next = StoredValue::new(urls::local(params.read_untracked().get_str("next").unwrap_or_default()).to_owned());
    if use_session().user.is_some() {
        return view! { <Redirect path=next.get_value()/> }.into_any();
    }
    let logged_out = params.read_untracked().get_str("out").is_some();

    let enter = move |event: SubmitEvent| {
        event.prevent_default();
        if let Err(fault) = email.value.with_untracked(|text| text.parse::<Email>()) {
            email.refuse(fault.message);
            crate::components::form::focus(email.id());
            return;
        }
        let input = LoginInput {
            email: Text(email.value.get_untracked()),
            password: Secret::new(password.value.get_untracked()),
        };
        form.send(log_in(input), move |_| {
            // Reloads, so that no data of an earlier session remains.
            let _ = window().location().assign(&next.get_value());
        });
    };
    let action = urls::login(&next.get_value());
    view! {
        <Title text="Log In"/>
        <EntryFrame title="Log In">
            <form method="post" action=action novalidate class="grid gap-4" on:submit=enter>
                {logged_out.then(|| view! { <Banner tone=Tone::Ok>"You are logged out."</Banner> })}
                <ProblemBanner form/>
                <TextField input=email label="E-mail" kind=TextKind::Email autofocus=true/>
                <TextField input=password label="Password" kind=TextKind::CurrentPassword/>
                <SubmitButton
                    label="Log In"
                    busy_label="Logging in…"
                    busy=form.busy
                    class="btn-primary w-full justify-center"
                />
            </form>
        </EntryFrame>
    }
    .into_any()
}
