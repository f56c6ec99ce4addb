use futures::future::join_all;
use serde_json::json;

use crate::harness::{TestServer, id};

#[tokio::test]
async fn did_is_added_updated_and_removed() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({ "destination_country": "IN" })).await);
    let path = format!("/api/v1/carriers/{carrier}/dids");
    let did = server.post(&path, json!({ "number": "098-1234-5678", "label": "Support" })).await.expect(201);
    assert_eq!(
        did,
        json!({ "id": did["id"], "carrier_id": carrier, "number": "09812345678", "e164": "+919812345678",
                "formatted": "+91 98123 45678", "label": "Support", "direction": "both", "bot_id": null, "version": 1 })
    );
    let one = format!("{path}/{}", id(&did));
    let edited =
        server.put(&one, json!({ "label": "", "direction": "inbound", "bot_id": bot, "version": 1 })).await.expect(200);
    assert_eq!(
        (&edited["label"], &edited["direction"], &edited["bot_id"]),
        (&json!(null), &json!("inbound"), &json!(bot))
    );
    server.synced(&carrier).await;
    let observed = server.livekit().await;
    assert_eq!(
        observed["inbound"][0]["numbers"],
        json!(["+919812345678", "00919812345678", "09812345678", "9812345678"])
    );
    assert_eq!(observed["rules"][0]["trunk_ids"][0], observed["inbound"][0]["sip_trunk_id"]);
    assert_eq!(observed["outbound"], json!([]));
    server.delete(&one).await.expect(204);
    server.delete(&one).await.expect(404);
    server.synced(&carrier).await;
    assert_eq!(server.livekit().await, json!({ "inbound": [], "outbound": [], "rules": [] }));
}

#[tokio::test]
async fn did_of_another_carrier_is_rejected_with_its_name() {
    let server = TestServer::start().await;
    let vonage = id(&server.carrier(json!({ "name": "Vonage UK" })).await);
    server.post(&format!("/api/v1/carriers/{vonage}/dids"), json!({ "number": "+31205550142" })).await.expect(201);
    let telnyx = id(&server.carrier(json!({ "name": "Telnyx EU", "destination_country": "NL" })).await);
    let refused =
        server.post(&format!("/api/v1/carriers/{telnyx}/dids"), json!({ "number": "020 555 0142" })).await.expect(409);
    assert_eq!(refused["code"], "number_taken");
    assert!(refused["detail"].as_str().unwrap().contains("Vonage UK"), "{refused}");
    assert_eq!(refused["errors"][0]["field"], "number");
    assert_eq!(refused["current"]["carrier_id"], json!(vonage));
}

#[tokio::test]
async fn one_of_200_concurrent_creates_succeeds() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let mut carriers = Vec::new();
    for name in ["A", "B", "C", "D"] {
        carriers.push(id(&server.carrier(json!({ "name": name })).await));
    }
    let spellings = ["+14155550134", "+1 (415) 555-0134", "0014155550134"];
    let adds = (0..200).map(|n| {
        let path = format!("/api/v1/carriers/{}/dids", carriers[n % carriers.len()]);
        let (server, bot) = (&server, &bot);
        async move { server.post(&path, json!({ "number": spellings[n % 3], "bot_id": bot })).await.status.as_u16() }
    });
    let statuses = join_all(adds).await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 199);
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["number_total"], 1);
    for carrier in &carriers {
        server.synced(carrier).await;
    }
    let observed = server.livekit().await;
    let count = |kind: &str| observed[kind].as_array().unwrap().len();
    assert_eq!((count("inbound"), count("outbound"), count("rules")), (1, 1, 1));
}

#[tokio::test]
async fn number_is_immutable_and_unknown_bot_is_rejected() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}/dids");
    let did = id(&server.post(&path, json!({ "number": "+14155550134" })).await.expect(201));
    let changed = server.put(&format!("{path}/{did}"), json!({ "number": "+14155550135" })).await;
    assert_eq!(changed.errors(422), [("number".to_owned(), "number_fixed".to_owned())]);
    let unknown_bot = json!({ "number": "+14155550136", "bot_id": "bot_01hf7yat000000000000000000" });
    assert_eq!(server.post(&path, unknown_bot).await.errors(422), [("bot_id".to_owned(), "unknown_bot".to_owned())]);
    let short = server.post(&path, json!({ "number": "+1415555" })).await.expect(422);
    let message = short["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("Too short for a United States number. Expected +1 and 10 digits"), "{message}");
}

