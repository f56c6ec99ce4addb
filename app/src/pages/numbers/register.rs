use api_types::{
    Problem,
    input::{NumberRegisterInput, Text},
    view::BotPage,
};
use domain::{
    Action, CarrierProvider, FieldErrors, FieldFault, IntoEnumIterator, Label, PhoneNumber, Secret, SipAddress,
    SipPassword, SipUsername,
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::{
    components::{
        form::{Form, FormPage, FormSection, Input, SelectField, TextField, TextKind, blank_or_parsed, parsed},
        layout::PageHeader,
        ui::{Banner, Skeleton, Tone, use_toasts},
    },
    server_fns::{bot::list_bots, number::register_number, read},
    session::use_session,
    urls,
};

/// The form for a number of a trunk that exists at its provider.
#[component]
pub fn RegisterNumberPage() -> impl IntoView {
    let content = if use_session().may(Action::RegisterNumber) {
        let bots = Resource::new(|| (), |()| read(list_bots()));
        let form = move || {
            Suspend::new(async move {
                view! { <RegisterForm bots=bots.await/> }
            })
        };
        view! { <Transition fallback=|| view! { <div class="card"><Skeleton rows=6/></div> }>{form}</Transition> }
            .into_any()
    } else {
        view! { <Banner tone=Tone::Warn>"You need the Developer role to register a number."</Banner> }.into_any()
    };
    view! {
        <PageHeader title="Register Number" parent=(urls::NUMBERS, "Numbers")/>
        {content}
    }
}

/// Fields of the form.
#[derive(Clone, Copy)]
struct RegisterFields {
    form: Form,
    phone_number: Input,
    label: Input,
    agent_id: Input,
    sip_provider: Input,
    sip_address: Input,
    auth_username: Input,
    auth_password: Input,
    krisp_enabled: Input,
}

impl RegisterFields {
    fn new() -> Self {
        let form = Form::new("register-number");
        Self {
            form,
            phone_number: form.input("phone_number", String::new(), international),
            label: form.input("label", String::new(), blank_or_parsed::<Label>),
            agent_id: form.choice("agent_id", String::new()),
            sip_provider: form.choice("sip_provider", String::new()),
            sip_address: form.input("sip_address", String::new(), parsed::<SipAddress>),
            auth_username: form.input("auth_username", String::new(), blank_or_parsed::<SipUsername>),
            auth_password: form.input("auth_password", String::new(), password),
            krisp_enabled: form.choice("krisp_enabled", String::new()),
        }
    }

    fn input(self) -> NumberRegisterInput {
        let text = |input: Input| Some(Text(input.value.get_untracked()));
        NumberRegisterInput {
            sip_address: text(self.sip_address),
            phone_number: text(self.phone_number),
            sip_provider: text(self.sip_provider),
            auth_username: text(self.auth_username),
            auth_password: Some(Secret::new(self.auth_password.value.get_untracked())),
            krisp_enabled: text(self.krisp_enabled),
            label: text(self.label),
            agent_id: text(self.agent_id),
        }
    }

    fn check(self) -> Result<(), FieldErrors> {
        self.input().parse().map(drop)
    }
}

fn international(text: &str) -> Result<(), FieldFault> {
    let number = PhoneNumber::parse(text, None)?;
    match number.e164() {
        Some(_) => Ok(()),
        None => Err(FieldFault::new("not_e164", "Write the number with plus and country code, such as +442071234567.")),
    }
}

fn password(text: &str) -> Result<(), FieldFault> {
    if text.is_empty() { Ok(()) } else { SipPassword::new(Secret::new(text)).map(drop) }
}

#[component]
fn RegisterForm(bots: Result<BotPage, Problem>) -> impl IntoView {
    let fields = RegisterFields::new();
    let form = fields.form;
    let navigate = use_navigate();
    let toasts = use_toasts();
    let save = move |()| {
        if let Err(errors) = fields.check() {
            form.refuse_fields(&errors);
            return;
        }
        let navigate = navigate.clone();
        form.send(register_number(fields.input()), move |number| {
            toasts.success(format!("Registered {}.", number.phone_number));
            navigate(urls::NUMBERS, Default::default());
        });
    };
    let providers = std::iter::once((String::new(), "By the SIP address".to_owned()))
        .chain(CarrierProvider::iter().map(|provider| (provider.as_str().to_owned(), provider.label().to_owned())))
        .collect();
    let krisp = [("", "As set in LiveKit"), ("true", "On"), ("false", "Off")];
    let krisp = krisp.map(|(value, label)| (value.to_owned(), label.to_owned())).into();
    view! {
        <FormPage
            form
            address=urls::REGISTER_NUMBER
            cancel=urls::NUMBERS
            label="Register Number"
            busy_label="Registering…"
            on_submit=save
        >
            <div class="card px-5">
                <FormSection title="Phone Number" text="A number that you have at a provider already.">
                    <TextField
                        input=fields.phone_number
                        label="Phone Number"
                        kind=TextKind::Tel
                        placeholder="+442071234567"
                        autofocus=true
                    />
                    <TextField input=fields.label label="Label" optional=true placeholder="UK Office Line"/>
                    <SelectField input=fields.agent_id label="Bot" options=bot_options(bots) hint="Answers calls to this number."/>
                </FormSection>
                <FormSection title="SIP Trunk" text="The provider's trunk. Numbers with the same trunk share one carrier.">
                    <SelectField input=fields.sip_provider label="Provider" options=providers/>
                    <TextField
                        input=fields.sip_address
                        label="SIP Address"
                        kind=TextKind::Code
                        placeholder="custom-sip.provider.com"
                    />
                    <TextField input=fields.auth_username label="Username" kind=TextKind::Code optional=true/>
                    <TextField
                        input=fields.auth_password
                        label="Password"
                        kind=TextKind::ForeignPassword
                        optional=true
                        hint="With a custom provider, inbound calls need these credentials as well."
                    />
                    <SelectField
                        input=fields.krisp_enabled
                        label="Krisp Noise Cancellation"
                        options=krisp
                        hint="Available on LiveKit Cloud only"
                    />
                </FormSection>
            </div>
        </FormPage>
    }
    .into_any()
}

/// The bots as options, after "No bot".
pub(super) fn bot_options(bots: Result<BotPage, Problem>) -> Vec<(String, String)> {
    let bots = bots.map(|page| page.items).unwrap_or_default();
    std::iter::once((String::new(), "No bot: calls are rejected".to_owned()))
        .chain(bots.into_iter().map(|bot| (bot.id.to_string(), bot.name)))
        .collect()
}
