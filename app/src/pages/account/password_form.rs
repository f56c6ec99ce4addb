use api_types::input::PasswordInput;
use domain::{Password, Secret};
use leptos::prelude::*;

use crate::{
    components::form::{Form, FormPage, TextField, TextKind},
    server_fns::own_account::change_password,
    urls,
};

/// Where a changed password leads: the page, which says so.
pub const CHANGED: &str = "?changed=1";

#[component]
pub fn PasswordForm() -> impl IntoView {
    let form = Form::new("password");
    let current = form.input("current_password", String::new(), |_| Ok(()));
    let new = form.input("new_password", String::new(), |text| Password::new(Secret::new(text)).map(drop));
    let save = move |()| {
        let input = PasswordInput {
            current_password: Secret::new(current.value.get_untracked()),
            new_password: Secret::new(new.value.get_untracked()),
        };
        if let Err(errors) = input.parse() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(change_password(input), move |()| {
            // Reloads, so that the typed passwords do not stay in the page.
            let _ = window().location().assign(&format!("{}{CHANGED}", urls::ACCOUNT));
        });
    };
    view! {
        <FormPage
            form
            address=urls::ACCOUNT
            cancel=urls::HOME
            label="Change Password"
            busy_label="Changing…"
            on_submit=save
        >
            <div class="card px-5">
                <section class="form-section">
                    <div>
                        <h2 class="text-[14px] font-medium">"Password"</h2>
                        <p class="hint">"A new password ends your other sessions. API keys are not affected."</p>
                    </div>
                    <div class="form-fields">
                        <TextField input=current label="Current Password" kind=TextKind::CurrentPassword/>
                        <TextField
                            input=new
                            label="New Password"
                            kind=TextKind::NewPassword
                            hint="At least 12 characters; a few words are fine."
                        />
                    </div>
                </section>
            </div>
        </FormPage>
    }
    .into_any()
}
