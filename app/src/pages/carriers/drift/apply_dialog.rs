use leptos::prelude::*;

use super::{
    Seen,
    steps::{Steps, look_again},
};
use crate::components::{
    form::{Form, ProblemBanner, SubmitButton},
    ui::Dialog,
};

/// The dry run once more, and the button that makes it real.
#[component]
pub fn ApplyDialog(seen: Seen) -> impl IntoView {
    let form = Form::new("apply");
    let (here, page) = (seen.href(&[("apply", "1")]), seen.href(&[]));
    let report = seen.report;
    let action = format!("{page}/apply");
    let nothing = report.steps.is_empty();
    view! {
        <Dialog title="Put LiveKit right" close=page.clone() class="dialog dialog-wide">
            <form method="post" action=action>
                <input type="hidden" name="fingerprint" value=report.fingerprint/>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner form/>
                    <p>
                        {if nothing {
                            "LiveKit is in step: there is nothing to do."
                        } else {
                            "This is what will be done, and nothing else. If anything has changed since you looked, nothing is."
                        }}
                    </p>
                    <Steps steps=report.steps/>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=page data-noscroll="" autofocus>"Not now"</a>
                    {look_again(form, here)}
                    {(!nothing)
                        .then(|| view! { <SubmitButton label="Put it right" busy_label="Working…" busy=form.busy/> })}
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
