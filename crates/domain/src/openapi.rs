//! OpenAPI schemas of types whose schema cannot be derived (feature `openapi`).

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{
    AccountId, ActorId, AllowEntryId, ApiKeyId, BanId, BotId, CallId, CallLimitId, CarrierId, Country, Cps, DeviceId,
    DidId, DidTargetId, EdgeSettingsId, EdgeUserId, EventId, ExtensionId, FleetServerId, FlowId, IntegrationId,
    NumberPurchaseId, OutboundRouteId, QueueId, RingGroupId, ScheduleId, SessionId, SipDomainId, UserId, VoicemailId,
};

macro_rules! ids {
    ($($name:ident)+) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String);
                let text = text.pattern(Some(format!("^{}[0-7][0-9a-hjkmnp-tv-z]{{25}}$", $name::PREFIX)));
                text.examples([format!("{}01hf7yat000000000000000000", $name::PREFIX)]).into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

ids! { AccountId ApiKeyId BotId CallId CarrierId DidId EventId IntegrationId SessionId UserId FleetServerId NumberPurchaseId }
ids! {
    SipDomainId EdgeUserId DeviceId ExtensionId DidTargetId RingGroupId ScheduleId OutboundRouteId CallLimitId AllowEntryId
    EdgeSettingsId BanId FlowId QueueId VoicemailId
}

impl PartialSchema for ActorId {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let text = text.pattern(Some("^(usr|key)_[0-7][0-9a-hjkmnp-tv-z]{25}$"));
        text.examples(["usr_01hf7yat000000000000000000"]).into()
    }
}

impl ToSchema for ActorId {}

impl PartialSchema for Country {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[A-Z]{2}$")).examples(["IN"]).into()
    }
}

impl ToSchema for Country {}

impl PartialSchema for Cps {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Number);
        number.minimum(Some(Self::MIN)).maximum(Some(Self::MAX)).into()
    }
}

impl ToSchema for Cps {}
