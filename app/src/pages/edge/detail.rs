use api_types::{
    Problem,
    view::{ChangedNoun, EdgeChoices, EdgeObjectForm},
};
use domain::edge::EdgeKind;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    delete_dialog::DeleteDialog,
    fields::ObjectFields,
    object_form::{ObjectForm, conflicting, current},
    wording::wording,
};
use crate::{
    components::{
        form::{Editing, FormPage},
        layout::PageHeader,
        ui::{EmptyState, LIST, ROUTE, TRASH, icon, use_toasts},
    },
    pages::{
        not_found::NotFound,
        row_page::{LiveRow, RowPage},
    },
    server_fns::{
        edge_object::{get_edge_choices, get_edge_object, update_edge_object},
        read,
    },
    session::use_session,
    urls,
};

/// One object: a form, or read-only without the role to change it.
#[component]
pub fn EdgeObjectPage() -> impl IntoView {
    let kind = urls::use_edge_kind();
    move || match kind.get().filter(|kind| *kind != EdgeKind::Settings) {
        Some(kind) => {
            let wording = wording(kind);
            view! {
                <RowPage
                    noun=ChangedNoun::Edge
                    title=wording.label
                    parent=(urls::edge_objects(kind), wording.title)
                    load=|id| Box::pin(load(id))
                    page=detail
                    missing
                />
            }
            .into_any()
        }
        None => view! { <NotFound/> }.into_any(),
    }
}

/// An object and the rows that its fields may name.
pub async fn load(id: String) -> Result<(EdgeObjectForm, EdgeChoices), Problem> {
    let missing = || Problem::new(404, "not_found", "Not Found", "This is not the id of an object of the edge.");
    let kind = EdgeKind::of_id(&id).ok_or_else(missing)?;
    let choices = read(get_edge_choices(kind.path().to_owned())).await.unwrap_or_default();
    Ok((read(get_edge_object(kind.path().to_owned(), id)).await?, choices))
}

fn detail(row: LiveRow<(EdgeObjectForm, EdgeChoices)>) -> AnyView {
    let (object, choices) = row.current.get_untracked();
    let Some(kind) = EdgeKind::of_id(&object.id) else { return missing(false) };
    let wording = wording(kind);
    let may_change = use_session().may(kind.manage());
    let params = use_query_map();
    let deleting = Memo::new(move |_| may_change && params.with(|params| params.get_str("delete").is_some()));
    let name = Signal::derive(move || row.current.with(|(object, _)| object.name.clone()));
    let page = urls::edge_object(&object.id);
    let delete = may_change.then(|| {
        let href = format!("{page}?delete=1");
        view! { <a class="btn-danger" href=href data-noscroll="">{icon(TRASH)} "Delete"</a> }
    });
    let history = urls::history(&object.id);
    let dialog = move || {
        deleting.get().then(|| {
            let (object, _) = row.current.get_untracked();
            view! { <DeleteDialog kind object deletion=row.deletion/> }
        })
    };
    view! {
        <PageHeader title=name parent=(urls::edge_objects(kind), wording.title) crumb=name>
            <a class="btn-quiet" href=history>{icon(LIST)} "History"</a>
            {delete}
        </PageHeader>
        <EditForm kind object choices row may_change/>
        {dialog}
    }
    .into_any()
}

#[component]
fn EditForm(
    kind: EdgeKind,
    object: EdgeObjectForm,
    choices: EdgeChoices,
    row: LiveRow<(EdgeObjectForm, EdgeChoices)>,
    may_change: bool,
) -> impl IntoView {
    let fields = ObjectForm::new(kind, Some(&object), choices);
    let form = fields.form;
    let version = fields.version.unwrap_or_default();
    Effect::new(move |before: Option<()>| {
        let (newest, _) = row.current.get();
        if before.is_some() {
            form.follow(current(&newest), version);
        }
    });
    let toasts = use_toasts();
    let page = urls::edge_object(&object.id);
    let id = StoredValue::new(object.id);
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(update_edge_object(kind.path().to_owned(), id.get_value(), fields.input()), move |saved| {
            toasts.success(format!("Saved {}.", saved.name));
            version.set(saved.version.to_string());
            row.current.update(|(object, _)| *object = saved);
        });
    };
    if !may_change {
        return view! { <fieldset disabled class="contents"><ObjectFields fields/></fieldset> }.into_any();
    }
    view! {
        <FormPage
            form
            address=page
            cancel=urls::edge_objects(kind)
            label="Save Changes"
            busy_label="Saving…"
            on_submit=save
            editing=Editing { noun: wording(kind).noun.0, version, read: conflicting }
        >
            <ObjectFields fields/>
        </FormPage>
    }
    .into_any()
}

fn missing(deleted: bool) -> AnyView {
    let title = if deleted { "This object was deleted" } else { "There is no such object" };
    view! {
        <PageHeader title="Not Found" parent=(urls::EDGE, "SIP Edge")/>
        <div class="card">
            <EmptyState glyph=ROUTE title text="Its history is in the audit log.">
                <a class="btn" href=urls::EDGE>"Back to the SIP Edge"</a>
            </EmptyState>
        </div>
    }
    .into_any()
}
