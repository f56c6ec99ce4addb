//! Orphans: their groups and their removal.

use std::time::Duration;

use api_types::view::{OrphanGroup, OrphanOrigin};
use domain::{
    AuditAction, CarrierId,
    livekit::{DispatchRule, InboundTrunk, ObjectKind, OwnerTag},
};
use livekit_sandbox::{Fault, FaultRule};
use services::{Current, Error, LiveKitError, StepError};

use crate::{drift::named, livekit_server::on_both, world::World};

impl World {
    /// The id of a carrier that was never in this database; the world removes its objects.
    pub fn unknown_carrier(&self) -> CarrierId {
        let id = CarrierId::new(self.clock.ulid());
        self.carriers.lock().unwrap().insert(id.clone());
        id
    }

    /// A trunk and a rule with that carrier's owner tag.
    pub async fn tagged(&self, carrier: &CarrierId, number: u32) -> (String, String) {
        let bot = domain::BotId::new(self.clock.ulid());
        let metadata = OwnerTag::new(carrier.clone(), Some(bot)).write();
        let numbers = vec![self.number(number)];
        let trunk =
            InboundTrunk { name: "Left behind".to_owned(), metadata: metadata.clone(), numbers, ..Default::default() };
        let trunk = self.client().create_inbound(&trunk).await.unwrap();
        let trunk_ids = vec![trunk.clone()];
        let rule = DispatchRule { name: "Left behind".to_owned(), metadata, trunk_ids, ..Default::default() };
        (trunk, self.client().create_rule(&rule).await.unwrap())
    }

    async fn group(&self, carrier: &CarrierId) -> Option<OrphanGroup> {
        let report = self.services.drift.orphans(&self.admin).await.unwrap();
        report.groups.into_iter().find(|group| group.carrier_id == *carrier)
    }
}

async fn orphans_of_an_unknown_carrier_are_removed(world: &World) {
    let (unknown_carrier, other) = (world.unknown_carrier(), world.unknown_carrier());
    let (trunk, rule) = world.tagged(&unknown_carrier, 1).await;
    world.tagged(&other, 2).await;
    let group = world.group(&unknown_carrier).await.unwrap();
    assert_eq!((group.origin, group.carrier_name.as_ref()), (OrphanOrigin::Unknown, None));
    let ids: Vec<_> = group.steps.iter().filter_map(|step| step.id.clone()).collect();
    assert_eq!(ids, [rule.clone(), trunk.clone()], "the rule is deleted first");

    let left = world.services.drift.remove_orphans(&world.admin, &named(&group.fingerprint)).await.unwrap();
    assert!(left.groups.iter().all(|group| group.carrier_id != unknown_carrier));
    assert!(left.groups.iter().any(|group| group.carrier_id == other), "the others stay");
    let mut tx = world.services.store().read().await.unwrap();
    for id in [&trunk, &rule] {
        let events = tx.audit_of(&world.admin.account_id, id).await.unwrap();
        assert_eq!(events.iter().map(|event| event.action).collect::<Vec<_>>(), [AuditAction::Deleted], "{id}");
    }
    drop(tx);
    let rest = world.group(&other).await.unwrap();
    world.services.drift.remove_orphans(&world.admin, &named(&rest.fingerprint)).await.unwrap();
    assert_eq!(world.observed().await, Default::default());
}

async fn changed_orphans_are_not_removed(world: &World) {
    let unknown_carrier = world.unknown_carrier();
    world.tagged(&unknown_carrier, 1).await;
    let report = world.group(&unknown_carrier).await.unwrap();
    // Another installation continues.
    world.tagged(&unknown_carrier, 2).await;
    let refused = world.services.drift.remove_orphans(&world.admin, &named(&report.fingerprint)).await;
    let Err(Error::Drifted(now)) = refused else { panic!("{refused:?}") };
    let Current::Orphans(now) = *now else { panic!("{now:?}") };
    assert!(now.groups.iter().any(|group| group.carrier_id == unknown_carrier));
    assert_eq!(world.observed().await.inbound.len(), 2);
    let now = world.group(&unknown_carrier).await.unwrap();
    world.services.drift.remove_orphans(&world.admin, &named(&now.fingerprint)).await.unwrap();
    assert_eq!(world.observed().await, Default::default());
}

