//! A configuration in plain lists, for tests.

use serde_json::{Value, json};
use ulid::Ulid;

use crate::{
    BotId, CallLimitId, CarrierId, Country, DeviceId, DidId, EdgeUserId, ExtensionId, IpRange, OutboundRouteId,
    RingGroupId, ScheduleId, SipAddress, SourcePolicy, Timestamp, Transport,
    edge::{
        DeviceSettings, DidTargetSettings, EdgeInput, EdgeNoun, EdgeSettings, EdgeUserSettings, ExtensionSettings,
        LimitSettings, RingGroupSettings, ScheduleSettings, Status,
        route::{
            CarrierEntry, Decision, DeviceEntry, DidEntry, Directory, LimitEntry, OutboundRoute, RouteRequest, Step,
            UserEntry, UserOptions, decide,
        },
    },
};

pub struct PlainCarrier {
    pub id: CarrierId,
    pub name: String,
    pub address: SipAddress,
    pub channels: u32,
    pub source_policy: SourcePolicy,
    pub allowed: Vec<IpRange>,
}

pub struct PlainDid {
    pub id: DidId,
    pub number: String,
    pub carrier: CarrierId,
    pub bot: Option<BotId>,
    pub target: Option<DidTargetSettings>,
}

#[derive(Default)]
pub struct Plain {
    count: u128,
    pub settings: EdgeSettings,
    pub users: Vec<(EdgeUserId, EdgeUserSettings, Option<UserOptions>)>,
    pub devices: Vec<(DeviceId, DeviceSettings)>,
    pub extensions: Vec<(ExtensionId, ExtensionSettings)>,
    pub groups: Vec<(RingGroupId, RingGroupSettings)>,
    pub schedules: Vec<(ScheduleId, ScheduleSettings)>,
    pub dids: Vec<PlainDid>,
    pub carriers: Vec<PlainCarrier>,
    pub routes: Vec<(String, Vec<OutboundRoute>)>,
    pub emergency: Vec<CarrierId>,
    pub limits: Vec<LimitEntry>,
}

/// Settings as the API gets them.
pub fn settings<S: EdgeNoun>(value: Value) -> S {
    let input: S::Input = serde_json::from_value(value).unwrap();
    input.parse(None).unwrap()
}

impl Plain {
    pub fn ulid(&mut self) -> Ulid {
        self.count += 1;
        self.count.into()
    }

    pub fn carrier(&mut self, name: &str) -> CarrierId {
        let id = CarrierId::new(self.ulid());
        self.carriers.push(PlainCarrier {
            id: id.clone(),
            name: name.to_owned(),
            address: format!("{name}.example").parse().unwrap(),
            channels: 10,
            source_policy: SourcePolicy::Any,
            allowed: Vec::new(),
        });
        id
    }

    pub fn route(&mut self, prefix: &str, priority: u32, carriers: &[&CarrierId], more: Value) -> OutboundRouteId {
        let id = OutboundRouteId::new(self.ulid());
        let mut value = json!({ "name": prefix, "prefix": prefix, "priority": priority, "carrier_ids": carriers });
        value.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let route = OutboundRoute { id: id.clone(), settings: settings(value) };
        let key = route.settings.prefix.as_str().to_owned();
        match self.routes.iter_mut().find(|(prefix, _)| *prefix == key) {
            Some((_, routes)) => routes.push(route),
            None => self.routes.push((key, vec![route])),
        }
        for (_, routes) in &mut self.routes {
            routes.sort_by_key(|route| route.settings.priority);
        }
        self.emergency.extend(carriers.iter().map(|id| (*id).clone()));
        id
    }

    pub fn user(&mut self, username: &str, more: Value) -> EdgeUserId {
        let id = EdgeUserId::new(self.ulid());
        let mut value = json!({ "username": username });
        value.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let settings: EdgeUserSettings = settings(value);
        let options = UserOptions::of(&settings);
        self.users.push((id.clone(), settings, options));
        id
    }

    pub fn device(&mut self, user: &EdgeUserId, name: &str, more: Value) -> DeviceId {
        let id = DeviceId::new(self.ulid());
        let mut value = json!({ "user_id": user, "auth_username": name, "realm": "acme.example" });
        value.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.devices.push((id.clone(), settings(value)));
        id
    }

    /// A user with one device.
    pub fn phone(&mut self, username: &str, more: Value) -> EdgeUserId {
        let user = self.user(username, more);
        self.device(&user, &format!("{username}-desk"), json!({}));
        user
    }

    pub fn extension(&mut self, digits: &str, target: Value) {
        let id = ExtensionId::new(self.ulid());
        self.extensions.push((id, settings(json!({ "digits": digits, "target": target }))));
    }

    pub fn did(&mut self, number: &str, carrier: &CarrierId, target: Option<Value>) -> DidId {
        let id = DidId::new(self.ulid());
        let target = target.map(|mut target| {
            target["did_id"] = json!(id);
            settings(target)
        });
        let (number, carrier) = (number.to_owned(), carrier.clone());
        self.dids.push(PlainDid { id: id.clone(), number, carrier, bot: None, target });
        id
    }

    pub fn limit(&mut self, value: Value) {
        let settings: LimitSettings = settings(value);
        let scope = settings.scope().unwrap();
        let id = CallLimitId::new(self.ulid());
        self.limits.push(LimitEntry { id, settings, scope });
    }

    pub fn country(&mut self, country: &str) {
        self.settings.country = Some(country.parse::<Country>().unwrap());
    }

    /// A call at noon on Friday, 2026-11-27.
    pub fn call(&self, caller: Option<&EdgeUserId>, to: &str) -> Decision {
        self.call_at(caller, to, "2026-11-27T12:00:00Z")
    }

