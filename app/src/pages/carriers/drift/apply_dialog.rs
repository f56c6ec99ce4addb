use leptos::prelude::*;

use super::{
    context::DriftContext,
    steps::{Steps, reload_link},
};
use crate::components::{
    form::{Form, ProblemBanner, SubmitButton},
    ui::Dialog,
};

/// The dry run and the button that applies it.
#[component]
pub fn ApplyDialog(context: DriftContext) -> impl IntoView {
    let form = Form::new("apply");
    let (here, page) = (context.href(&[("apply", "1")]), context.href(&[]));
    let report = context.report;
    let action = here.clone();
    let nothing = report.steps.is_empty();
    view! {
        <Dialog title="Put LiveKit right" close=page.clone() class="dialog dialog-wide">
            <form method="post" action=action>
                <input type="hidden" name="fingerprint" value=report.fingerprint/>
                <div class="dialog-body grid gap-3">
                    <ProblemBanner form/>
                    <p>
                        {if nothing {
                            "LiveKit is in sync: there is nothing to do."
                        } else {
                            "This is what will be done, and nothing else. If anything has changed since you looked, nothing is."
                        }}
                    </p>
                    <Steps steps=report.steps/>
                </div>
                <footer class="dialog-foot">
                    <a class="btn" href=page data-noscroll="" autofocus>"Not now"</a>
                    {reload_link(form, here)}
                    {(!nothing)
                        .then(|| view! { <SubmitButton label="Put it right" busy_label="Working…" busy=form.busy/> })}
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