/// Without a country, `14155550134` is not known to be `+14155550134`, but LiveKit treats them as one number.
#[tokio::test]
async fn spellings_with_and_without_plus_are_one_number() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}/dids");
    server.post(&path, json!({ "number": "+14155550134" })).await.expect(201);
    let refused = server.post(&path, json!({ "number": "14155550134" })).await.expect(409);
    assert_eq!(refused["detail"], "14155550134 is already a number of Twilio. Look for it in the list.");
}

/// Spellings from public bug reports: what is stored, or why the number is refused.
#[tokio::test]
async fn spellings_of_bug_reports_are_read_or_refused() {
    let server = TestServer::start().await;
    for (text, country, expected) in [
        ("+91 (0)22 6789 0123", None, Ok(("+912267890123", Some("+912267890123")))),
        ("+91 09812345678", None, Ok(("+919812345678", Some("+919812345678")))),
        ("+49 (0)30 23125000", None, Ok(("+493023125000", Some("+493023125000")))),
        ("+44 (0)20 7946 0018", None, Ok(("+442079460018", Some("+442079460018")))),
        ("+39 (0)2 12345678", None, Ok(("+390212345678", Some("+390212345678")))),
        ("(+1) 415-555-0123", None, Ok(("+14155550123", Some("+14155550123")))),
        ("tel:+14155550131", None, Ok(("+14155550131", Some("+14155550131")))),
        ("tel:+14155550131;ext=12", None, Err("has_extension")),
        ("919812345678.0", Some("IN"), Ok(("919812345678", Some("+919812345678")))),
        ("14155550124.0", Some("US"), Ok(("14155550124", Some("+14155550124")))),
        ("493023125001", Some("DE"), Ok(("493023125001", Some("+493023125001")))),
        ("0800 123 4567", Some("BR"), Ok(("08001234567", Some("+558001234567")))),
        ("14155550129", Some("IN"), Err("needs_plus")),
        ("88001234", Some("IN"), Ok(("88001234", None))),
        ("+15550100000", None, Ok(("+15550100000", Some("+15550100000")))),
        ("+911234567890", None, Ok(("+911234567890", Some("+911234567890")))),
    ] {
        for country in country.map_or_else(|| vec![None, Some("US"), Some("IN")], |country| vec![Some(country)]) {
            let carrier = id(&server.carrier(json!({ "name": text, "destination_country": country })).await);
            let path = format!("/api/v1/carriers/{carrier}/dids");
            let answer = server.post(&path, json!({ "number": text })).await;
            match expected {
                Ok((number, e164)) => {
                    let did = answer.expect(201);
                    assert_eq!((&did["number"], &did["e164"]), (&json!(number), &json!(e164)), "{text} at {country:?}");
                }
                Err(code) => assert_eq!(answer.errors(422), [("number".to_owned(), code.to_owned())], "{text}"),
            }
            server.delete(&format!("/api/v1/carriers/{carrier}")).await.expect(204);
        }
    }
}

#[tokio::test]
async fn another_spelling_of_a_number_is_a_conflict() {
    let server = TestServer::start().await;
    for (country, first, second) in [
        ("DE", "+49 30 23125001", "493023125001"),
        ("BR", "0800 123 4567", "+55 0800 123 4567"),
        ("IN", "+91 22 6789 0123", "+91 (0)22 6789 0123"),
        ("US", "011 44 20 7946 0018", "+44 (0)20 7946 0018"),
        // In no known range: without a plus it has no E.164 form, but its key is the same.
        ("PH", "09000000001", "+63 900 000 0001"),
        ("PH", "+63 900 000 0002", "09000000002"),
    ] {
        let carrier = id(&server.carrier(json!({ "name": first, "destination_country": country })).await);
        let path = format!("/api/v1/carriers/{carrier}/dids");
        server.post(&path, json!({ "number": first })).await.expect(201);
        assert_eq!(
            server.post(&path, json!({ "number": second })).await.expect(409)["code"],
            "number_taken",
            "{second}"
        );
    }
}

