//! What operators do, and LiveKit afterwards.

use domain::{
    Secret, SyncStatus,
    livekit::{InboundTrunk, Observed, OutboundTrunk},
};
use serde_json::json;

use crate::{
    livekit_server::{LiveKitServer, on_both},
    observed::ids,
    world::World,
};

/// Inbound trunks, outbound trunks, rules.
fn counts(observed: &Observed) -> (usize, usize, usize) {
    (observed.inbound.len(), observed.outbound.len(), observed.rules.len())
}

async fn carrier_without_dids_has_no_objects(world: &World) {
    world.carrier("Twilio").await;
    assert_eq!(counts(&world.assert_in_sync().await), (0, 0, 0));
}

async fn carrier_is_created_and_removed(world: &World) {
    let (concierge, night) = (world.bot("Concierge").await, world.bot("Night desk").await);
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&concierge)).await;
    world.add_did(&twilio, 2, Some(&concierge)).await;
    world.add_did(&twilio, 3, Some(&night)).await;
    world.add_did(&twilio, 4, None).await;
    assert_eq!(counts(&world.assert_in_sync().await), (2, 1, 2));
    world.delete_carrier(&twilio).await;
    assert_eq!(counts(&world.assert_in_sync().await), (0, 0, 0));
}

async fn edits_are_synced_and_ids_stay(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let before = ids(&world.assert_in_sync().await);
    for change in [
        json!({"name": "Telnyx"}),
        json!({"sip_address": "sip.telnyx.com:5061", "transport": "tls", "destination_country": "US"}),
        json!({"auth_username": "other", "auth_password": "another secret"}),
        json!({"allowed_addresses": ["203.0.113.7", "198.51.100.0/24"]}),
        json!({"inbound_auth": "ip"}),
        json!({"inbound_auth": "credentials", "allowed_addresses": []}),
        json!({"auth_username": null, "accept_any_source": true}),
    ] {
        world.update_carrier(&twilio, change.clone()).await;
        assert_eq!(ids(&world.assert_in_sync().await), before, "{change}");
    }
    world.update_bot(&bot, json!({"name": "Front desk", "agent_name": "front", "metadata": "{\"a\":1}"})).await;
    let observed = world.assert_in_sync().await;
    assert_eq!(ids(&observed), before);
    assert_eq!(observed.rules[0].object.agent_name, "front");
}

async fn header_settings_are_synced(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    let before = ids(&observed);
    assert_eq!(observed.inbound[0].object.headers_to_attributes["X-Call-ID"], "sip.h.x-call-id");
    let headers = json!({"enabled": true, "allowed_headers": ["X-Tier"], "transfer_passthrough_headers": ["X-Tier"]});
    world.update_bot(&bot, json!({ "sip_header_config": headers })).await;
    let observed = world.assert_in_sync().await;
    assert_eq!(observed.inbound[0].object.headers_to_attributes["X-Tier"], "sip.h.x-tier");
    assert_eq!(ids(&observed), before);
}

async fn fleet_bot_has_no_agent_in_livekit(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let before = ids(&world.assert_in_sync().await);
    world.update_bot(&bot, json!({"answered_by": "fleet"})).await;
    let observed = world.assert_in_sync().await;
    assert_eq!((ids(&observed), observed.rules[0].object.agent_name.as_str()), (before.clone(), ""));
    world.update_bot(&bot, json!({"answered_by": "agent"})).await;
    let observed = world.assert_in_sync().await;
    assert_eq!((ids(&observed), observed.rules[0].object.agent_name.as_str()), (before, "concierge"));
}

async fn runtime_configuration_is_no_sync(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    let version = world.get_carrier(&twilio).await.lk_last_synced_at;
    world.update_bot(&bot, json!({"runtime_config": {"system_prompt": "Hello"}})).await;
    let carrier = world.get_carrier(&twilio).await;
    assert_eq!((carrier.lk_sync_status, carrier.lk_last_synced_at), (SyncStatus::Synced, version));
}

async fn new_password_reaches_both_trunks(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.update_carrier(&twilio, json!({"auth_password": "a new secret"})).await;
    let observed = world.assert_in_sync().await;
    assert_eq!(observed.inbound[0].object.auth_password, Secret::new("a new secret"));
    assert_eq!(observed.outbound[0].object.auth_password, Secret::new("a new secret"));
}

async fn changed_dids_keep_the_trunk(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    let first = world.add_did(&twilio, 1, Some(&bot)).await;
    let before = ids(&world.assert_in_sync().await);
    let second = world.add_did(&twilio, 2, Some(&bot)).await;
    assert_eq!(ids(&world.assert_in_sync().await), before);
    world.remove_did(&first).await;
    assert_eq!(ids(&world.assert_in_sync().await), before);
    world.remove_did(&second).await;
    assert_eq!(counts(&world.assert_in_sync().await), (0, 0, 0));
}

async fn did_moves_to_another_carrier(world: &World) {
    let bot = world.bot("Concierge").await;
    let (twilio, telnyx) = (world.carrier("Twilio").await, world.carrier("Telnyx").await);
    world.add_did(&twilio, 1, Some(&bot)).await;
    let moving = world.add_did(&twilio, 2, Some(&bot)).await;
    world.add_did(&telnyx, 3, Some(&bot)).await;
    let before = ids(&world.assert_in_sync().await);
    world.remove_did(&moving).await;
    world.add_did(&telnyx, 2, Some(&bot)).await;
    assert_eq!(ids(&world.assert_in_sync().await), before);
}

