use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

use super::state::use_detail;
use crate::{
    api,
    components::{
        form::{ActionBar, ConflictDialog, ProblemBanner, guard_leaving},
        ui::use_toasts,
    },
    pages::carriers::form::{AuthenticationSection, CarrierForm, ConnectionSection, RateSection, conflicting, current},
};

/// The carrier's settings, to change. Once something is typed, they are not touched from outside any more: what someone
/// else saves meanwhile is told when this form is saved.
#[component]
pub fn EditForm() -> impl IntoView {
    let detail = use_detail();
    let fields = detail.carrier.with_untracked(|carrier| CarrierForm::new(Some(carrier)));
    let form = fields.form;
    let version = fields.edit.map_or_else(|| RwSignal::new(String::new()), |edit| edit.version);
    let newest = Memo::new(move |_| detail.carrier.with(|carrier| carrier.version));
    Effect::new(move |before: Option<()>| {
        // Read, not only tracked: a memo that nobody has asked yet has nothing to tell.
        let _ = newest.get();
        if before.is_some() {
            form.follow(detail.carrier.with_untracked(current), version);
        }
    });
    let navigate = StoredValue::new(use_navigate());
    let toasts = use_toasts();
    let page = StoredValue::new(detail.href(&[]));
    guard_leaving(
        detail.href(&[("edit", "1")]),
        move || form.changed(),
        move |target| {
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            page.with_value(|page| path == page) && query.split('&').any(|pair| pair == "edit=1")
        },
    );

    let save = move || {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(api::carrier::update(detail.id.get_value(), fields.input()), move |carrier| {
            toasts.say(format!("Saved {}.", carrier.name));
            detail.show(carrier);
            navigate.with_value(|navigate| navigate(&detail.href(&[]), Default::default()));
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save();
    };
    view! {
        <form method="post" action=detail.href(&[]) novalidate class="form-page" on:submit=submit>
            <input type="hidden" name="version" value=move || version.get()/>
            <ProblemBanner form/>
            <div class="card px-5">
                <ConnectionSection fields/>
                <AuthenticationSection fields/>
                <RateSection fields/>
            </div>
            <ActionBar form label="Save changes" busy_label="Saving…" cancel=detail.href(&[])/>
        </form>
        <ConflictDialog form noun="carrier" read=conflicting version reload=detail.href(&[("edit", "1")]) save=move |()| save()/>
    }
    .into_any()
}
