use domain::edge::EdgeKind;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::{fields::ObjectFields, object_form::ObjectForm, wording::wording};
use crate::{
    components::{
        form::FormPage,
        layout::PageHeader,
        ui::{Banner, Tone, use_toasts},
    },
    pages::not_found::NotFound,
    server_fns::{
        edge_object::{create_edge_object, get_edge_choices},
        read,
    },
    session::use_session,
    urls,
};

#[component]
pub fn CreateEdgeObjectPage() -> impl IntoView {
    let kind = urls::use_edge_kind();
    move || match kind.get().filter(|kind| *kind != EdgeKind::Settings) {
        Some(kind) => create(kind),
        None => view! { <NotFound/> }.into_any(),
    }
}

fn create(kind: EdgeKind) -> AnyView {
    let wording = wording(kind);
    let choices = Resource::new(|| (), move |()| read(get_edge_choices(kind.path().to_owned())));
    let content = move || {
        Suspend::new(async move { view! { <CreateForm kind choices=choices.await.unwrap_or_default()/> }.into_any() })
    };
    let content = if use_session().may(kind.manage()) {
        view! { <Transition fallback=|| ()>{content}</Transition> }.into_any()
    } else {
        let role = kind.manage().role().label();
        view! { <Banner tone=Tone::Warn>{format!("You need the {role} role to add a {}.", wording.noun.0)}</Banner> }
            .into_any()
    };
    view! {
        <PageHeader title=format!("Add {}", wording.label) parent=(urls::edge_objects(kind), wording.title)/>
        {content}
    }
    .into_any()
}

#[component]
fn CreateForm(kind: EdgeKind, choices: api_types::view::EdgeChoices) -> impl IntoView {
    let fields = ObjectForm::new(kind, None, choices);
    let form = fields.form;
    let navigate = use_navigate();
    let toasts = use_toasts();
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        let navigate = navigate.clone();
        form.send(create_edge_object(kind.path().to_owned(), fields.input()), move |object| {
            toasts.success(format!("Added {}.", object.name));
            navigate(urls::edge_objects(kind), Default::default());
        });
    };
    view! {
        <FormPage
            form
            address=urls::create_edge_object(kind)
            cancel=urls::edge_objects(kind)
            label="Create"
            busy_label="Creating…"
            on_submit=save
        >
            <ObjectFields fields/>
        </FormPage>
    }
    .into_any()
}
