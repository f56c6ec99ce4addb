//! The traps of LiveKit's SIP API that concern trunks and rules (docs/livekit.md), as far as a sync can meet them.

use domain::{
    Secret,
    livekit::{InboundTrunk, Listed},
};
use serde_json::json;

use crate::{livekit_server::on_both, observed::ids, world::World};

/// A trunk that Trunkline does not manage.
async fn unmanaged_trunk(world: &World, numbers: Vec<String>) -> Listed<InboundTrunk> {
    let name = "Made by unmanaged".to_owned();
    let trunk = InboundTrunk { name, numbers, krisp_enabled: Some(false), ..InboundTrunk::default() };
    let id = world.client().create_inbound(&trunk).await.unwrap();
    Listed::written(id, trunk)
}

async fn trunk_in_livekit(world: &World, id: &str) -> Option<InboundTrunk> {
    let all = world.client().list_all().await.unwrap().inbound;
    all.into_iter().find(|listed| listed.id == id).map(|listed| listed.object)
}

async fn trap_1_allowlist_is_addresses_and_not_empty(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world
        .carrier_with(
            json!({"name": "Twilio", "inbound_auth": "ip", "allowed_addresses": " 203.0.113.7, 198.51.100.77/24"}),
        )
        .await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    assert_eq!(observed.inbound[0].object.allowed_addresses, ["198.51.100.0/24", "203.0.113.7/32"]);
    let emptied = crate::world::carrier_input(json!({"allowed_addresses": []}));
    assert!(world.services.carriers.update(&world.admin, &twilio.id, &emptied).await.is_err());
    assert_eq!(world.assert_in_sync().await, observed);
}

async fn trap_2_number_of_an_unmanaged_trunk_waits(world: &World) {
    let bot = world.bot("Concierge").await;
    let unmanaged = unmanaged_trunk(world, vec![world.number(1)]).await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let message = world.sync_error(&twilio).await;
    assert!(
        message.contains(&world.number(1)) && message.contains("Made by unmanaged") && message.contains(&unmanaged.id),
        "{message}"
    );
    assert_eq!(trunk_in_livekit(world, &unmanaged.id).await, Some(unmanaged.object));
    world.client().delete_trunk(&unmanaged.id).await.unwrap();
    world.assert_in_sync().await;
}

async fn trap_2_conflict_names_the_other_carrier(world: &World) {
    let bot = world.bot("Concierge").await;
    let american =
        json!({"name": "Twilio", "destination_country": "US", "auth_username": "acme", "auth_password": "x"});
    let (twilio, plivo) = (world.carrier_with(american).await, world.carrier("Plivo").await);
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    // Without a country Trunkline cannot know that this is the same number; LiveKit compares it with Twilio's national form.
    let bare = world.number(1)[2..].to_owned();
    let twin = world.add_did_with(&plivo, json!({"number": bare, "bot_id": bot.id.as_str()})).await.unwrap();
    let message = world.sync_error(&plivo).await;
    assert!(message.contains("Twilio") && message.contains(&bare), "{message}");
    world.remove_did(&twin).await;
    world.assert_in_sync().await;
}

async fn trap_2_conflict_does_not_delay_other_carriers(world: &World) {
    let bot = world.bot("Concierge").await;
    let unmanaged = unmanaged_trunk(world, vec![world.number(1)]).await;
    let (twilio, telnyx) = (world.carrier("Twilio").await, world.carrier("Telnyx").await);
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.add_did(&telnyx, 2, Some(&bot)).await;
    world.sync_error(&twilio).await;
    assert_eq!(world.get_carrier(&telnyx).await.lk_sync_error, None);
    world.client().delete_trunk(&unmanaged.id).await.unwrap();
    world.assert_in_sync().await;
}

