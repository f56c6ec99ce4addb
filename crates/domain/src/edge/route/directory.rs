//! What routing reads. The edge's index in memory implements it, and a plain list in tests.

use std::net::IpAddr;

use crate::{
    BotId, CallLimitId, CarrierId, DeviceId, DidId, EdgeUserId, ExtensionId, IpRange, OutboundRouteId, RingGroupId,
    ScheduleId, SipAddress, SourcePolicy, Transport, VoicemailId,
    edge::{
        DeviceSettings, DidTargetSettings, EdgeSettings, EdgeUserSettings, ExtensionSettings, LimitScope,
        LimitSettings, OutboundRouteSettings, RingGroupSettings, RingStrategy, ScheduleSettings, Status, Target,
    },
};

/// The account's configuration of the edge. Every method is a search of a hash table, or less.
pub trait Directory {
    /// The settings of the account.
    fn settings(&self) -> &EdgeSettings;
    /// The DID with this number, in any of its spellings.
    fn did(&self, number: &str) -> Option<DidEntry<'_>>;
    /// A number that a bot answers.
    fn bot_number(&self, bot: &BotId) -> Option<String>;
    /// The extension with these digits.
    fn extension(&self, digits: &str) -> Option<&ExtensionSettings>;
    /// The extension with this id.
    fn extension_by_id(&self, id: &ExtensionId) -> Option<&ExtensionSettings>;
    /// The edge user with this id.
    fn user(&self, id: &EdgeUserId) -> Option<UserEntry<'_>>;
    /// The edge user with this name.
    fn user_by_name(&self, username: &str) -> Option<UserEntry<'_>>;
    /// The device with this id.
    fn device(&self, id: &DeviceId) -> Option<DeviceEntry<'_>>;
    /// The device with these credentials.
    fn device_by_credentials(&self, auth_username: &str, realm: &str) -> Option<DeviceEntry<'_>>;
    /// The devices of a user.
    fn devices_of(&self, user: &EdgeUserId) -> Vec<DeviceEntry<'_>>;
    /// The ring group with this id.
    fn ring_group(&self, id: &RingGroupId) -> Option<&RingGroupSettings>;
    /// The schedule with this id.
    fn schedule(&self, id: &ScheduleId) -> Option<&ScheduleSettings>;
    /// The outbound routes with exactly this prefix, by priority.
    fn outbound_routes(&self, prefix: &str) -> &[OutboundRoute];
    /// The carriers of active outbound routes, without duplicates: those of the shortest prefix and the lowest priority first.
    fn emergency_carriers(&self) -> &[CarrierId];
    /// The carrier with this id.
    fn carrier(&self, id: &CarrierId) -> Option<CarrierEntry<'_>>;
    /// The call limits.
    fn limits(&self) -> &[LimitEntry];
    /// The domain of users' addresses where a call names none.
    fn primary_domain(&self) -> Option<&str>;
}

/// A DID.
#[derive(Clone, Debug)]
pub struct DidEntry<'a> {
    /// Its id.
    pub id: DidId,
    /// [`crate::PhoneNumber::canonical`].
    pub number: String,
    /// The carrier that has it.
    pub carrier_id: CarrierId,
    /// Whether it is for inbound calls.
    pub is_inbound: bool,
    /// The bot that answers it.
    pub bot_id: Option<BotId>,
    /// Where the edge sends its calls instead.
    pub target: Option<&'a DidTargetSettings>,
}

/// An edge user.
#[derive(Clone, Debug)]
pub struct UserEntry<'a> {
    /// The id.
    pub id: EdgeUserId,
    /// The name in addresses of record.
    pub username: &'a str,
    /// The name that others see.
    pub display_name: Option<&'a str>,
    /// Whether the user gets and places calls.
    pub is_active: bool,
    /// How the devices ring.
    pub ring_strategy: RingStrategy,
    /// How long they ring, in seconds.
    pub ring_timeout_sec: u32,
    /// Calls at once.
    pub max_simultaneous: Option<u32>,
    /// What most users do not have.
    pub options: Option<&'a UserOptions>,
}