async fn bot_is_assigned_and_unassigned(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    let number = world.add_did(&twilio, 1, None).await;
    assert_eq!(counts(&world.assert_in_sync().await), (0, 1, 0));
    world.assign_bot(&number, Some(&bot)).await;
    assert_eq!(counts(&world.assert_in_sync().await), (1, 1, 1));
    world.assign_bot(&number, None).await;
    assert_eq!(counts(&world.assert_in_sync().await), (0, 1, 0));
}

async fn two_bots_swap_their_dids(world: &World) {
    let (concierge, night) = (world.bot("Concierge").await, world.bot("Night desk").await);
    let twilio = world.carrier("Twilio").await;
    let (first, second) =
        (world.add_did(&twilio, 1, Some(&concierge)).await, world.add_did(&twilio, 2, Some(&night)).await);
    assert_eq!(counts(&world.assert_in_sync().await), (2, 1, 2));
    world.assign_bot(&first, Some(&night)).await;
    world.assign_bot(&second, Some(&concierge)).await;
    assert_eq!(counts(&world.assert_in_sync().await), (2, 1, 2));
}

async fn did_moves_between_bots_and_ids_stay(world: &World) {
    let (concierge, night) = (world.bot("Concierge").await, world.bot("Night desk").await);
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&concierge)).await;
    let moving = world.add_did(&twilio, 2, Some(&concierge)).await;
    world.add_did(&twilio, 3, Some(&night)).await;
    let before = ids(&world.assert_in_sync().await);
    for bot in [&night, &concierge] {
        world.assign_bot(&moving, Some(bot)).await;
        assert_eq!(ids(&world.assert_in_sync().await), before);
    }
}

async fn deleted_bot_is_removed_from_every_carrier(world: &World) {
    let (concierge, night) = (world.bot("Concierge").await, world.bot("Night desk").await);
    let (twilio, telnyx) = (world.carrier("Twilio").await, world.carrier("Telnyx").await);
    world.add_did(&twilio, 1, Some(&concierge)).await;
    world.add_did(&telnyx, 2, Some(&concierge)).await;
    world.add_did(&telnyx, 3, Some(&night)).await;
    assert_eq!(counts(&world.assert_in_sync().await), (3, 2, 3));
    world.delete_bot(&concierge).await;
    assert_eq!(counts(&world.assert_in_sync().await), (1, 2, 1));
}

async fn closed_carrier_keeps_its_outbound_trunk(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    world.update_carrier(&twilio, json!({"auth_username": null})).await;
    assert_eq!(counts(&world.assert_in_sync().await), (0, 1, 0));
    world.update_carrier(&twilio, json!({"accept_any_source": true})).await;
    assert_eq!(counts(&world.assert_in_sync().await), (1, 1, 1));
}

async fn concurrent_changes_end_in_sync(world: &World) {
    let bots = [world.bot("Concierge").await, world.bot("Night desk").await];
    for index in 0..6 {
        let carrier = world.carrier(&format!("Carrier {index}")).await;
        for number in 0..4 {
            let did = world.add_did(&carrier, index * 4 + number, Some(&bots[number as usize % 2])).await;
            if number == 3 {
                world.remove_did(&did).await;
            }
        }
        if index == 5 {
            world.delete_carrier(&carrier).await;
        }
    }
    assert_eq!(counts(&world.assert_in_sync().await), (10, 5, 10));
}

async fn synced_carrier_needs_no_write(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let before = world.assert_in_sync().await;
    let synced = world.services.carriers.sync(&world.admin, &twilio.id).await.unwrap();
    assert_eq!(synced.lk_sync_error, None);
    assert_eq!(world.assert_in_sync().await, before);
}

/// The sync of an edit lists the objects of its carrier, however many others the project has.
#[tokio::test(flavor = "multi_thread")]
async fn cost_of_an_edit_does_not_grow_with_the_project() {
    let world = World::new().await;
    let LiveKitServer::Sandbox(sandbox) = &*world.livekit else { panic!("the world has a sandbox") };
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.synced().await;
    let edit = async |name: &str| {
        let before = sandbox.listed_bytes();
        world.update_carrier(&twilio, json!({ "name": name })).await;
        world.synced().await;
        sandbox.listed_bytes() - before
    };
    edit("First name").await;
    let alone = edit("Other name").await;
    assert!(alone > 0);
    let client = world.client();
    for index in 0..300 {
        let name = format!("Other {index}");
        let numbers = vec![format!("+4930{index:07}")];
        let auth_username = "other".to_owned();
        let inbound =
            InboundTrunk { name: name.clone(), numbers: numbers.clone(), auth_username, ..Default::default() };
        client.create_inbound(&inbound).await.unwrap();
        let outbound = OutboundTrunk { name, numbers, address: "sip.example.com".to_owned(), ..Default::default() };
        client.create_outbound(&outbound).await.unwrap();
    }
    assert_eq!(edit("Third name").await, alone);
}

on_both! {
    carrier_without_dids_has_no_objects
    carrier_is_created_and_removed
    edits_are_synced_and_ids_stay
    header_settings_are_synced
    fleet_bot_has_no_agent_in_livekit
    runtime_configuration_is_no_sync
    new_password_reaches_both_trunks
    changed_dids_keep_the_trunk
    did_moves_to_another_carrier
    bot_is_assigned_and_unassigned
    two_bots_swap_their_dids
    did_moves_between_bots_and_ids_stay
    deleted_bot_is_removed_from_every_carrier
    closed_carrier_keeps_its_outbound_trunk
    concurrent_changes_end_in_sync
    synced_carrier_needs_no_write
}
