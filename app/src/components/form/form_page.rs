use leptos::{ev::SubmitEvent, prelude::*};

use super::{ActionBar, ConflictDialog, Editing, Form, ReadValues, guard::is_same_form, guard_leaving};

/// The frame of a page that is a form: the fields, the action bar with the problem of a refused save, the conflict dialog,
/// and the question before unsaved changes are left. Works as plain HTML: it is posted to the page's own address.
#[component]
pub fn FormPage(
    form: Form,
    /// The address at which the page shows this form, with the parameters that it needs.
    #[prop(into)]
    address: Signal<String>,
    /// Where Cancel leads.
    #[prop(into)]
    cancel: String,
    /// "Save Changes".
    label: &'static str,
    /// "Saving…".
    busy_label: &'static str,
    /// Checks the fields and sends them by [`Form::send`].
    #[prop(into)]
    on_submit: Callback<()>,
    /// Only for an existing row.
    #[prop(optional_no_strip, into)]
    editing: Option<Editing>,
    /// Whether the second address shows the form that is at the first. By default, if it has the same path and the first
    /// one's parameters.
    #[prop(default = is_same_form)]
    same_form: fn(&str, &str) -> bool,
    children: Children,
) -> impl IntoView {
    guard(form, address.get_untracked(), same_form);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_submit.run(());
    };
    view! {
        <form id=form.element_id() method="post" action=move || address.get() novalidate class="form-page" on:submit=submit>
            {read_values(form, editing)}
            {children()}
            <ActionBar form label busy_label cancel/>
        </form>
        {conflict(form, editing, address.get_untracked(), on_submit)}
    }
    .into_any()
}

pub(super) fn guard(form: Form, address: String, same_form: fn(&str, &str) -> bool) {
    let own = address.clone();
    guard_leaving(address, move || form.changed(), move |target| same_form(&own, target));
}

pub(super) fn read_values(form: Form, editing: Option<Editing>) -> Option<AnyView> {
    editing.map(|Editing { version, .. }| view! { <ReadValues form version/> }.into_any())
}

pub(super) fn conflict(form: Form, editing: Option<Editing>, reload: String, save: Callback<()>) -> Option<AnyView> {
    editing.map(|Editing { noun, version, read }| {
        view! { <ConflictDialog form noun read version reload save/> }.into_any()
    })
}