/// What most users do not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserOptions {
    /// The caller ID's number of outbound calls.
    pub cid_number: Option<String>,
    /// The caller ID's name of outbound calls.
    pub cid_name: Option<String>,
    /// The carrier of outbound calls.
    pub trunk_id: Option<CarrierId>,
    /// The voicemail box.
    pub voicemail_id: Option<VoicemailId>,
    /// Do not disturb.
    pub dnd: bool,
    /// Where every call goes.
    pub fwd_always: Option<Target>,
    /// Where a call goes while the user is busy.
    pub fwd_busy: Option<Target>,
    /// Where a call goes that was not answered.
    pub fwd_noanswer: Option<Target>,
}

impl UserOptions {
    /// The options of these settings; None where all are unset.
    pub fn of(settings: &EdgeUserSettings) -> Option<Self> {
        let options = Self {
            cid_number: settings.out_cid_number.as_ref().map(|number| number.as_str().to_owned()),
            cid_name: settings.out_cid_name.as_ref().map(|name| name.as_str().to_owned()),
            trunk_id: settings.trunk_id.clone(),
            voicemail_id: settings.voicemail_id.clone(),
            dnd: settings.dnd,
            fwd_always: settings.fwd_always.clone(),
            fwd_busy: settings.fwd_busy.clone(),
            fwd_noanswer: settings.fwd_noanswer.clone(),
        };
        (options != Self::default()).then_some(options)
    }
}

/// A device.
#[derive(Clone, Debug)]
pub struct DeviceEntry<'a> {
    /// The id.
    pub id: DeviceId,
    /// The user whom it rings for.
    pub user_id: EdgeUserId,
    /// The username of its credentials.
    pub auth_username: &'a str,
    /// The realm of its credentials.
    pub realm: &'a str,
    /// Whether it may register and place calls.
    pub is_active: bool,
    /// Its place among the user's devices.
    pub ring_order: u32,
    /// Whether it rings with [`RingStrategy::Specific`].
    pub ring_on_fork: bool,
}

impl<'a> DeviceEntry<'a> {
    /// The device with these settings.
    pub fn of(id: &DeviceId, settings: &'a DeviceSettings) -> Self {
        Self {
            id: id.clone(),
            user_id: settings.user_id.clone(),
            auth_username: settings.auth_username.as_str(),
            realm: settings.realm.as_str(),
            is_active: settings.status == Status::Active,
            ring_order: settings.ring_order.get(),
            ring_on_fork: settings.ring_on_fork,
        }
    }
}

/// The address of record of a user whose device has this realm (RFC 3261 §10): all of the user's devices of the realm register
/// under it, each with its own contact.
pub fn user_aor(username: &str, realm: &str) -> String {
    format!("{username}@{}", realm.to_ascii_lowercase())
}

/// An outbound route.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboundRoute {
    /// Its id.
    pub id: OutboundRouteId,
    /// Its settings.
    pub settings: OutboundRouteSettings,
}

/// A call limit.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitEntry {
    /// Its id.
    pub id: CallLimitId,
    /// Its settings.
    pub settings: LimitSettings,
    /// [`LimitSettings::scope`].
    pub scope: LimitScope,
}

/// A carrier.
#[derive(Clone, Debug)]
pub struct CarrierEntry<'a> {
    /// Its name on pages.
    pub name: &'a str,
    /// Where outbound calls are sent.
    pub address: &'a SipAddress,
    /// How SIP messages travel there.
    pub transport: Transport,
    /// Simultaneous outbound calls.
    pub channels: u32,
    /// Who may send inbound calls.
    pub source_policy: SourcePolicy,
    /// The sources of inbound calls.
    pub allowed: &'a [IpRange],
}

impl CarrierEntry<'_> {
    /// Whether inbound calls come from this address.
    pub fn allows(&self, source: IpAddr) -> bool {
        self.allowed.iter().any(|range| range.contains(source))
    }
}
