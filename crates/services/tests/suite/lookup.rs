//! Lookups from memory, against services on the same database that have no index, so that the database answers theirs.

use std::time::{Duration, Instant};

use api_types::{
    input::DidBulkInput,
    view::{BotView, CarrierView, DidLookup, DidView, OutboundTrunkLookup},
};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::json;
use services::{Error, LookupError, Services};
use sqlx::{Connection, Executor, PgConnection};
use tokio_util::sync::CancellationToken;

use crate::{
    livekit_server::LiveKitServer,
    postgres::PostgresDatabase,
    world::{World, did_input},
};

/// How soon another server's change is in the index.
const VISIBLE_WITHIN: Duration = Duration::from_millis(100);

/// The workers of a server whose lookups are answered from memory.
struct Serving(CancellationToken);

impl Serving {
    async fn start(services: &Services) -> Self {
        let stop = CancellationToken::new();
        services.build_index().await.unwrap();
        tokio::spawn(services.event_feed().run(stop.clone()));
        tokio::spawn(services.index_worker().run(stop.clone()));
        until_in_memory(services).await;
        Self(stop)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

async fn until_in_memory(services: &Services) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !services.lookups.is_in_memory() {
        assert!(Instant::now() < deadline, "the index is not in use");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// What is comparable of an answer.
fn outcome<T>(answer: Result<T, Error>) -> Result<T, LookupError> {
    answer.map_err(|error| match error {
        Error::Lookup(error) => error,
        other => panic!("{other:?}"),
    })
}

async fn did(services: &Services, number: &str) -> Result<DidLookup, LookupError> {
    outcome(services.lookups.did(number).await)
}

async fn trunk(services: &Services, from: Option<&str>) -> Result<OutboundTrunkLookup, LookupError> {
    outcome(services.lookups.outbound_trunk(from).await)
}

fn answer(did: &DidView, bot: &BotView) -> DidLookup {
    DidLookup { bot_id: bot.id.clone(), carrier_id: did.carrier_id.clone(), did_id: did.id.clone() }
}

/// A carrier with the outbound trunk that its number for outbound calls requires.
async fn calling_carrier(world: &World, name: &str, number: u32) -> (CarrierView, DidView) {
    let carrier = world.carrier(name).await;
    let did = world.add_did(&carrier, number, None).await;
    world.synced().await;
    (carrier, did)
}

#[tokio::test(flavor = "multi_thread")]
async fn committed_change_is_in_the_next_lookup() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let _serving = Serving::start(&world.services).await;
    let (first, second) = (world.bot("First").await, world.bot("Second").await);
    let carrier = world.carrier("Twilio").await;
    let number = world.number(1);
    assert_eq!(did(&world.services, &number).await, Err(LookupError::UnknownNumber));
    let added = world.add_did(&carrier, 1, Some(&first)).await;
    assert_eq!(did(&world.services, &number).await, Ok(answer(&added, &first)));
    world.assign_bot(&added, Some(&second)).await;
    assert_eq!(did(&world.services, &number).await, Ok(answer(&added, &second)));
    world.delete_bot(&second).await;
    assert_eq!(did(&world.services, &number).await, Err(LookupError::NoBot));
    world.remove_did(&added).await;
    assert_eq!(did(&world.services, &number).await, Err(LookupError::UnknownNumber));

    let other = world.carrier("Plivo").await;
    let moved = world.add_did(&other, 1, Some(&first)).await;
    assert_eq!(did(&world.services, &number).await, Ok(answer(&moved, &first)));
    world.delete_carrier(&other).await;
    assert_eq!(did(&world.services, &number).await, Err(LookupError::UnknownNumber));
    assert!(world.services.lookups.is_in_memory(), "the index answered all the time");
}

#[tokio::test(flavor = "multi_thread")]
async fn number_is_found_in_any_spelling() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let bot = world.bot("Concierge").await;
    let carrier = world.carrier_with(json!({"name": "Tata", "destination_country": "IN"})).await;
    let german = world.carrier_with(json!({"name": "Telekom", "destination_country": "DE"})).await;
    let add = async |carrier: &CarrierView, number: &str| {
        world.add_did_with(carrier, json!({"number": number, "bot_id": bot.id.as_str()})).await.unwrap()
    };
    let indian = add(&carrier, "+919812345678").await;
    let berlin = add(&german, "030 23125000").await;
    let short = add(&carrier, "1800").await;
    let by_database = world.second_services().await;
    let _serving = Serving::start(&world.services).await;
    for (expected, spellings) in [
        (
            &indian,
            &[
                "+919812345678",
                "919812345678",
                " 919812345678",
                "+91 98123 45678",
                "(+91) 98123-45678",
                "00919812345678",
                "09812345678",
                "098123 45678",
                "9812345678",
                "tel:+91-98123-45678",
                "  +919812345678  ",
            ][..],
        ),
        (&berlin, &["+493023125000", "493023125000", "030 23125000", "(030) 23125-000", "0049 30 23125000"]),
        (&short, &["1800", " 1800"]),
    ] {
        for spelling in spellings {
            for services in [&world.services, &by_database] {
                assert_eq!(did(services, spelling).await, Ok(answer(expected, &bot)), "{spelling}");
            }
        }
    }
    // Each way in which its carrier may write it, as on its trunks.
    for (did_view, carrier) in [(&indian, &carrier), (&berlin, &german)] {
        let number = domain::PhoneNumber::parse(&did_view.number, carrier.destination_country).unwrap();
        for spelling in number.spellings(carrier.destination_country) {
            assert_eq!(did(&world.services, &spelling).await, Ok(answer(did_view, &bot)), "{spelling}");
        }
    }
    // Only carriers of the country write the national form.
    assert_eq!(did(&world.services, "02312 5000").await, Err(LookupError::UnknownNumber));
}

#[tokio::test(flavor = "multi_thread")]
async fn number_of_two_countries_is_ambiguous() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let _serving = Serving::start(&world.services).await;
    let bot = world.bot("Concierge").await;
    let carrier =
        async |country: &str| world.carrier_with(json!({"name": country, "destination_country": country})).await;
    let (german, austrian) = (carrier("DE").await, carrier("AT").await);
    let add = async |carrier: &CarrierView, number: &str| {
        world.add_did_with(carrier, json!({"number": number, "bot_id": bot.id.as_str()})).await.unwrap()
    };
    let one = add(&german, "+4966212345678").await;
    assert_eq!(did(&world.services, "066212345678").await, Ok(answer(&one, &bot)));
    add(&austrian, "+4366212345678").await;
    assert_eq!(did(&world.services, "066212345678").await, Err(LookupError::AmbiguousNumber));
    assert_eq!(did(&world.services, "+4966212345678").await, Ok(answer(&one, &bot)));
}