/// A carrier in the US may send +13612345678 in national form, 3612345678. LiveKit takes that for Hungary's +3612345678.
#[tokio::test]
async fn e164_number_displaces_a_guessed_spelling() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let american = id(&server.carrier(json!({ "name": "US", "destination_country": "US" })).await);
    let hungarian = id(&server.carrier(json!({ "name": "HU", "destination_country": "HU" })).await);
    let numbers_of = async |name: &str| {
        for carrier in [&american, &hungarian] {
            server.synced(carrier).await;
        }
        let state = server.livekit().await;
        let trunks = state["inbound"].as_array().unwrap().clone();
        trunks.into_iter().find(|trunk| trunk["name"].as_str().unwrap().starts_with(name)).unwrap()["numbers"].clone()
    };
    let add = async |carrier: &str, number: &str| {
        let path = format!("/api/v1/carriers/{carrier}/dids");
        id(&server.post(&path, json!({ "number": number, "bot_id": bot })).await.expect(201))
    };
    add(&american, "+13612345678").await;
    assert_eq!(numbers_of("US").await, json!(["+13612345678", "01113612345678", "3612345678"]));
    let did = add(&hungarian, "+3612345678").await;
    assert_eq!(numbers_of("HU").await, json!(["+3612345678", "003612345678", "0612345678", "12345678"]));
    assert_eq!(numbers_of("US").await, json!(["+13612345678", "01113612345678"]));
    server.delete(&format!("/api/v1/carriers/{hungarian}/dids/{did}")).await.expect(204);
    assert_eq!(numbers_of("US").await, json!(["+13612345678", "01113612345678", "3612345678"]));
}

