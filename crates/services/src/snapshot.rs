//! Rows as the audit keeps them: what people decided, without secrets. The field names are stored, and read by the audit page
//! (`domain::audit_changes`): a field that is renamed here is a new one there.

use api_types::view::{
    ApiKeyView, BotView, CarrierView, DidView, ExotelView, NumberIntegrationView, UnmanagedView, UserView,
};
use domain::{
    AnsweredBy, ApiKey, ApiKeyExpiry, ApiKeyId, Bot, BotFilter, BotId, Carrier, CarrierId, CarrierProvider, Country,
    Cps, Did, DidAction, DidBulk, DidId, DidScope, Direction, Exotel, ExotelSubdomain, FleetServer, FleetServerId,
    HeaderValueLength, InboundAuth, MASK, NumberIntegration, NumberProviderKind, NumberProviderSettings,
    NumberPurchase, PurchaseState, Role, Transport, User, UserId, VonageSettings, is_secret_field,
    livekit::ObjectDrift,
};
use serde::Serialize;
use serde_json::Value;

/// In place of a secret that changed: its mask would be the same as before.
pub(crate) const NEW_SECRET: &str = "******** (new)";

#[derive(Serialize)]
pub(crate) struct AccountSnapshot {
    pub name: &'static str,
}

#[derive(Serialize)]
pub(crate) struct ApiKeySnapshot {
    id: ApiKeyId,
    name: String,
    prefix: String,
    role: Role,
    is_active: bool,
    expires_at: Option<ApiKeyExpiry>,
    allowed_addresses: Vec<String>,
}