/// A removed address must not be able to call while one number is in conflict.
async fn trap_2_conflict_does_not_delay_other_changes(world: &World) {
    let bot = world.bot("Concierge").await;
    let settings = json!({"name": "Twilio", "auth_username": "acme", "auth_password": "x",
                          "allowed_addresses": ["203.0.113.7", "198.51.100.0/24"]});
    let twilio = world.carrier_with(settings).await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let before = world.assert_in_sync().await;
    let unmanaged = unmanaged_trunk(world, vec![world.number(2)]).await;
    world.add_did(&twilio, 2, Some(&bot)).await;
    world
        .update_carrier(
            &twilio,
            json!({"allowed_addresses": ["203.0.113.7"], "auth_password": "new", "sip_address": "new.example.com"}),
        )
        .await;
    let message = world.sync_error(&twilio).await;
    assert!(message.contains(&world.number(2)) && message.contains(&unmanaged.id), "{message}");
    let observed = world.observed().await;
    assert_eq!(ids(&observed), ids(&before));
    let (inbound, outbound) = (&observed.inbound[0].object, &observed.outbound[0].object);
    assert_eq!(inbound.allowed_addresses, ["203.0.113.7/32"]);
    let (one, two) = (world.number(1), world.number(2));
    let spellings = |number: &str| [number.to_owned(), format!("00{}", &number[1..])];
    assert_eq!(inbound.numbers, spellings(&one));
    assert_eq!(inbound.auth_password, Secret::new("new"));
    assert_eq!((outbound.address.as_str(), &outbound.auth_password), ("new.example.com", &Secret::new("new")));
    world.client().delete_trunk(&unmanaged.id).await.unwrap();
    let mut both = [spellings(&one), spellings(&two)].concat();
    both.sort();
    assert_eq!(world.assert_in_sync().await.inbound[0].object.numbers, both);
}

/// The outbound trunk of a new carrier does not wait for its conflicting number, and the row names it.
async fn trap_2_conflict_does_not_delay_outbound_trunk(world: &World) {
    let bot = world.bot("Concierge").await;
    let unmanaged = unmanaged_trunk(world, vec![world.number(1)]).await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.sync_error(&twilio).await;
    let observed = world.observed().await;
    assert_eq!((observed.inbound.len(), observed.rules.len()), (0, 0));
    assert_eq!(world.get_carrier(&twilio).await.lk_outbound_trunk_id.as_ref(), Some(&observed.outbound[0].id));
    world.client().delete_trunk(&unmanaged.id).await.unwrap();
    assert_eq!(world.assert_in_sync().await.outbound, observed.outbound);
}

/// Agents dial by the id that the row names.
async fn trap_7_named_outbound_duplicate_stays(world: &World) {
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    let named = world.assert_in_sync().await.outbound;
    // Whichever ids LiveKit assigns, one of these is likely to come first in its list.
    for _ in 0..4 {
        world.client().create_outbound(&named[0].object).await.unwrap();
    }
    world.services.carriers.sync(&world.admin, &twilio.id).await.unwrap();
    assert_eq!(world.assert_in_sync().await.outbound, named);
}

async fn trap_3_every_spelling_is_on_the_trunk(world: &World) {
    let bot = world.bot("Concierge").await;
    let exotel = world
        .carrier_with(
            json!({"name": "Exotel", "destination_country": "IN", "auth_username": "acme", "auth_password": "x"}),
        )
        .await;
    let national = world.number(1)[2..].to_owned();
    world.add_did_with(&exotel, json!({"number": format!("0{national}"), "bot_id": bot.id.as_str()})).await.unwrap();
    let observed = world.assert_in_sync().await;
    let mut expected = vec![format!("+91{national}"), format!("0091{national}"), format!("0{national}"), national];
    expected.sort();
    assert_eq!(observed.inbound[0].object.numbers, expected);
    assert!(observed.rules[0].object.numbers.is_empty());
}

async fn trap_4_rule_is_deleted_with_its_trunk(world: &World) {
    let bots = [world.bot("Concierge").await, world.bot("Night desk").await];
    let twilio = world.carrier("Twilio").await;
    let dids = [world.add_did(&twilio, 1, Some(&bots[0])).await, world.add_did(&twilio, 2, Some(&bots[1])).await];
    world.assert_in_sync().await;
    world.assign_bot(&dids[0], None).await;
    assert_eq!(world.assert_in_sync().await.rules.len(), 1);
    world.delete_carrier(&twilio).await;
    assert_eq!(ids(&world.assert_in_sync().await), Vec::<String>::new());
}