#[tokio::test]
async fn carrier_search_matches_any_spelling_of_its_numbers() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({ "name": "Tata", "destination_country": "IN" })).await);
    id(&server.carrier(json!({ "name": "Other", "destination_country": "US" })).await);
    server.post(&format!("/api/v1/carriers/{carrier}/dids"), json!({ "number": "+919812345678" })).await.expect(201);
    for spelling in
        ["%2B919812345678", "919812345678", "00919812345678", "09812345678", "98123+45678", "%2B91+(0)98123-45678"]
    {
        let page = server.get(&format!("/api/v1/carriers?q={spelling}")).await.expect(200);
        let names: Vec<_> = page["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect();
        assert_eq!((names, &page["total"]), (vec![json!("Tata")], &json!(1)), "{spelling}");
    }
    assert_eq!(server.get("/api/v1/carriers?q=09812345679").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn dids_are_paged_searched_and_sorted() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}/dids");
    for (number, label) in [("+14155550134", "Support"), ("+14155550135", "Sales"), ("+14155550136", "Archive")] {
        server.post(&path, json!({ "number": number, "label": label, "bot_id": bot })).await.expect(201);
    }
    let first = server.get(&format!("{path}?sort=label&limit=2")).await.expect(200);
    let labels: Vec<_> = first["items"].as_array().unwrap().iter().map(|row| row["label"].clone()).collect();
    assert_eq!(labels, ["Archive", "Sales"]);
    assert_eq!((&first["items"][0]["bot_id"], &first["items"][0]["bot_name"]), (&json!(bot), &json!("Concierge")));
    assert_eq!((&first["total"], &first["carrier_total"]), (&json!(3), &json!(3)));
    let cursor = first["next_cursor"].as_str().unwrap();
    let last = server.get(&format!("{path}?sort=label&limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!((&last["items"][0]["label"], &last["next_cursor"]), (&json!("Support"), &json!(null)));
    let found = server.get(&format!("{path}?q=concierge+(415)+555-0135")).await.expect(200);
    assert_eq!((&found["items"][0]["label"], &found["total"]), (&json!("Sales"), &json!(1)));
    let refused = server.get(&format!("{path}?sort=id&limit=many")).await;
    let expected = [("sort", "unknown_sort"), ("limit", "out_of_range")];
    assert_eq!(refused.errors(422), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    server.get("/api/v1/carriers/car_01hf7yat000000000000000000/dids").await.expect(404);
}

#[tokio::test]
async fn dids_are_changed_in_bulk() {
    let mut server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let carrier = id(&server.carrier(json!({})).await);
    let path = format!("/api/v1/carriers/{carrier}/dids");
    for (number, direction) in [("+14155550134", "both"), ("+14155550135", "inbound"), ("+14155550136", "outbound")] {
        server.post(&path, json!({ "number": number, "direction": direction })).await.expect(201);
    }
    let bulk = format!("{path}/bulk");
    let assign = json!({ "scope": "all", "expected": 3, "action": "assign_bot", "bot_id": bot });
    let result = server.post(&bulk, assign.clone()).await.expect(200);
    assert_eq!((&result["changed"], &result["unchanged"], &result["skipped_total"]), (&json!(2), &json!(0), &json!(1)));
    assert_eq!(
        (&result["skipped"][0]["number"], &result["skipped"][0]["reason"]),
        (&json!("+14155550136"), &json!("outbound_only"))
    );
    server.synced(&carrier).await;
    assert_eq!(server.livekit().await["rules"].as_array().unwrap().len(), 1);

    let remove = json!({ "scope": "all", "q": "0135", "expected": 3, "action": "remove" });
    let refused = server.post(&bulk, remove).await.expect(409);
    assert_eq!((&refused["code"], &refused["current"]["total"]), (&json!("stale_selection"), &json!(1)));
    let rows = server.get(&format!("{path}?bot_id={bot}")).await.expect(200);
    let ids: Vec<_> = rows["items"].as_array().unwrap().iter().map(id).collect();
    server.post(&bulk, json!({ "scope": "ids", "ids": ids, "action": "remove" })).await.expect(200);
    assert_eq!(server.get(&path).await.expect(200)["carrier_total"], 1);
    let history = server.get(&format!("/api/v1/audit?subject={carrier}&limit=1")).await.expect(200);
    assert_eq!(history["items"][0]["changes"][0]["label"], "Bulk action");

    let invalid = server.post(&bulk, json!({ "scope": "some" })).await;
    let expected = [("scope", "unknown_scope"), ("action", "unknown_action")];
    assert_eq!(invalid.errors(422), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    server.become_viewer().await;
    server.post(&bulk, assign).await.expect(403);
}

#[tokio::test]
async fn numbers_of_all_carriers_are_listed_and_changed() {
    let server = TestServer::start().await;
    let bot = server.bot("Concierge").await;
    let twilio = id(&server.carrier(json!({ "name": "Twilio" })).await);
    let other = id(&server.carrier(json!({ "name": "Other", "sip_address": "sip.example.com" })).await);
    for (carrier, number, direction) in
        [(&twilio, "+14155550134", "both"), (&other, "+442079460000", "both"), (&other, "+442079460001", "outbound")]
    {
        let did = json!({ "number": number, "direction": direction });
        server.post(&format!("/api/v1/carriers/{carrier}/dids"), did).await.expect(201);
    }
    let listed = async |query: &str| {
        let page = server.get(&format!("/api/v1/dids{query}")).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert_eq!(page["total"].as_u64(), Some(items.len() as u64), "{query}");
        items.iter().map(|did| did["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed("").await, ["+14155550134", "+442079460000", "+442079460001"]);
    assert_eq!(listed("?q=(415)+555-0134").await, ["+14155550134"]);
    assert_eq!(listed("?provider=twilio").await, ["+14155550134"]);
    assert_eq!(listed(&format!("?carrier_id={other}")).await, ["+442079460000", "+442079460001"]);
    assert_eq!(listed("?state=no_bot").await, ["+14155550134", "+442079460000"]);
    server.synced(&other).await;
    server.synced(&twilio).await;
    assert_eq!(listed("?state=synced&direction=outbound").await, ["+442079460001"]);
    let first = server.get("/api/v1/dids").await.expect(200)["items"][0].clone();
    assert_eq!((&first["carrier_name"], &first["provider"]), (&json!("Twilio"), &json!("twilio")));

    let all = json!({ "scope": "all", "filter_state": "no_bot", "expected": 2, "action": "assign_bot", "bot_id": bot });
    let done = server.post("/api/v1/dids/bulk", all.clone()).await.expect(200);
    assert_eq!((&done["changed"], &done["skipped_total"]), (&json!(2), &json!(0)));
    assert!(listed("?state=no_bot").await.is_empty());
    assert_eq!(listed(&format!("?bot_id={bot}")).await.len(), 2);
    server.post("/api/v1/dids/bulk", all).await.expect(409);
    let unknown = "did_01hf7yat000000000000000000";
    let ids = json!({ "scope": "ids", "ids": [first["id"], unknown], "action": "assign_bot", "bot_id": null });
    let done = server.post("/api/v1/dids/bulk", ids).await.expect(200);
    assert_eq!((&done["changed"], &done["skipped"][0]["id"]), (&json!(1), &json!(unknown)));
}
