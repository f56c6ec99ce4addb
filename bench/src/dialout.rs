//! What a dialout takes longer than the same request sent to the fleet directly.

use std::time::{Duration, Instant};

use axum::{
    Json, Router,
    routing::{get, post},
};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::{Error, console::Console};

/// Pairs of requests; fewer than a carrier has channels, since no call ends.
const PAIRS: usize = 400;
/// The first pairs open connections and fill caches.
const WARM_UP: usize = 20;

/// Prints the overhead, and returns its median in milliseconds.
pub async fn print() -> Result<f64, Error> {
    let folder = TempDir::new()?;
    let console = Console::start(&folder, 0, 0).await?;
    let fleet = serve_fleet().await?;
    let bot = set_up(&console, &fleet).await?;
    let body = json!({ "bot_id": bot, "to_number": "+14155550123", "from_number": "+14155550100" });
    let client = Client::new();
    let direct = client.post(format!("{fleet}/livekit/dialout")).json(&body);
    let dialout = console.send(Method::POST, "/api/v1/sip/dialout", &body);
    let mut overheads = Vec::with_capacity(PAIRS);
    for pair in 0..PAIRS {
        let (direct, dialout) = (measure(&direct).await?, measure(&dialout).await?);
        if pair >= WARM_UP {
            overheads.push((dialout.as_secs_f64() - direct.as_secs_f64()) * 1000.0);
        }
    }
    console.stop().await?;
    overheads.sort_by(f64::total_cmp);
    let at = |quarters: usize| overheads.get(overheads.len() * quarters / 4).copied().unwrap_or(f64::NAN);
    println!("### Dialout, on SQLite\n");
    println!(
        "- {:.2} ms [{:.2}–{:.2}] longer than the same POST to the fleet: checks, the carrier's pacing, two transactions\n",
        at(2),
        at(1),
        at(3)
    );
    Ok(at(2))
}

async fn measure(request: &RequestBuilder) -> Result<Duration, Error> {
    let request = request.try_clone().ok_or("a request with a body in memory")?;
    let start = Instant::now();
    request.send().await?.error_for_status()?.bytes().await?;
    Ok(start.elapsed())
}

/// A fleet server that accepts every call at once.
async fn serve_fleet() -> Result<String, Error> {
    let report =
        json!({ "status": "ok", "fleet_max": 100_000, "fleet_available": 100_000, "fleet_calls": 0, "workers": [] });
    let answer = json!({ "status": "accepted", "call_id": "call-1", "room_name": "" });
    let router = Router::new()
        .route("/health/fleet", get(async move || Json(report)))
        .route("/livekit/dialout", post(async move || Json(answer)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

/// A synced carrier with the widest limits, its number, and a bot, whose id is returned.
async fn set_up(console: &Console, fleet: &str) -> Result<String, Error> {
    let id = |row: &Value| row["id"].as_str().map(str::to_owned).ok_or("no id");
    let post = async |path: &str, body: Value| -> Result<Value, Error> {
        Ok(console.send(Method::POST, path, &body).send().await?.error_for_status()?.json().await?)
    };
    let bot = id(&post("/api/v1/bots", json!({ "name": "Bench", "agent_name": "bench" })).await?)?;
    let carrier = json!({ "name": "Bench", "sip_address": "sip.example.com", "auth_username": "bench",
                          "auth_password": "bench-bench", "outbound_cps": 100, "outbound_burst": 1000,
                          "outbound_channels": 500 });
    let carrier = format!("/api/v1/carriers/{}", id(&post("/api/v1/carriers", carrier).await?)?);
    post(&format!("{carrier}/dids"), json!({ "number": "+14155550100", "bot_id": bot })).await?;
    post(&format!("{carrier}/sync"), json!({})).await?;
    let settings = json!({ "core_fleet": [fleet] });
    console.send(Method::PUT, "/api/v1/settings/fleet", &settings).send().await?.error_for_status()?;
    Ok(bot)
}