async fn trap_4_rule_gets_the_recreated_trunk(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    world.client().delete_trunk(&observed.inbound[0].id).await.unwrap();
    world.services.carriers.sync(&world.admin, &twilio.id).await.unwrap();
    let again = world.assert_in_sync().await;
    assert_eq!(again.rules[0].id, observed.rules[0].id);
    assert_eq!(again.rules[0].object.trunk_ids, [again.inbound[0].id.clone()]);
}

/// LiveKit would let this happen, and then fail the calls.
async fn trap_5_edit_puts_no_number_on_two_trunks(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    let first = world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    let unmanaged = unmanaged_trunk(world, vec![world.number(2)]).await;
    world.remove_did(&first).await;
    world.add_did(&twilio, 2, Some(&bot)).await;
    let message = world.sync_error(&twilio).await;
    assert!(message.contains("Made by unmanaged"), "{message}");
    let observed = world.observed().await;
    assert!(observed.inbound.iter().all(|listed| !listed.object.numbers.contains(&world.number(2))));
    world.client().delete_trunk(&unmanaged.id).await.unwrap();
    world.assert_in_sync().await;
}

async fn trap_7_duplicates_and_changes_are_repaired(world: &World) {
    let bot = world.bot("Concierge").await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    let observed = world.assert_in_sync().await;
    let client = world.client();
    client.create_outbound(&observed.outbound[0].object).await.unwrap();
    let mut renamed = observed.inbound[0].clone();
    renamed.object.name = "Changed".to_owned();
    renamed.object.allowed_addresses.clear();
    client.replace_inbound(&renamed.id, &renamed.object).await.unwrap();
    client.delete_rule(&observed.rules[0].id).await.unwrap();
    world.services.carriers.sync(&world.admin, &twilio.id).await.unwrap();
    let again = world.assert_in_sync().await;
    assert_eq!(again.inbound, observed.inbound);
}

async fn trap_7_unmanaged_objects_are_unchanged(world: &World) {
    let bot = world.bot("Concierge").await;
    let unmanaged = unmanaged_trunk(world, vec![world.number(9)]).await;
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, Some(&bot)).await;
    world.assert_in_sync().await;
    world.delete_carrier(&twilio).await;
    world.assert_in_sync().await;
    assert_eq!(trunk_in_livekit(world, &unmanaged.id).await, Some(unmanaged.object));
    world.client().delete_trunk(&unmanaged.id).await.unwrap();
}

async fn trap_8_country_is_synced_and_cleared(world: &World) {
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    for country in [Some("US"), None] {
        world.update_carrier(&twilio, json!({"destination_country": country})).await;
        let observed = world.assert_in_sync().await;
        assert_eq!(observed.outbound[0].object.destination_country.map(domain::Country::as_str), country);
    }
}

async fn trap_9_each_transport_is_synced(world: &World) {
    let twilio = world.carrier("Twilio").await;
    world.add_did(&twilio, 1, None).await;
    for transport in ["tls", "tcp", "udp", "auto"] {
        world.update_carrier(&twilio, json!({"transport": transport})).await;
        assert_eq!(world.assert_in_sync().await.outbound[0].object.transport.as_str(), transport);
    }
}

on_both! {
    trap_1_allowlist_is_addresses_and_not_empty
    trap_2_number_of_an_unmanaged_trunk_waits
    trap_2_conflict_names_the_other_carrier
    trap_2_conflict_does_not_delay_other_carriers
    trap_2_conflict_does_not_delay_other_changes
    trap_2_conflict_does_not_delay_outbound_trunk
    trap_7_named_outbound_duplicate_stays
    trap_3_every_spelling_is_on_the_trunk
    trap_4_rule_is_deleted_with_its_trunk
    trap_4_rule_gets_the_recreated_trunk
    trap_5_edit_puts_no_number_on_two_trunks
    trap_7_duplicates_and_changes_are_repaired
    trap_7_unmanaged_objects_are_unchanged
    trap_8_country_is_synced_and_cleared
    trap_9_each_transport_is_synced
}
