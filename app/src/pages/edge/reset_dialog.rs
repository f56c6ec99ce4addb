use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::{
    components::{
        form::{ConfirmDialog, Form},
        ui::use_toasts,
    },
    server_fns::edge_live::reset_live,
    urls,
};

/// Confirms that open calls are no longer counted.
#[component]
pub fn ResetDialog() -> impl IntoView {
    let form = Form::new("reset-live");
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let reset = move |()| {
        form.send(reset_live(), move |reset| {
            toasts.success(format!("Reset the counters; {} calls are no longer counted.", reset.released));
            navigate.with_value(|navigate| navigate(urls::EDGE, Default::default()));
        });
    };
    view! {
        <ConfirmDialog
            form
            title="Reset Counters".to_owned()
            address=format!("{}?reset=1", urls::EDGE)
            close=urls::EDGE.to_owned()
            label="Reset Counters"
            busy_label="Resetting…"
            on_confirm=reset
        >
            <p>
                "Sets all counters to zero. Calls that are open go on, but no limit counts them any more. Calls whose end was lost \
                 are released by themselves when they expire."
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
