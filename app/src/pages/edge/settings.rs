use api_types::view::{EdgeChoices, EdgeObjectForm};
use domain::edge::EdgeKind;
use leptos::prelude::*;

use super::{
    fields::ObjectFields,
    object_form::{ObjectForm, conflicting},
};
use crate::{
    components::{
        form::{Editing, FormPage},
        layout::PageHeader,
        ui::{Failure, use_toasts},
    },
    server_fns::{
        edge_object::{get_edge_choices, get_edge_object, update_edge_object},
        read,
    },
    session::use_session,
    status::set_status,
    urls,
};

/// What holds for all calls at the edge.
#[component]
pub fn EdgeSettingsPage() -> impl IntoView {
    let kind = EdgeKind::Settings.path();
    let settings = Resource::new(|| (), move |()| read(get_edge_object(kind.to_owned(), String::new())));
    let choices = Resource::new(|| (), move |()| read(get_edge_choices(kind.to_owned())));
    let content = move || {
        Suspend::new(async move {
            match settings.await {
                Ok(object) => view! { <EditForm object choices=choices.await.unwrap_or_default()/> }.into_any(),
                Err(problem) => {
                    set_status(problem.status);
                    view! { <div class="card"><Failure problem retry=move || settings.refetch()/></div> }.into_any()
                }
            }
        })
    };
    view! {
        <PageHeader title="Edge Settings" summary="What holds for all calls at the SIP edge.".into_any()/>
        <Transition fallback=|| ()>{content}</Transition>
    }
}

#[component]
fn EditForm(object: EdgeObjectForm, choices: EdgeChoices) -> impl IntoView {
    let kind = EdgeKind::Settings;
    let fields = ObjectForm::new(kind, Some(&object), choices);
    let form = fields.form;
    let version = fields.version.unwrap_or_default();
    let toasts = use_toasts();
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        form.send(update_edge_object(kind.path().to_owned(), String::new(), fields.input()), move |saved| {
            toasts.success("Saved the edge settings.");
            version.set(saved.version.to_string());
        });
    };
    if !use_session().may(kind.manage()) {
        return view! { <fieldset disabled class="contents"><ObjectFields fields/></fieldset> }.into_any();
    }
    view! {
        <FormPage
            form
            address=urls::EDGE_SETTINGS
            cancel=urls::EDGE
            label="Save Changes"
            busy_label="Saving…"
            on_submit=save
            editing=Editing { noun: "edge settings", version, read: conflicting }
        >
            <input type="hidden" name="kind" value=kind.path()/>
            <input type="hidden" name="id" value=""/>
            <ObjectFields fields/>
        </FormPage>
    }
    .into_any()
}
