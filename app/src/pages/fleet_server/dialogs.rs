use api_types::view::FleetServerView;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};

use super::{
    LiveFleet,
    form::{FleetServerFields, FleetServerForm},
};
use crate::{
    components::{
        form::{ConfirmDialog, Form, FormDialog, focus},
        ui::use_toasts,
    },
    server_fns::fleet_server::{create_fleet_server, delete_fleet_server, update_fleet_server},
    urls,
};

/// The dialog that the address asks for.
#[derive(Clone, PartialEq)]
enum Open {
    None,
    Add,
    Edit(String),
    Remove(String),
}

impl Open {
    fn read(params: &ParamsMap) -> Self {
        match (params.get("server"), params.get("remove")) {
            (Some(id), _) if id == "new" => Self::Add,
            (Some(id), _) => Self::Edit(id),
            (None, Some(id)) => Self::Remove(id),
            (None, None) => Self::None,
        }
    }
}

#[component]
pub fn Dialogs(fleet: LiveFleet) -> impl IntoView {
    let params = use_query_map();
    let open = Memo::new(move |_| params.with(Open::read));
    // Untracked: a live change does not close the dialog or lose what was typed.
    let find = move |id: &str| {
        fleet
            .0
            .with_untracked(|fleet| fleet.settings.core_fleet.iter().find(|server| server.id.as_str() == id).cloned())
    };
    move || match open.get() {
        Open::None => ().into_any(),
        Open::Add => view! { <AddDialog fleet/> }.into_any(),
        Open::Edit(id) => find(&id).map(|server| view! { <EditDialog server fleet/> }).into_any(),
        Open::Remove(id) => find(&id).map(|server| view! { <RemoveDialog server fleet/> }).into_any(),
    }
}

/// Closes the dialog after its action. The dialog is no step in the history.
fn use_close() -> Callback<()> {
    let navigate = use_navigate();
    Callback::new(move |()| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(urls::FLEET, options);
    })
}

fn label(server: &FleetServerView) -> String {
    server.name.clone().unwrap_or_else(|| server.url.clone())
}

#[component]
fn AddDialog(fleet: LiveFleet) -> impl IntoView {
    let fields = FleetServerForm::new(None);
    let (close, toasts) = (use_close(), use_toasts());
    let save = move |()| {
        if let Err(errors) = fields.check() {
            fields.form.refuse_fields(&errors);
            return;
        }
        fields.form.send(create_fleet_server(fields.input()), move |server| {
            toasts.success(format!("Added {}.", label(&server)));
            fleet.refresh();
            close.run(());
        });
    };
    view! {
        <FormDialog
            form=fields.form
            title="Add Server"
            address=urls::fleet_dialog("server", "new")
            close=urls::FLEET
            label="Add Server"
            busy_label="Adding…"
            on_submit=save
        >
            <FleetServerFields fields/>
        </FormDialog>
    }
    .into_any()
}

#[component]
fn EditDialog(server: FleetServerView, fleet: LiveFleet) -> impl IntoView {
    let fields = FleetServerForm::new(Some(&server));
    let (close, toasts) = (use_close(), use_toasts());
    let id = StoredValue::new(server.id);
    let save = move |()| {
        if let Err(errors) = fields.check() {
            fields.form.refuse_fields(&errors);
            return;
        }
        fields.form.send(update_fleet_server(id.get_value(), fields.input()), move |server| {
            toasts.success(format!("Saved {}.", label(&server)));
            fleet.refresh();
            close.run(());
            focus(format!("edit-{}", server.id));
        });
    };
    let id_text = id.get_value().to_string();
    view! {
        <FormDialog
            form=fields.form
            title="Edit Server"
            address=urls::fleet_dialog("server", &id_text)
            close=urls::FLEET
            label="Save Server"
            busy_label="Saving…"
            on_submit=save
            editing=fields.editing()
        >
            <input type="hidden" name="id" value=id_text/>
            <FleetServerFields fields/>
        </FormDialog>
    }
    .into_any()
}

#[component]
fn RemoveDialog(server: FleetServerView, fleet: LiveFleet) -> impl IntoView {
    let form = Form::new("remove-server");
    let (close, toasts) = (use_close(), use_toasts());
    let name = label(&server);
    let removed = StoredValue::new((server.id.clone(), name.clone()));
    let remove = move |()| {
        let (id, name) = removed.get_value();
        form.send(delete_fleet_server(id), move |()| {
            toasts.success(format!("Removed {name}."));
            fleet.refresh();
            close.run(());
            // The link that opened the dialog is gone.
            focus("content".to_owned());
        });
    };
    let id = server.id.to_string();
    view! {
        <ConfirmDialog
            form
            title="Remove Server"
            address=urls::fleet_dialog("remove", &id)
            close=urls::FLEET
            label="Remove Server"
            busy_label="Removing…"
            on_confirm=remove
        >
            <input type="hidden" name="id" value=id/>
            <p class="wrap-anywhere">
                "Removes " <strong class="font-semibold">{name}</strong>
                " from the fleet. It gets no further calls; calls that its workers run are not ended."
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
