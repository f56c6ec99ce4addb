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
    // Validated here, then posted natively: the response sets the session cookie and redirects.
    let validate = move |event: SubmitEvent| {
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
            event.prevent_default();
            focus(input.id());
        } else if form.busy.get_untracked() {
            event.prevent_default();
        } else {
            form.busy.set(true);
        }
    };
    view! {
        <Title text="Set up"/>
        <EntryFrame title="Create the administrator" text="The first person in. Others are added later.">
            <form method="post" action=urls::SETUP novalidate class="grid gap-4" on:submit=validate>
                <ProblemBanner form/>
                {(!has_token)
                    .then(|| view! {
                        <Banner tone=Tone::Warn title="The link is incomplete">
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
                        "Show password"
                    </button>
                </div>
                <SubmitButton
                    label="Create administrator"
                    busy_label="Creating…"
                    busy=form.busy
                    class="btn-primary w-full justify-center"
                />
            </form>
        </EntryFrame>
    }
}