impl ApiKeySnapshot {
    pub fn new(key: &ApiKey) -> Self {
        let view = ApiKeyView::from(key);
        Self {
            id: view.id,
            name: view.name,
            prefix: view.prefix,
            role: view.role,
            is_active: view.is_active,
            expires_at: view.expires_at,
            allowed_addresses: view.allowed_addresses,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct CarrierSnapshot {
    id: CarrierId,
    name: String,
    provider: CarrierProvider,
    sip_address: String,
    transport: Transport,
    destination_country: Option<Country>,
    auth_username: Option<String>,
    auth_password: Option<String>,
    allowed_addresses: Vec<String>,
    inbound_auth: InboundAuth,
    accept_any_source: bool,
    outbound_cps: Cps,
    outbound_burst: u32,
    outbound_channels: u32,
    krisp_enabled: Option<bool>,
    /// The numbers that were deleted together with the carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    dids: Option<Vec<String>>,
}

impl CarrierSnapshot {
    pub fn new(carrier: &Carrier) -> Self {
        let view = CarrierView::new(carrier, &[], 0);
        Self {
            id: view.id,
            name: view.name,
            provider: view.provider,
            sip_address: view.sip_address,
            transport: view.transport,
            destination_country: view.destination_country,
            auth_username: view.auth_username,
            auth_password: view.auth_password,
            allowed_addresses: view.allowed_addresses,
            inbound_auth: view.inbound_auth,
            accept_any_source: view.accept_any_source,
            outbound_cps: view.outbound_cps,
            outbound_burst: view.outbound_burst,
            outbound_channels: view.outbound_channels,
            krisp_enabled: view.krisp_enabled,
            dids: None,
        }
    }

    /// A carrier that was changed, and whether its password was.
    pub fn updated(before: &Carrier, after: &Carrier) -> Self {
        let password = |carrier: &Carrier| carrier.settings.credentials.as_ref().map(|known| known.password.clone());
        let mut snapshot = Self::new(after);
        if password(after).is_some() && password(before) != password(after) {
            snapshot.auth_password = Some(NEW_SECRET.to_owned());
        }
        snapshot
    }

    /// A carrier that is deleted with its numbers.
    pub fn deleted(carrier: &Carrier, dids: &[Did]) -> Self {
        Self { dids: Some(dids.iter().map(|did| did.number.number().to_owned()).collect()), ..Self::new(carrier) }
    }
}

#[derive(Serialize)]
pub(crate) struct FleetServerSnapshot {
    id: FleetServerId,
    url: String,
    name: Option<String>,
    enabled: bool,
}

impl FleetServerSnapshot {
    pub fn new(server: &FleetServer) -> Self {
        let settings = &server.settings;
        Self {
            id: server.id.clone(),
            url: settings.url.to_string(),
            name: settings.name.as_ref().map(ToString::to_string),
            enabled: settings.enabled,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct DidSnapshot {
    id: DidId,
    carrier_id: CarrierId,
    number: String,
    e164: Option<String>,
    label: Option<String>,
    direction: Direction,
    bot_id: Option<BotId>,
    version: i64,
}

impl DidSnapshot {
    pub fn new(did: &Did) -> Self {
        let DidView { id, carrier_id, number, e164, formatted: _, label, direction, bot_id, version } =
            DidView::from(did);
        Self { id, carrier_id, number, e164, label, direction, bot_id, version }
    }
}

/// A purchase of a number.
#[derive(Serialize)]
pub(crate) struct PurchaseSnapshot {
    number: String,
    provider: NumberProviderKind,
    country: Country,
    label: Option<String>,
    bot_id: Option<BotId>,
    state: PurchaseState,
    error: Option<String>,
    carrier_id: Option<CarrierId>,
}

impl PurchaseSnapshot {
    pub fn new(purchase: &NumberPurchase) -> Self {
        Self {
            number: purchase.number.canonical().to_owned(),
            provider: purchase.provider,
            country: purchase.country,
            label: purchase.label.as_ref().map(ToString::to_string),
            bot_id: purchase.bot_id.clone(),
            state: purchase.state,
            error: purchase.fault.as_ref().map(|fault| fault.message.clone()),
            carrier_id: purchase.carrier_id.clone(),
        }
    }
}

/// A bulk change of a carrier's DIDs.
#[derive(Serialize)]
pub(crate) struct DidBulkSnapshot {
    bulk_action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<Direction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot_id: Option<BotId>,
    scope: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_direction: Option<&'static str>,
    /// A bot's id, or `No bot`.
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_bot: Option<String>,
    changed_numbers: i64,
    /// The first of them.
    numbers: Vec<String>,
}

impl DidBulkSnapshot {
    pub fn new(bulk: &DidBulk, changed_numbers: i64, numbers: Vec<String>) -> Self {
        let (direction, bot_id) = match &bulk.action {
            DidAction::AssignBot(bot_id) => (None, bot_id.clone()),
            DidAction::SetDirection(direction) => (Some(*direction), None),
            DidAction::Remove => (None, None),
        };
        let filter = match &bulk.scope {
            DidScope::Ids(_) => None,
            DidScope::Matching { filter, .. } => Some(filter),
        };
        Self {
            bulk_action: bulk.action.label(),
            direction,
            bot_id,
            scope: match filter {
                None => "Selected numbers",
                Some(filter) if filter.matches_all() => "All numbers",
                Some(_) => "All numbers that match",
            },
            search: filter.map(|filter| filter.q.clone()).filter(|q| !q.is_empty()),
            filter_direction: filter.and_then(|filter| filter.direction).map(Direction::label),
            filter_bot: filter.and_then(|filter| filter.bot.as_ref()).map(|bot| match bot {
                BotFilter::Bot(id) => id.to_string(),
                BotFilter::NoBot => "No bot".to_owned(),
            }),
            changed_numbers,
            numbers,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct BotSnapshot {
    name: String,
    answered_by: AnsweredBy,
    agent_name: Option<String>,
    metadata: String,
    sip_headers: bool,
    allowed_headers: Vec<String>,
    transfer_passthrough_headers: Vec<String>,
    max_value_length: HeaderValueLength,
    /// Left out of a change that does not concern it, since it may be long.
    #[serde(skip_serializing_if = "Option::is_none")]
    runtime_config: Option<Value>,
}

impl BotSnapshot {
    pub fn new(bot: &Bot) -> Self {
        let BotView { name, answered_by, agent_name, metadata, sip_header_config, runtime_config, .. } =
            BotView::new(bot, 0);
        Self {
            name,
            answered_by,
            agent_name,
            metadata,
            sip_headers: sip_header_config.enabled,
            allowed_headers: sip_header_config.allowed_headers.texts(),
            transfer_passthrough_headers: sip_header_config.transfer_passthrough_headers.texts(),
            max_value_length: sip_header_config.max_value_length,
            runtime_config: runtime_config
                .filter(|config| !config.is_empty())
                .map(|config| masked(Value::Object(config))),
        }
    }

    /// The bot before and after a change.
    pub fn change(before: &Bot, after: &Bot) -> (Option<Self>, Option<Self>) {
        let is_same = before.settings.runtime_config == after.settings.runtime_config;
        let snapshot = |bot| {
            let snapshot = Self::new(bot);
            let runtime_config = snapshot.runtime_config.filter(|_| !is_same);
            Self { runtime_config, ..snapshot }
        };
        (Some(snapshot(before)), Some(snapshot(after)))
    }
}

/// The value with masks in place of what has the name of a secret, such as a tool's token.
fn masked(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let entry = |(key, value): (String, Value)| {
                let value = if is_secret_field(&key) && !value.is_null() { MASK.into() } else { masked(value) };
                (key, value)
            };
            Value::Object(object.into_iter().map(entry).collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(masked).collect()),
        other => other,
    }
}

#[derive(Serialize)]
pub(crate) struct UserSnapshot {
    id: UserId,
    email: String,
    role: Role,
    is_active: bool,
}

impl UserSnapshot {
    pub fn new(user: &User) -> Self {
        let UserView { id, email, role } = crate::user::view(user);
        Self { id, email, role, is_active: user.is_active }
    }
}

#[derive(Serialize)]
pub(crate) struct ExotelSnapshot {
    provider: &'static str,
    account_sid: Option<String>,
    subdomain: Option<ExotelSubdomain>,
    api_key: Option<String>,
    api_token: Option<String>,
}

impl ExotelSnapshot {
    pub fn new(exotel: &Exotel) -> Self {
        let ExotelView { summary, api_key, api_token, .. } = ExotelView::new(exotel, 0);
        Self {
            provider: Exotel::PROVIDER,
            account_sid: summary.account_sid,
            subdomain: summary.subdomain,
            api_key,
            api_token,
        }
    }

    /// Credentials that were changed, and which of the secrets were.
    pub fn updated(before: &Exotel, after: &Exotel) -> Self {
        let mut snapshot = Self::new(after);
        if before.settings.api_key != after.settings.api_key {
            snapshot.api_key = Some(NEW_SECRET.to_owned());
        }
        if before.settings.api_token != after.settings.api_token {
            snapshot.api_token = Some(NEW_SECRET.to_owned());
        }
        snapshot
    }
}

#[derive(Serialize)]
pub(crate) struct NumberIntegrationSnapshot {
    provider: NumberProviderKind,
    account: Option<String>,
    key_sid: Option<String>,
    secret: Option<String>,
    sip_domain: Option<String>,
    sip_username: Option<String>,
    sip_password: Option<String>,
}

impl NumberIntegrationSnapshot {
    pub fn new(integration: &NumberIntegration) -> Self {
        let view = NumberIntegrationView::from(integration);
        Self {
            provider: view.provider,
            account: view.account,
            key_sid: view.key_sid,
            secret: view.secret,
            sip_domain: view.sip_domain,
            sip_username: view.sip_username,
            sip_password: view.sip_password,
        }
    }

    /// Credentials that were changed, and which of the secrets were.
    pub fn updated(before: &NumberIntegration, after: &NumberIntegration) -> Self {
        let mut snapshot = Self::new(after);
        let is_new = |differs: bool| differs.then(|| NEW_SECRET.to_owned());
        match (&before.settings, &after.settings) {
            (NumberProviderSettings::Twilio(before), NumberProviderSettings::Twilio(after)) => {
                snapshot.secret = is_new(before.secret != after.secret).or(snapshot.secret);
            }
            (NumberProviderSettings::Vonage(before), NumberProviderSettings::Vonage(after)) => {
                snapshot.secret = is_new(before.api_secret != after.api_secret).or(snapshot.secret);
                let password = |settings: &VonageSettings| settings.sip_credentials.clone().map(|sip| sip.password);
                let has_new_password = after.sip_credentials.is_some() && password(before) != password(after);
                snapshot.sip_password = is_new(has_new_password).or(snapshot.sip_password);
            }
            _ => {}
        }
        snapshot
    }
}

/// The steps of a plan that an operator applied.
#[derive(Serialize)]
pub(crate) struct StepsSnapshot<'a> {
    pub livekit: Vec<&'a str>,
}

/// An object that had the owner tag of a carrier that does not exist.
#[derive(Serialize)]
pub(crate) struct OrphanSnapshot<'a> {
    pub carrier_id: &'a CarrierId,
    pub object: &'a ObjectDrift,
}

/// A trunk before its adoption, and after it.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum AdoptionSnapshot<'a> {
    Unmanaged(&'a UnmanagedView),
    Adopted { carrier_id: &'a CarrierId, bot_id: Option<&'a BotId>, rule_id: Option<&'a str> },
}
