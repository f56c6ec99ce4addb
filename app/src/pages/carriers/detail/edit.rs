use api_types::{
    Problem,
    view::{CarrierView, ChangedNoun},
};
use domain::CarrierId;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::not_found::no_carrier;
use crate::{
    api,
    components::{
        form::{ActionBar, ConflictDialog, ProblemBanner, ReadValues, focus, guard_leaving},
        layout::PageHeader,
        ui::{BOOK, Failure, Skeleton, icon, use_toasts},
    },
    hydrated::use_hydrated,
    live::on_change,
    pages::{
        carriers::form::{AuthenticationSection, CarrierForm, ConnectionSection, RateSection, conflicting, current},
        guide::Guide,
    },
    status::set_status,
    urls,
};

/// The form for an existing carrier.
#[component]
pub fn EditPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<CarrierId>().ok())));
    let carrier = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::carrier::get(id).await,
                None => Err(Problem::new(404, "not_found", "Not found", "This is no carrier's id.")),
            }
        },
    );
    let read = move || {
        Suspend::new(async move {
            match carrier.await {
                Ok(carrier) => view! { <Editor carrier/> }.into_any(),
                Err(problem) if problem.status == 404 => no_carrier(),
                Err(problem) => {
                    set_status(problem.status);
                    view! {
                        <PageHeader title="Carrier" parent=(urls::CARRIERS, "Carriers")/>
                        <div class="card"><Failure problem retry=move || carrier.refetch()/></div>
                    }
                    .into_any()
                }
            }
        })
    };
    view! { <Transition fallback=|| view! { <div class="card"><Skeleton rows=6/></div> }>{read}</Transition> }
}

#[component]
fn Editor(carrier: CarrierView) -> impl IntoView {
    let page = urls::carrier(&carrier.id);
    let (id, editing) = (StoredValue::new(carrier.id.clone()), StoredValue::new(page.clone() + "?edit=1"));
    let shown = RwSignal::new(carrier);
    let refresh = move || {
        let id = id.get_value();
        spawn_local(async move {
            // Errors are ignored: the next change loads again. Responses may arrive out of order.
            let newer =
                |shown: &CarrierView, carrier: &CarrierView| carrier.version >= shown.version && carrier != shown;
            if let Ok(carrier) = api::carrier::get(id).await
                && shown.try_with_untracked(|shown| newer(shown, &carrier)) == Some(true)
            {
                shown.set(carrier);
            }
        });
    };
    on_change(ChangedNoun::Carrier, id.get_value().to_string(), refresh);
    let name: Signal<String> = Memo::new(move |_| shown.with(|carrier| carrier.name.clone())).into();
    let params = use_query_map();
    let guide_open = Memo::new(move |_| params.with(|params| params.get_str("guide").is_some()));
    view! {
        <PageHeader title=name parent=(urls::CARRIERS, "Carriers") crumb=name>
            <a class="btn-quiet" href=editing.get_value() + "&guide=1" data-noscroll="">{icon(BOOK)} "Guide"</a>
        </PageHeader>
        <EditForm shown page/>
        {move || guide_open.get().then(|| view! { <Guide close=editing.get_value()/> })}
    }
    .into_any()
}

/// Follows changes by others until something is typed. After that, the conflict dialog shows them when this form is
/// saved.
#[component]
fn EditForm(shown: RwSignal<CarrierView>, page: String) -> impl IntoView {
    let id = StoredValue::new(shown.with_untracked(|carrier| carrier.id.clone()));
    let fields = shown.with_untracked(|carrier| CarrierForm::new(Some(carrier)));
    let form = fields.form;
    let version = fields.edit.map_or_else(|| RwSignal::new(String::new()), |edit| edit.version);
    let newest = Memo::new(move |_| shown.with(|carrier| carrier.version));
    Effect::new(move |before: Option<()>| {
        // Read, not only tracked: a memo notifies only after its first read.
        let _ = newest.get();
        if before.is_some() {
            form.follow(shown.with_untracked(current), version);
        }
    });
    // The link that opened the form is gone, so the focus moves to the first field.
    if use_hydrated().get_untracked() {
        focus("carrier-name".to_owned());
    }
    let navigate = StoredValue::new(use_navigate());
    let toasts = use_toasts();
    let editing = format!("{page}?edit=1");
    let page = StoredValue::new(page);
    guard_leaving(
        editing.clone(),
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
        form.send(api::carrier::update(id.get_value(), fields.input()), move |carrier| {
            toasts.success(format!("Saved {}.", carrier.name));
            let to = page.get_value();
            navigate.with_value(|navigate| navigate(&to, Default::default()));
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save();
    };
    view! {
        <form id=form.element_id() method="post" action=editing.clone() novalidate class="form-page" on:submit=submit>
            <ReadValues form version/>
            <ProblemBanner form/>
            <div class="card px-5">
                <ConnectionSection fields/>
                <AuthenticationSection fields/>
                <RateSection fields/>
            </div>
            <ActionBar form label="Save changes" busy_label="Saving…" cancel=page.get_value()/>
        </form>
        <ConflictDialog form noun="carrier" read=conflicting version reload=editing save=move |()| save()/>
    }
    .into_any()
}
