use api_types::view::UnmanagedView;
use domain::{BotId, livekit::ObjectKind};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{action::AdoptChoice, context::DriftContext};
use crate::components::form::{Checkbox, Form, Input, SelectField, SubmitButton};

/// A setting that can be taken from the trunk: the name for `take`, its label, and whether it is.
type Setting = (&'static str, &'static str, RwSignal<bool>);

/// What is chosen for the adoption.
#[derive(Clone, Copy)]
pub struct AdoptFields {
    trunk_id: StoredValue<String>,
    pub bot_id: Input,
    settings: StoredValue<Vec<Setting>>,
}

impl AdoptFields {
    pub fn new(form: Form, trunk: &UnmanagedView, choice: &AdoptChoice) -> Self {
        let offered: Vec<(&str, &str)> = match trunk.kind {
            ObjectKind::InboundTrunk => vec![
                ("allowed_addresses", "Allowed IPs, in addition to the carrier's"),
                ("krisp_enabled", "Krisp Noise Cancellation"),
            ],
            _ => vec![
                ("sip_address", "SIP Address"),
                ("transport", "Transport"),
                ("destination_country", "Destination Country"),
            ],
        };
        let credentials = trunk.auth_username.is_some().then_some(("credentials", "Username and Password"));
        let has_some = |name: &str| name != "allowed_addresses" || !trunk.allowed_addresses.is_empty();
        let settings = offered.into_iter().filter(|(name, _)| has_some(name)).chain(credentials);
        let setting = |(name, label)| (name, label, RwSignal::new(choice.take.iter().any(|taken| taken == name)));
        Self {
            trunk_id: StoredValue::new(trunk.id.clone()),
            bot_id: form.choice("bot_id", choice.bot_id.clone()),
            settings: StoredValue::new(settings.map(setting).collect()),
        }
    }

    /// Tracks.
    pub fn choice(self) -> AdoptChoice {
        let taken = |(name, _, taken): &Setting| taken.get().then(|| (*name).to_owned());
        AdoptChoice::new(
            self.trunk_id.get_value(),
            self.bot_id.value.get(),
            self.settings.with_value(|settings| settings.iter().filter_map(taken).collect()),
            true,
        )
    }
}

/// The choice. It is a form of its own that loads the dry run, so that this always belongs to the choice that is shown.
#[component]
pub fn ChoiceForm(
    context: DriftContext,
    trunk: UnmanagedView,
    fields: AdoptFields,
    bots: Vec<(BotId, String)>,
    /// The dry run is loading.
    pending: RwSignal<bool>,
    /// Called before the dry run is loaded.
    #[prop(into)]
    submitted: Callback<()>,
) -> impl IntoView {
    let navigate = use_navigate();
    let page = context.href(&[]);
    let target = page.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        submitted.run(());
        let choice = untrack(|| fields.choice());
        if context.action.get_untracked().adoption() == Some(choice.clone()) {
            context.adoptions.preview.refetch();
        } else {
            let address = target.clone() + &choice.query();
            navigate(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        }
    };
    let answers = (trunk.kind == ObjectKind::InboundTrunk).then(|| {
        let none = (String::new(), "Choose a bot".to_owned());
        let bots = bots.into_iter().map(|(id, name)| (id.to_string(), name));
        let options = std::iter::once(none).chain(bots).collect();
        view! { <SelectField input=fields.bot_id label="Bot That Answers Its Numbers" options/> }
    });
    let settings = fields.settings.with_value(|settings| {
        let checkbox = |(name, label, checked): &Setting| {
            view! { <Checkbox name="take" value=*name checked=*checked label=*label/> }
        };
        settings.iter().map(checkbox).collect_view()
    });
    view! {
        <form method="get" action=page class="grid gap-3" on:submit=submit>
            <input type="hidden" name="adopt" value=trunk.id/>
            <input type="hidden" name="preview" value="1"/>
            {answers}
            <fieldset class="grid gap-1">
                <legend class="label">"Settings to take from the trunk. For the others, the carrier's are used."</legend>
                {settings}
            </fieldset>
            <div>
                <SubmitButton label="Preview Adoption" busy_label="Loading Preview…" busy=pending class="btn"/>
            </div>
        </form>
    }
    .into_any()
}
