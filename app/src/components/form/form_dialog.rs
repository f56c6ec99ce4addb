use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    Editing, Form, ProblemBanner, SubmitButton,
    form_page::{conflict, guard, read_values},
    guard::is_same_form,
};
use crate::components::ui::Dialog;

/// A form in a dialog that is open if the address says so. A refused save is shown above the buttons, so that it is seen
/// wherever the fields are scrolled to.
#[component]
pub fn FormDialog(
    form: Form,
    #[prop(into)] title: String,
    /// The address at which the dialog is open; the form is posted to it natively.
    #[prop(into)]
    address: String,
    /// The page's address without the dialog.
    #[prop(into)]
    close: String,
    /// "Save Number".
    label: &'static str,
    /// "Saving…".
    busy_label: &'static str,
    /// Checks the fields and sends them by [`Form::send`].
    #[prop(into)]
    on_submit: Callback<()>,
    /// Only for an existing row.
    #[prop(optional_no_strip, into)]
    editing: Option<Editing>,
    #[prop(default = "dialog")] class: &'static str,
    /// The fields.
    children: Children,
) -> impl IntoView {
    guard(form, address.clone(), is_same_form);
    let action = address.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_submit.run(());
    };
    view! {
        <Dialog title close=close.clone() class>
            <form id=form.element_id() method="post" action=action novalidate on:submit=submit>
                {read_values(form, editing)}
                <div class="dialog-body grid gap-4">{children()}</div>
                <div class="dialog-problem"><ProblemBanner form/></div>
                <footer class="dialog-foot">
                    <a class="btn" href=close data-noscroll="">"Cancel"</a>
                    <SubmitButton label busy_label busy=form.busy/>
                </footer>
            </form>
        </Dialog>
        {conflict(form, editing, address, on_submit)}
    }
    .into_any()
}
