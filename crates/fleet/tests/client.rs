//! The client against the fake: answers and errors.

use std::time::{Duration, Instant};

use domain::{FleetUrl, Secret};
use fleet::{Answer, Client, Config, DialoutRequest, Error};
use fleet_fake::{Fake, Fault, Route};
use serde_json::json;

const SHORT: Duration = Duration::from_millis(200);
const SECRET: &str = "core-secret-1";

fn client() -> Client {
    Client::new(Config { health: SHORT, dialout: SHORT, dispatch: SHORT }).unwrap()
}

fn url(fake: &Fake) -> FleetUrl {
    fake.url().parse().unwrap()
}

async fn dial(fake: &Fake) -> Result<Answer, Error> {
    let body = DialoutRequest {
        bot_id: "bot_1".to_owned(),
        to_number: "+14155550123".to_owned(),
        from_number: None,
        connected_event: Some(json!({ "name": "Ada" })),
        config_url: "https://trunkline.example.com/api/v1/config".to_owned(),
    };
    client().dialout(&url(fake), &Secret::new(SECRET), &body).await
}

async fn unhealthy(fake: &Fake, fault: Fault) -> String {
    fake.fail(Route::Health, fault);
    client().health(&url(fake)).await.unwrap_err()
}

#[tokio::test]
async fn report_of_a_healthy_server_is_read() {
    let fake = Fake::start().await;
    fake.report(10, 4, 6);
    let report = client().health(&url(&fake)).await.unwrap();
    assert_eq!((report.max, report.available, report.calls), (10, 4, 6));
}

#[tokio::test]
async fn each_fault_is_a_reason() {
    let fake = Fake::start().await;
    let answer = |status, body: &str| Fault::Answer { status, body: body.to_owned() };
    assert_eq!(unhealthy(&fake, answer(503, "{\"status\": \"ok\"}")).await, "status 503");
    assert_eq!(unhealthy(&fake, answer(200, "<html>")).await, "the answer is not a JSON object");
    assert_eq!(unhealthy(&fake, Fault::Redirect("http://127.0.0.1:1/".to_owned())).await, "status 307");
    assert_eq!(unhealthy(&fake, Fault::Huge).await, "a response of more than 256 KiB");
    assert_eq!(unhealthy(&fake, Fault::Delay(Duration::from_secs(5))).await, "no response in time");
    for broken in [Fault::Drop, Fault::Truncate] {
        assert!(!unhealthy(&fake, broken).await.is_empty());
    }
    let gone = url(&fake);
    drop(fake);
    assert!(client().health(&gone).await.is_err());
}

#[tokio::test]
async fn lying_report_is_unhealthy() {
    let fake = Fake::start().await;
    for (max, available, calls) in [(10, 11, 0), (-1, -1, 0), (10, 5, -5)] {
        fake.report(max, available, calls);
        assert!(client().health(&url(&fake)).await.is_err(), "{max} {available} {calls}");
    }
}

#[tokio::test]
async fn dialout_sends_the_secret_and_the_body() {
    let fake = Fake::start().await;
    let answer = dial(&fake).await.unwrap();
    assert_eq!((answer.status, &answer.body.unwrap()["status"]), (200, &json!("accepted")));
    let received = fake.received(Route::Dialout);
    assert_eq!(received[0].secret.as_deref(), Some(SECRET));
    assert_eq!(
        received[0].body,
        json!({ "bot_id": "bot_1", "to_number": "+14155550123", "connected_event": { "name": "Ada" },
                "config_url": "https://trunkline.example.com/api/v1/config" })
    );
}

#[tokio::test]
async fn refusal_has_the_error_of_the_fleet() {
    let fake = Fake::start().await;
    for (status, body, error) in [
        (404, "{\"error\": \"bot not found\"}", "bot not found"),
        (429, "{\"error\": {\"code\": 7}}", "{\"code\":7}"),
        (500, "<h1>Bad gateway</h1>", "Bad gateway"),
        (503, "", "an empty response"),
        (403, "{\"error\": \"core-secret-1 is wrong\"}", "… is wrong"),
    ] {
        fake.fail(Route::Dialout, Fault::Answer { status, body: body.to_owned() });
        let answer = dial(&fake).await.unwrap();
        assert_eq!((answer.status, answer.error.as_str()), (status, error));
    }
}

#[tokio::test]
async fn broken_answer_is_lost_and_not_repeated() {
    let fake = Fake::start().await;
    for fault in [Fault::Drop, Fault::Truncate, Fault::Delay(Duration::from_secs(5)), Fault::Huge] {
        fake.fail(Route::Dialout, fault.clone());
        let (before, started) = (fake.received(Route::Dialout).len(), Instant::now());
        assert!(matches!(dial(&fake).await, Err(Error::Lost { .. })), "{fault:?}");
        assert_eq!(fake.received(Route::Dialout).len(), before + 1, "{fault:?}");
        assert!(started.elapsed() < Duration::from_secs(4));
    }
}

#[tokio::test]
async fn closed_port_is_unreachable() {
    let fake = Fake::start().await;
    let gone = url(&fake);
    drop(fake);
    let body = DialoutRequest {
        bot_id: "bot_1".to_owned(),
        to_number: "+14155550123".to_owned(),
        from_number: None,
        connected_event: None,
        config_url: String::new(),
    };
    // The listener is closed when its task is dropped, which is a moment later.
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        match client().dialout(&gone, &Secret::new(SECRET), &body).await {
            Err(Error::Unreachable { .. }) => return,
            outcome => assert!(Instant::now() < deadline, "{outcome:?}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
