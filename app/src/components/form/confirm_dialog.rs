use leptos::{ev::SubmitEvent, prelude::*};

use super::{Form, ProblemBanner, SubmitButton};
use crate::components::ui::Dialog;

/// Asks before something is done that cannot be undone. The content names what is lost. A failure is shown in the dialog.
#[component]
pub fn ConfirmDialog(
    form: Form,
    #[prop(into)] title: String,
    /// The address at which the dialog is open; it is posted to natively.
    #[prop(into)]
    address: String,
    /// The page's address without the dialog.
    #[prop(into)]
    close: String,
    /// Verb and noun: "Delete Carrier".
    label: &'static str,
    /// "Deleting…".
    busy_label: &'static str,
    /// Whether something is lost.
    #[prop(default = true)]
    danger: bool,
    #[prop(default = "dialog dialog-small")] class: &'static str,
    /// More links and buttons.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// Sends the request by [`Form::send`].
    #[prop(into)]
    on_confirm: Callback<()>,
    /// What is lost; also the hidden fields that the native form needs.
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_confirm.run(());
    };
    let button = if danger { "btn-danger-solid" } else { "btn-primary" };
    view! {
        <Dialog title close=close.clone() class>
            <form id=form.element_id() method="post" action=address on:submit=submit>
                <div class="dialog-body grid gap-3">{children()}</div>
                <div class="dialog-problem"><ProblemBanner form/></div>
                <footer class="dialog-foot">
                    // The safe choice has the focus.
                    <a class="btn" href=close data-noscroll="" autofocus>"Cancel"</a>
                    {actions}
                    <SubmitButton label busy_label busy=form.busy class=button/>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