async fn orphans_of_a_deleted_carrier_have_its_name(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.delete_carrier(&twilio).await;
    world.assert_in_sync().await;
    // As from a backup of LiveKit's store.
    world.client().create_outbound(&observed.outbound[0].object).await.unwrap();
    let group = world.group(&twilio.id).await.unwrap();
    assert_eq!((group.origin, group.carrier_name.as_deref()), (OrphanOrigin::Deleted, Some("Twilio")));
    world.services.drift.remove_orphans(&world.admin, &named(&group.fingerprint)).await.unwrap();
    assert_eq!(world.observed().await, Default::default());
}

on_both! {
    orphans_of_an_unknown_carrier_are_removed
    changed_orphans_are_not_removed
    orphans_of_a_deleted_carrier_have_its_name
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_removal_is_shown() {
    let world = World::new().await;
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    world.livekit.faults().add(FaultRule::once(Fault::Html502).on("DeleteSIPDispatchRule").sticky());
    world.delete_carrier(&twilio).await;
    world.sync_attempts_done().await;
    assert_eq!(world.group(&twilio.id).await.unwrap().origin, OrphanOrigin::Removing);
    world.livekit.faults().clear();
    world.assert_in_sync().await;
    assert!(world.group(&twilio.id).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn incomplete_removal_shows_what_is_left() {
    let world = World::new().await;
    let unknown_carrier = world.unknown_carrier();
    world.tagged(&unknown_carrier, 1).await;
    let report = world.group(&unknown_carrier).await.unwrap();
    world.livekit.faults().add(FaultRule::once(Fault::Html502).on("DeleteSIPTrunk"));
    let failed = world.services.drift.remove_orphans(&world.admin, &named(&report.fingerprint)).await;
    let Err(Error::LiveKit(LiveKitError::RemovalIncomplete { deleted: 1, total: 2, cause })) = &failed else {
        panic!("{failed:?}")
    };
    assert!(matches!(cause, StepError::LiveKit { object: ObjectKind::InboundTrunk, .. }), "{cause:?}");
    assert!(cause.to_string().starts_with("Inbound trunk: "), "{cause}");
    let rest = world.group(&unknown_carrier).await.unwrap();
    assert_eq!(rest.steps.len(), 1);
    world.services.drift.remove_orphans(&world.admin, &named(&rest.fingerprint)).await.unwrap();
    assert!(world.group(&unknown_carrier).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn removal_without_lease_reports_what_was_deleted() {
    for (method, left) in [("ListSIPInboundTrunk", 2), ("DeleteSIPDispatchRule", 1)] {
        let world = World::new().await;
        let unknown_carrier = world.unknown_carrier();
        world.tagged(&unknown_carrier, 1).await;
        let report = world.group(&unknown_carrier).await.unwrap();
        world.livekit.faults().add(FaultRule::once(Fault::Delay { ms: 600 }).on(method));
        let input = named(&report.fingerprint);
        let (outcome, ()) = tokio::join!(world.services.drift.remove_orphans(&world.admin, &input), async {
            tokio::time::sleep(Duration::from_millis(250)).await;
            world.lose_lease().await;
        });
        match (left, outcome) {
            (2, Err(Error::WriterBusy)) => {}
            (1, Err(Error::LiveKit(error))) => {
                let cause = StepError::LeaseLost;
                let expected = LiveKitError::RemovalIncomplete { deleted: 1, total: 2, cause };
                assert_eq!(error.to_string(), expected.to_string());
            }
            (_, outcome) => panic!("{method}: {outcome:?}"),
        }
        assert_eq!(world.group(&unknown_carrier).await.unwrap().steps.len(), left, "{method}");
    }
}