#[tokio::test(flavor = "multi_thread")]
async fn direction_decides_which_lookup_matches() {
    let world = World::new().await;
    let _serving = Serving::start(&world.services).await;
    let bot = world.bot("Concierge").await;
    let carrier = world.carrier("Twilio").await;
    for (index, direction) in ["both", "inbound", "outbound"].into_iter().enumerate() {
        let number = world.number(u32::try_from(index).unwrap());
        let bot_id = (direction != "outbound").then(|| bot.id.as_str());
        world
            .add_did_with(&carrier, json!({"number": number, "direction": direction, "bot_id": bot_id}))
            .await
            .unwrap();
    }
    world.synced().await;
    let services = &world.services;
    assert!(did(services, &world.number(0)).await.is_ok() && did(services, &world.number(1)).await.is_ok());
    assert_eq!(did(services, &world.number(2)).await, Err(LookupError::OutboundOnly));
    assert!(trunk(services, Some(&world.number(0))).await.is_ok());
    assert_eq!(trunk(services, Some(&world.number(1))).await, Err(LookupError::InboundOnly));
    let selected: Vec<String> =
        [trunk(services, None).await, trunk(services, None).await].map(|answer| answer.unwrap().number).into();
    assert!(selected.contains(&world.number(0)) && selected.contains(&world.number(2)), "{selected:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn carrier_that_is_not_synced_has_its_own_error() {
    let world = World::new().await;
    let by_database = world.second_services().await;
    let _serving = Serving::start(&world.services).await;
    let all = [&world.services, &by_database];
    for services in all {
        assert_eq!(trunk(services, None).await, Err(LookupError::NoOutboundTrunk));
    }
    let (carrier, added) = calling_carrier(&world, "Twilio", 1).await;
    let synced = world.get_carrier(&carrier).await;
    for services in all {
        let answer = trunk(services, None).await.unwrap();
        assert_eq!(Some(&answer.trunk_id), synced.lk_outbound_trunk_id.as_ref());
        assert_eq!((&answer.number, &answer.from_number), (&world.number(1), &world.number(1)));
        assert_eq!((&answer.carrier_id, &answer.did_id), (&carrier.id, &added.id));
        assert_eq!(trunk(services, Some(&world.punctuated(1))).await, Ok(answer));
    }
    world.livekit.faults().add(livekit_sandbox::FaultRule::once(livekit_sandbox::Fault::Delay { ms: 2_000 }));
    world.update_carrier(&carrier, json!({"name": "Renamed"})).await;
    for services in all {
        assert_eq!(trunk(services, None).await, Err(LookupError::CarrierPending));
        assert_eq!(trunk(services, Some(&world.number(1))).await, Err(LookupError::CarrierPending));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn least_loaded_carrier_is_selected_in_memory_and_by_the_database() {
    let world = World::new().await;
    let by_database = world.second_services().await;
    let _serving = Serving::start(&world.services).await;
    let (first, first_did) = calling_carrier(&world, "First", 1).await;
    let (second, second_did) = calling_carrier(&world, "Second", 2).await;
    for carrier in [&first, &second] {
        world.update_carrier(carrier, json!({"outbound_channels": 1})).await;
    }
    world.synced().await;
    for services in [&world.services, &by_database] {
        let next = async || trunk(services, None).await.map(|answer| answer.carrier_id);
        let in_turn = [next().await.unwrap(), next().await.unwrap(), next().await.unwrap()];
        assert!(in_turn[0] != in_turn[1] && in_turn[0] == in_turn[2], "{in_turn:?}");
        let load = services.lookups.outbound_load();
        load.acquired(&first.id, &first_did.id);
        assert_eq!([next().await, next().await], [Ok(second.id.clone()), Ok(second.id.clone())]);
        load.acquired(&second.id, &second_did.id);
        assert_eq!(next().await, Err(LookupError::ChannelsBusy));
        load.released(&first.id, &first_did.id);
        assert_eq!(next().await, Ok(first.id.clone()));
        load.released(&second.id, &second_did.id);
    }
}

/// A change by way of the use cases, chosen at random.
async fn change(world: &World, random: &mut StdRng, bots: &mut Vec<BotView>, carriers: &mut Vec<CarrierView>) {
    let number = |random: &mut StdRng| {
        let index = random.random_range(0..12);
        if index < 9 { world.number(index) } else { format!("098123456{index:02}") }
    };
    let country = |random: &mut StdRng| ["US", "IN", ""].choose(random).copied().unwrap_or_default();
    let direction = |random: &mut StdRng| ["both", "inbound", "outbound"].choose(random).copied().unwrap_or_default();
    match random.random_range(0..12) {
        0 if carriers.len() < 4 => {
            let settings = json!({"name": "Carrier", "destination_country": country(random)});
            carriers.push(world.carrier_with(settings).await);
        }
        1 if bots.len() < 3 => bots.push(world.bot("Bot").await),
        2 if !carriers.is_empty() && random.random_bool(0.3) => {
            let carrier = carriers.swap_remove(random.random_range(0..carriers.len()));
            world.delete_carrier(&carrier).await;
        }
        3 if !bots.is_empty() => {
            let bot = bots.swap_remove(random.random_range(0..bots.len()));
            world.delete_bot(&bot).await;
        }
        4 if !carriers.is_empty() => {
            let id = &carriers.choose(random).unwrap().id;
            let input = serde_json::from_value(json!({"destination_country": country(random)})).unwrap();
            // Another row may have the number that a number becomes.
            let _ = world.services.carriers.update(&world.admin, id, &input).await;
        }
        5 if !carriers.is_empty() => {
            let carrier = &carriers.choose(random).unwrap().id;
            let action = match random.random_range(0..3) {
                0 => json!({"action": "remove"}),
                1 => json!({"action": "set_direction", "direction": direction(random)}),
                _ => json!({"action": "assign_bot", "bot_id": bots.choose(random).map(|bot| bot.id.as_str())}),
            };
            let total = world.get_carrier(carriers.iter().find(|known| known.id == *carrier).unwrap()).await.dids.len();
            let mut input = action;
            input["scope"] = "all".into();
            input["expected"] = total.into();
            let input: DidBulkInput = serde_json::from_value(input).unwrap();
            let _ = world.services.dids.bulk(&world.admin, carrier, &input).await;
        }
        6 | 7 if !carriers.is_empty() => {
            let carrier = carriers.choose(random).unwrap();
            let dids = world.get_carrier(carrier).await.dids;
            let Some(did) = dids.choose(random) else { return };
            let bot = bots.choose(random).map(|bot| bot.id.as_str());
            let change = did_input(json!({"direction": direction(random), "bot_id": bot}));
            // A number for outbound calls has no bot.
            let _ = world.services.dids.update(&world.admin, &carrier.id, &did.id, &change).await;
        }
        8 if !carriers.is_empty() => {
            let carrier = carriers.choose(random).unwrap();
            if let Some(did) = world.get_carrier(carrier).await.dids.choose(random) {
                world.remove_did(did).await;
            }
        }
        _ if !carriers.is_empty() => {
            let carrier = carriers.choose(random).unwrap();
            let bot = bots.choose(random).map(|bot| bot.id.as_str());
            // Another carrier may have the number.
            let _ = world.add_did_with(carrier, json!({"number": number(random), "bot_id": bot})).await;
        }
        _ => {}
    }
}

/// Numbers of the random changes, in several spellings.
fn spellings(world: &World) -> Vec<String> {
    let mut texts: Vec<String> = (0..9).flat_map(|index| [world.number(index), world.punctuated(index)]).collect();
    texts.extend((0..9).map(|index| world.number(index)[2..].to_owned()));
    texts.extend((9..12).flat_map(|index| [format!("098123456{index:02}"), format!("+9198123456{index:02}")]));
    texts
}

/// The reconciler's commit is in memory a moment after it is in the database: until then a synced carrier counts as pending.
async fn until_synced_in_memory(world: &World, in_memory: &Services, by_database: &Services) {
    let deadline = Instant::now() + Duration::from_secs(5);
    for text in &spellings(world) {
        while trunk(in_memory, Some(text)).await == Err(LookupError::CarrierPending)
            && trunk(by_database, Some(text)).await != Err(LookupError::CarrierPending)
        {
            assert!(Instant::now() < deadline, "from {text}: the carrier is still pending in memory");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Every number in several spellings has the same answer from memory as from the database.
async fn compare(world: &World, in_memory: &Services, by_database: &Services) {
    until_in_memory(in_memory).await;
    for text in &spellings(world) {
        assert_eq!(did(in_memory, text).await, did(by_database, text).await, "{text}");
        assert_eq!(trunk(in_memory, Some(text)).await, trunk(by_database, Some(text)).await, "from {text}");
    }
    match trunk(in_memory, None).await {
        Ok(selected) => assert_eq!(trunk(by_database, Some(&selected.number)).await, Ok(selected)),
        Err(error) => assert_eq!(trunk(by_database, None).await, Err(error)),
    }
}

async fn follow_random_changes(world: &World, other: Option<&Services>, steps: usize) {
    let seed = rand::rng().next_u64();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let by_database = world.second_services().await;
    let _serving = Serving::start(&world.services).await;
    let (mut bots, mut carriers) = (Vec::new(), Vec::new());
    for step in 0..steps {
        change(world, &mut random, &mut bots, &mut carriers).await;
        if step % 5 == 4 {
            world.synced().await;
            until_in_memory(&world.services).await;
            until_synced_in_memory(world, &world.services, &by_database).await;
            compare(world, &world.services, &by_database).await;
            if let Some(other) = other {
                tokio::time::sleep(VISIBLE_WITHIN * 3).await;
                compare(world, other, &by_database).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn index_equals_the_database_under_random_changes() {
    let world = World::new().await;
    follow_random_changes(&world, None, 120).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn indexes_of_two_servers_equal_the_database_under_random_changes() {
    let Some((database, world)) = World::on_postgresql().await else { return };
    let other = world.second_services().await;
    let serving = Serving::start(&other).await;
    follow_random_changes(&world, Some(&other), 60).await;
    drop(serving);
    other.store().close().await;
    database.drop([world]).await;
}

/// Changes of one DID that are committed one right after the other, and whose rows are read in any order.
async fn race(world: &World, servers: [&Services; 2], rounds: usize) {
    let bots = [world.bot("First").await, world.bot("Second").await];
    let carrier = world.carrier("Twilio").await;
    let added = world.add_did(&carrier, 1, None).await;
    let assign = async |services: &Services, bot: &BotView| {
        let change = did_input(json!({"bot_id": bot.id.as_str()}));
        services.dids.update(&world.admin, &added.carrier_id, &added.id, &change).await.unwrap()
    };
    for round in 0..rounds {
        let [one, other] = servers;
        tokio::join!(
            assign(one, &bots[0]),
            assign(other, &bots[1]),
            assign(one, &bots[1]),
            assign(other, &bots[0]),
            assign(one, &bots[0])
        );
        let stored = world.services.dids.get(&world.admin, &carrier.id, &added.id).await.unwrap();
        let bot = bots.iter().find(|bot| Some(&bot.id) == stored.bot_id.as_ref()).unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        for services in servers {
            until_in_memory(services).await;
            // At once on the server of the change.
            while did(services, &world.number(1)).await != Ok(answer(&stored, bot)) {
                assert!(
                    servers.iter().any(|server| !std::ptr::eq(*server, servers[0])) && Instant::now() < deadline,
                    "round {round}: the index has an older state"
                );
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_changes_leave_the_last_state() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let _serving = Serving::start(&world.services).await;
    race(&world, [&world.services, &world.services], 30).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_changes_on_two_servers_leave_the_last_state() {
    let Some((database, world)) = World::on_postgresql().await else { return };
    let other = world.second_services().await;
    let serving = [Serving::start(&world.services).await, Serving::start(&other).await];
    race(&world, [&world.services, &other], 20).await;
    drop(serving);
    other.store().close().await;
    database.drop([world]).await;
}

/// Ends the connections on which this database announces events; how many there were.
async fn kill_listeners(database: &PostgresDatabase) -> u64 {
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
               AND application_name = 'trunkline events'";
    connection.execute(sql).await.unwrap().rows_affected()
}

#[tokio::test(flavor = "multi_thread")]
async fn lookup_is_right_while_announcements_are_lost() {
    let Some((database, world)) = World::on_postgresql().await else { return };
    let other = world.second_services().await;
    let serving = Serving::start(&other).await;
    let bots = [world.bot("First").await, world.bot("Second").await];
    let carrier = world.carrier("Twilio").await;
    let added = world.add_did(&carrier, 1, Some(&bots[0])).await;
    for round in 0..6 {
        let bot = &bots[(round + 1) % 2];
        assert!(kill_listeners(&database).await > 0);
        world.assign_bot(&added, Some(bot)).await;
        tokio::time::sleep(VISIBLE_WITHIN).await;
        let until = Instant::now() + Duration::from_millis(300);
        while Instant::now() < until {
            assert_eq!(did(&other, &world.number(1)).await, Ok(answer(&added, bot)), "round {round}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        until_in_memory(&other).await;
    }
    drop(serving);
    other.store().close().await;
    database.drop([world]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_feed_makes_the_database_answer() {
    let Some((database, world)) = World::on_postgresql().await else { return };
    let other = world.second_services().await;
    let serving = Serving::start(&other).await;
    drop(serving);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(!other.lookups.is_in_memory());
    let bot = world.bot("Concierge").await;
    let carrier = world.carrier("Twilio").await;
    let added = world.add_did(&carrier, 1, Some(&bot)).await;
    assert_eq!(did(&other, &world.number(1)).await, Ok(answer(&added, &bot)));
    other.store().close().await;
    database.drop([world]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_events_make_the_index_be_built_again() {
    let Some((database, world)) = World::on_postgresql().await else { return };
    let other = world.second_services().await;
    // The feed starts behind what is pruned.
    other.build_index().await.unwrap();
    let bot = world.bot("Concierge").await;
    let carrier = world.carrier("Twilio").await;
    let added = world.add_did(&carrier, 1, Some(&bot)).await;
    let mut tx = world.services.store().write().await.unwrap();
    assert!(tx.prune_events(world.clock.now().plus_millis(60_000)).await.unwrap() > 0);
    tx.commit().await.unwrap();
    world.add_did(&carrier, 2, Some(&bot)).await;
    let stop = CancellationToken::new();
    let workers =
        [tokio::spawn(other.event_feed().run(stop.clone())), tokio::spawn(other.index_worker().run(stop.clone()))];
    until_in_memory(&other).await;
    assert_eq!(did(&other, &world.number(1)).await, Ok(answer(&added, &bot)));
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    other.store().close().await;
    database.drop([world]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_another_process_are_read_by_a_new_build() {
    let world = World::without_reconciler(LiveKitServer::sandbox().await).await;
    let bot = world.bot("Concierge").await;
    let carrier = world.carrier("Twilio").await;
    let added = world.add_did(&carrier, 1, Some(&bot)).await;
    let _serving = Serving::start(&world.services).await;
    let size = world.services.lookups.index_size();
    assert_eq!(size.dids, 1);
    let mut tx = world.services.store().write().await.unwrap();
    let row = tx.did(&carrier.id, &added.id).await.unwrap().unwrap();
    assert!(tx.delete_did(&row).await.unwrap());
    tx.commit().await.unwrap();
    assert!(did(&world.services, &world.number(1)).await.is_ok(), "no event was published");
    world.services.build_index().await.unwrap();
    assert_eq!(did(&world.services, &world.number(1)).await, Err(LookupError::UnknownNumber));
}
