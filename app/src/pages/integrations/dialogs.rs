use api_types::view::NumberIntegrationView;
use domain::{Action, NumberProviderKind};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};

use super::{
    LiveIntegrations,
    form::{CredentialsFields, CredentialsForm},
};
use crate::{
    components::{
        form::{ConfirmDialog, Form, FormDialog, focus},
        ui::use_toasts,
    },
    server_fns::integration::{disconnect_integration, save_integration},
    session::use_session,
    urls,
};

/// The dialog that the address asks for.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    None,
    Connect(NumberProviderKind),
    Disconnect(NumberProviderKind),
}

impl Open {
    fn read(params: &ParamsMap) -> Self {
        let provider = |name: &str| params.get_str(name).and_then(|provider| provider.parse().ok());
        match (provider("connect"), provider("disconnect")) {
            (Some(kind), _) => Self::Connect(kind),
            (None, Some(kind)) => Self::Disconnect(kind),
            (None, None) => Self::None,
        }
    }
}

#[component]
pub fn Dialogs(integrations: LiveIntegrations) -> impl IntoView {
    let params = use_query_map();
    let open = Memo::new(move |_| params.with(Open::read));
    let may_manage = use_session().may(Action::ManageIntegrations);
    // Untracked: a live change does not close the dialog or lose what was typed.
    let find = move |kind| {
        integrations.0.with_untracked(|overview| overview.numbers.iter().find(|saved| saved.provider == kind).cloned())
    };
    move || match open.get() {
        Open::Connect(kind) if may_manage => {
            find(kind).map(|saved| view! { <ConnectDialog saved integrations/> }).into_any()
        }
        Open::Disconnect(kind) if may_manage => find(kind)
            .filter(|saved| saved.connected)
            .map(|saved| view! { <DisconnectDialog saved integrations/> })
            .into_any(),
        _ => ().into_any(),
    }
}

/// Closes the dialog after its action. The dialog is no step in the history.
fn use_close() -> Callback<()> {
    let navigate = use_navigate();
    Callback::new(move |()| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(urls::INTEGRATIONS, options);
        // The link that opened the dialog may be gone.
        focus("content".to_owned());
    })
}

#[component]
fn ConnectDialog(saved: NumberIntegrationView, integrations: LiveIntegrations) -> impl IntoView {
    let fields = CredentialsForm::new(&saved);
    let (close, toasts) = (use_close(), use_toasts());
    let kind = saved.provider;
    let save = move |()| {
        if let Err(errors) = fields.check() {
            fields.form.refuse_fields(&errors);
            return;
        }
        fields.form.send(save_integration(kind, fields.input()), move |_| {
            toasts.success(format!("Saved the credentials of {}.", kind.name()));
            integrations.refresh();
            close.run(());
        });
    };
    let title = if saved.connected { format!("Edit {}", kind.name()) } else { format!("Connect {}", kind.name()) };
    view! {
        <FormDialog
            form=fields.form
            title
            address=urls::integration_dialog("connect", kind.as_str())
            close=urls::INTEGRATIONS
            label="Save Credentials"
            busy_label="Saving…"
            on_submit=save
            editing=fields.editing()
        >
            <input type="hidden" name="provider" value=kind.as_str()/>
            <CredentialsFields fields/>
        </FormDialog>
    }
    .into_any()
}

#[component]
fn DisconnectDialog(saved: NumberIntegrationView, integrations: LiveIntegrations) -> impl IntoView {
    let form = Form::new("disconnect");
    let (close, toasts) = (use_close(), use_toasts());
    let kind = saved.provider;
    let disconnect = move |()| {
        form.send(disconnect_integration(kind), move |()| {
            toasts.success(format!("Disconnected {}.", kind.name()));
            integrations.refresh();
            close.run(());
        });
    };
    view! {
        <ConfirmDialog
            form
            title=format!("Disconnect {}", kind.name())
            address=urls::integration_dialog("disconnect", kind.as_str())
            close=urls::INTEGRATIONS
            label="Disconnect"
            busy_label="Disconnecting…"
            on_confirm=disconnect
        >
            <input type="hidden" name="provider" value=kind.as_str()/>
            <p>
                "Deletes the credentials of "
                <strong class="font-semibold">{saved.account.unwrap_or_default()}</strong>
                ". Numbers that were bought stay on their carriers and in the account at "
                {kind.name()}
                ", and their calls go on."
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
