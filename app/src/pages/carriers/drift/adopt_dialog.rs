use api_types::{
    input::AdoptInput,
    view::{AdoptView, UnmanagedView},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    action::AdoptChoice,
    adopt_choice::{AdoptFields, ChoiceForm},
    adopt_preview::{Preview, Refused},
    context::DriftContext,
    steps::RefreshLink,
    unmanaged::summary,
};
use crate::{
    components::{
        form::{Form, ProblemBanner, SubmitButton, focus},
        ui::{Dialog, Skeleton, use_toasts},
    },
    server_fns::drift::adopt_trunk,
};

/// The choice, its dry run, and the button that applies it.
#[component]
pub fn AdoptDialog(context: DriftContext, trunk: UnmanagedView) -> impl IntoView {
    let form = Form::new("adopt");
    let (page, carrier) = (context.href(&[]), context.row.current.with_untracked(|drift| drift.carrier_name.clone()));
    // The choice in the address, which the dry run belongs to.
    let previewed = Memo::new(move |_| context.action.get().adoption().unwrap_or_default());
    let fields = AdoptFields::new(form, &trunk, &previewed.get_untracked());
    let is_current = Memo::new(move |_| fields.choice() == previewed.get());
    let pending = RwSignal::new(false);
    // The user asked for the dry run and waits for it.
    let asked = StoredValue::new(false);
    let about = summary(&trunk);
    let choice = move || {
        let trunk = trunk.clone();
        Suspend::new(async move {
            match context.adoptions.bots.await {
                Some(Ok(bots)) => {
                    let submitted = move |()| asked.set_value(true);
                    view! { <ChoiceForm context trunk fields bots pending submitted/> }.into_any()
                }
                Some(Err(problem)) => view! { <Refused problem/> }.into_any(),
                None => ().into_any(),
            }
        })
    };
    let preview = move || {
        Suspend::new(async move {
            let preview = context.adoptions.preview.await;
            let was_asked = asked.try_update_value(std::mem::take) == Some(true);
            match preview {
                Some(Ok(preview)) => {
                    if was_asked {
                        focus("adopt-preview".to_owned());
                    }
                    shown_while(is_current, move || view! { <Preview preview=preview.clone()/> }.into_any())
                }
                Some(Err(problem)) => {
                    if let Some(message) = problem.errors.message("bot_id") {
                        fields.bot_id.refuse(message.to_owned());
                    }
                    if was_asked {
                        focus(fields.bot_id.id());
                    }
                    shown_while(is_current, move || view! { <Refused problem=problem.clone()/> }.into_any())
                }
                None => ().into_any(),
            }
        })
    };
    let confirm = move || {
        Suspend::new(async move {
            let Some(Ok(preview)) = context.adoptions.preview.await else { return ().into_any() };
            let confirm = move || {
                let choice = previewed.get_untracked();
                view! { <ConfirmForm context choice preview=preview.clone() form/> }.into_any()
            };
            shown_while(is_current, confirm)
        })
    };
    let here = page.clone() + &previewed.get_untracked().query();
    view! {
        <Dialog title=format!("Adopt into {carrier}") close=page.clone() class="dialog dialog-wide">
            <div class="dialog-body grid gap-4">
                <ProblemBanner form/>
                {about}
                <Suspense fallback=|| view! { <Skeleton rows=3/> }>{choice}</Suspense>
                <Transition set_pending=pending fallback=|| view! { <Skeleton rows=3/> }>{preview}</Transition>
            </div>
            <footer class="dialog-foot">
                <a class="btn" href=page data-noscroll="" autofocus>"Cancel"</a>
                <RefreshLink context form href=here/>
                <Transition>{confirm}</Transition>
            </footer>
        </Dialog>
    }
    .into_any()
}

/// A dry run is not shown for a choice that it was not made for.
fn shown_while(is_current: Memo<bool>, content: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    (move || is_current.get().then(&content)).into_any()
}

/// The button, with everything that the dry run was made from.
#[component]
fn ConfirmForm(context: DriftContext, choice: AdoptChoice, preview: AdoptView, form: Form) -> impl IntoView {
    let toasts = use_toasts();
    let navigate = use_navigate();
    let page = context.href(&[]);
    let action = page.clone() + &choice.query();
    let input = AdoptInput {
        dry_run: Some("false".into()),
        fingerprint: preview.fingerprint.as_str().into(),
        ..choice.input()
    };
    let adopt = move |event: SubmitEvent| {
        event.prevent_default();
        let (navigate, page) = (navigate.clone(), page.clone());
        form.send(adopt_trunk(context.carrier_id(), input.clone()), move |_| {
            toasts.success("Trunk adopted.");
            context.row.refresh();
            navigate(&page, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
            focus("content".to_owned());
        });
    };
    let take =
        choice.take.into_iter().map(|name| view! { <input type="hidden" name="take" value=name/> }).collect_view();
    view! {
        <form method="post" action=action class="contents" on:submit=adopt>
            <input type="hidden" name="trunk_id" value=choice.trunk_id/>
            <input type="hidden" name="bot_id" value=choice.bot_id/>
            {take}
            <input type="hidden" name="dry_run" value="false"/>
            <input type="hidden" name="fingerprint" value=preview.fingerprint/>
            <SubmitButton label="Adopt" busy_label="Adopting…" busy=form.busy/>
        </form>
    }
    .into_any()
}
