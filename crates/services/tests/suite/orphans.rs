//! What carries the owner_tag of carriers that are not there.

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
    /// The id of a carrier that was never known here, and that this world answers for.
    pub fn stranger(&self) -> CarrierId {
        let id = CarrierId::new(self.clock.ulid());
        self.carriers.lock().unwrap().insert(id.clone());
        id
    }

    /// A trunk and a rule with that carrier's owner_tag.
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
        let seen = self.services.drift.orphans(&self.admin).await.unwrap();
        seen.groups.into_iter().find(|group| group.carrier_id == *carrier)
    }
}

async fn orphans_of_an_unknown_carrier_are_shown_and_removed_as_shown(world: &World) {
    let (stranger, other) = (world.stranger(), world.stranger());
    let (trunk, rule) = world.tagged(&stranger, 1).await;
    world.tagged(&other, 2).await;
    let group = world.group(&stranger).await.unwrap();
    assert_eq!((group.origin, group.carrier_name.as_ref()), (OrphanOrigin::Unknown, None));
    let ids: Vec<_> = group.steps.iter().filter_map(|step| step.id.clone()).collect();
    assert_eq!(ids, [rule.clone(), trunk.clone()], "the rule goes first");

    let left = world.services.drift.remove_orphans(&world.admin, &named(&group.fingerprint)).await.unwrap();
    assert!(left.groups.iter().all(|group| group.carrier_id != stranger));
    assert!(left.groups.iter().any(|group| group.carrier_id == other), "nobody asked for those");
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

async fn orphans_that_have_changed_since_the_dry_run_stay(world: &World) {
    let stranger = world.stranger();
    world.tagged(&stranger, 1).await;
    let seen = world.group(&stranger).await.unwrap();
    // Another installation goes on working.
    world.tagged(&stranger, 2).await;
    let refused = world.services.drift.remove_orphans(&world.admin, &named(&seen.fingerprint)).await;
    let Err(Error::Drifted(now)) = refused else { panic!("{refused:?}") };
    let Current::Orphans(now) = *now else { panic!("{now:?}") };
    assert!(now.groups.iter().any(|group| group.carrier_id == stranger));
    assert_eq!(world.observed().await.inbound.len(), 2);
    let now = world.group(&stranger).await.unwrap();
    world.services.drift.remove_orphans(&world.admin, &named(&now.fingerprint)).await.unwrap();
    assert_eq!(world.observed().await, Default::default());
}

async fn what_a_deleted_carrier_left_is_known_by_its_name(world: &World) {
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
    orphans_of_an_unknown_carrier_are_shown_and_removed_as_shown
    orphans_that_have_changed_since_the_dry_run_stay
    what_a_deleted_carrier_left_is_known_by_its_name
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_is_on_its_way_says_so() {
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
async fn a_livekit_that_fails_half_way_leaves_the_rest_to_be_seen() {
    let world = World::new().await;
    let stranger = world.stranger();
    world.tagged(&stranger, 1).await;
    let seen = world.group(&stranger).await.unwrap();
    world.livekit.faults().add(FaultRule::once(Fault::Html502).on("DeleteSIPTrunk"));
    let failed = world.services.drift.remove_orphans(&world.admin, &named(&seen.fingerprint)).await;
    let Err(Error::LiveKit(LiveKitError::RemovalIncomplete { deleted: 1, total: 2, cause })) = &failed else {
        panic!("{failed:?}")
    };
    assert!(matches!(cause, StepError::LiveKit { object: ObjectKind::InboundTrunk, .. }), "{cause:?}");
    assert!(cause.to_string().starts_with("Inbound trunk: "), "{cause}");
    let rest = world.group(&stranger).await.unwrap();
    assert_eq!(rest.steps.len(), 1);
    world.services.drift.remove_orphans(&world.admin, &named(&rest.fingerprint)).await.unwrap();
    assert!(world.group(&stranger).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_whose_lease_is_lost_says_what_was_done() {
    for (method, left) in [("ListSIPInboundTrunk", 2), ("DeleteSIPDispatchRule", 1)] {
        let world = World::new().await;
        let stranger = world.stranger();
        world.tagged(&stranger, 1).await;
        let seen = world.group(&stranger).await.unwrap();
        world.livekit.faults().add(FaultRule::once(Fault::Delay { ms: 600 }).on(method));
        let input = named(&seen.fingerprint);
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
        assert_eq!(world.group(&stranger).await.unwrap().steps.len(), left, "{method}");
    }
}