    pub fn call_at(&self, caller: Option<&EdgeUserId>, to: &str, now: &str) -> Decision {
        self.decide(&RouteRequest { now: Timestamp::parse(now).unwrap(), ..request(caller, to) })
    }

    pub fn decide(&self, request: &RouteRequest<'_>) -> Decision {
        decide(self, request)
    }
}

pub fn request<'a>(caller: Option<&EdgeUserId>, to: &'a str) -> RouteRequest<'a> {
    RouteRequest {
        from: "+14155550100",
        to,
        caller: caller.cloned(),
        source: None,
        now: Timestamp::parse("2026-11-27T12:00:00Z").unwrap(),
        sequence: 0,
        busy: &[],
    }
}

/// The carriers' addresses with the number that each gets; the code of a rejected call.
pub fn outcome(step: &Step) -> String {
    match step {
        Step::Media { kind, id } => format!("{kind} {id}"),
        Step::Ring(ring) => {
            let aors: Vec<&str> = ring.legs.iter().map(|leg| leg.aor.as_str()).collect();
            format!("ring {}", aors.join(" "))
        }
        Step::Bot { number, .. } => format!("bot {number}"),
        Step::Carriers(call) => {
            let legs: Vec<String> = call.legs.iter().map(|leg| format!("{}@{}", leg.number, leg.address)).collect();
            legs.join(" ")
        }
        Step::Reject(reject) => reject.code.to_string(),
    }
}

impl Directory for Plain {
    fn settings(&self) -> &EdgeSettings {
        &self.settings
    }

    fn did(&self, number: &str) -> Option<DidEntry<'_>> {
        let digits = |text: &str| text.trim_start_matches('+').trim_start_matches("00").to_owned();
        self.dids.iter().find(|did| digits(&did.number) == digits(number)).map(|did| DidEntry {
            id: did.id.clone(),
            number: did.number.clone(),
            carrier_id: did.carrier.clone(),
            is_inbound: true,
            bot_id: did.bot.clone(),
            target: did.target.as_ref(),
        })
    }

    fn bot_number(&self, bot: &BotId) -> Option<String> {
        self.dids.iter().find(|did| did.bot.as_ref() == Some(bot)).map(|did| did.number.clone())
    }

    fn extension(&self, digits: &str) -> Option<&ExtensionSettings> {
        self.extensions.iter().map(|(_, settings)| settings).find(|settings| settings.digits.as_str() == digits)
    }

    fn extension_by_id(&self, id: &ExtensionId) -> Option<&ExtensionSettings> {
        self.extensions.iter().find(|(known, _)| known == id).map(|(_, settings)| settings)
    }

    fn user(&self, id: &EdgeUserId) -> Option<UserEntry<'_>> {
        self.users.iter().find(|(known, ..)| known == id).map(|(id, settings, options)| UserEntry {
            id: id.clone(),
            username: settings.username.as_str(),
            display_name: settings.display_name.as_ref().map(|name| name.as_str()),
            is_active: settings.status == Status::Active,
            ring_strategy: settings.ring_strategy,
            ring_timeout_sec: settings.ring_timeout_sec.get(),
            max_simultaneous: settings.max_simultaneous.map(|max| max.get()),
            options: options.as_ref(),
        })
    }

    fn user_by_name(&self, username: &str) -> Option<UserEntry<'_>> {
        let id = self.users.iter().find(|(_, settings, _)| settings.username.as_str() == username)?.0.clone();
        self.user(&id)
    }

    fn device(&self, id: &DeviceId) -> Option<DeviceEntry<'_>> {
        self.devices.iter().find(|(known, _)| known == id).map(|(id, settings)| DeviceEntry::of(id, settings))
    }

    fn device_by_credentials(&self, auth_username: &str, realm: &str) -> Option<DeviceEntry<'_>> {
        let entries = self.devices.iter().map(|(id, settings)| DeviceEntry::of(id, settings));
        entries.into_iter().find(|device| device.auth_username == auth_username && device.realm == realm)
    }

    fn devices_of(&self, user: &EdgeUserId) -> Vec<DeviceEntry<'_>> {
        let entries = self.devices.iter().map(|(id, settings)| DeviceEntry::of(id, settings));
        entries.filter(|device| device.user_id == *user).collect()
    }

    fn ring_group(&self, id: &RingGroupId) -> Option<&RingGroupSettings> {
        self.groups.iter().find(|(known, _)| known == id).map(|(_, settings)| settings)
    }

    fn schedule(&self, id: &ScheduleId) -> Option<&ScheduleSettings> {
        self.schedules.iter().find(|(known, _)| known == id).map(|(_, settings)| settings)
    }

    fn outbound_routes(&self, prefix: &str) -> &[OutboundRoute] {
        self.routes.iter().find(|(known, _)| known == prefix).map_or(&[], |(_, routes)| routes)
    }

    fn emergency_carriers(&self) -> &[CarrierId] {
        &self.emergency
    }

    fn carrier(&self, id: &CarrierId) -> Option<CarrierEntry<'_>> {
        self.carriers.iter().find(|carrier| carrier.id == *id).map(|carrier| CarrierEntry {
            name: &carrier.name,
            address: &carrier.address,
            transport: Transport::Auto,
            channels: carrier.channels,
            source_policy: carrier.source_policy,
            allowed: &carrier.allowed,
        })
    }

    fn limits(&self) -> &[LimitEntry] {
        &self.limits
    }

    fn primary_domain(&self) -> Option<&str> {
        Some("acme.example")
    }
}
