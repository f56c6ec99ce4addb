use api_types::{input::Text, view::SetupInput};
use domain::{Email, Password, Secret};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        form::{Form, ProblemBanner, SubmitButton, TextField, TextKind, focus},
        layout::EntryFrame,
        ui::{Banner, EYE, EYE_OFF, Tone, icon},
    },
    server_fns::session::set_up,
    urls,
};

/// Creates the first administrator. The server prints the address with its one-time token at the first start.
#[component]
pub fn SetupPage() -> impl IntoView {
    let form = Form::new("setup");
    let token = form.input("token", use_query_map().read_untracked().get("token").unwrap_or_default(), |_| Ok(()));
    let email = form.input("email", String::new(), |text| text.parse::<Email>().map(drop));
    let password = form.input("password", String::new(), |text| Password::new(Secret::new(text)).map(drop));
    let has_token = !token.value.read_untracked().is_empty();
    let revealed = RwSignal::new(false);
    // The form has the token. In the address it would stay in the history and on screenshots.
    Effect::new(move |_| {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&leptos::wasm_bindgen::JsValue::NULL, "", Some(urls::SETUP));
        }
    });
    let create = move |event: SubmitEvent| {
        event.prevent_default();
        let faults = [
            (email, email.value.with_untracked(|text| text.parse::<Email>().map(drop))),
            (password, password.value.with_untracked(|text| Password::new(Secret::new(text.as_str())).map(drop))),
        ];
        let mut first = None;
        for (input, checked) in faults {
            if let Err(fault) = checked {
                input.refuse(fault.message);
                first.get_or_insert(input);
            }
        }
        if let Some(input) = first {
            focus(input.id());
            return;
        }
        let input = SetupInput {
            token: Secret::new(token.value.get_untracked()),
            email: Text(email.value.get_untracked()),
            password: Secret::new(password.value.get_untracked()),
        };
        form.send(set_up(input), move |_| {
            // Reloads, so that the page is rendered with the session.
            let _ = window().location().assign(urls::HOME);
        });
    };
    // With the token: a form that is refused without JavaScript comes back without its secrets.
    let action = urls::setup(&token.value.get_untracked());
    view! {
        <Title text="Set Up"/>
        <EntryFrame title="Create the Administrator" text="The first user. Others are added later.">
            <form method="post" action=action novalidate class="grid gap-4" on:submit=create>
                <ProblemBanner form/>
                {(!has_token)
                    .then(|| view! {
                        <Banner tone=Tone::Warn title="The Link Is Incomplete">
                            "Open the address that the server printed when it started: it ends in a one-time token."
                        </Banner>
                    })}
                <input type="hidden" name="token" value=token.value.get_untracked()/>
                <TextField input=email label="E-mail" kind=TextKind::Email autofocus=true/>
                <div>
                    <TextField
                        input=password
                        label="Password"
                        kind=TextKind::NewPassword
                        hint="At least 12 characters; a few words are fine."
                        revealed=revealed
                    />
                    <button
                        type="button"
                        class="btn-quiet needs-js mt-1 -ml-3"
                        aria-pressed=move || revealed.get().to_string()
                        on:click=move |_| revealed.update(|shown| *shown = !*shown)
                    >
                        {move || icon(if revealed.get() { EYE_OFF } else { EYE })}
                        "Show Password"
                    </button>
                </div>
                <SubmitButton
                    label="Create Administrator"
                    busy_label="Creating…"
                    busy=form.busy
                    class="btn-primary w-full justify-center"
                />
            </form>
        </EntryFrame>
    }
}
