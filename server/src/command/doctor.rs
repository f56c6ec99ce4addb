//! Checks everything that a server needs, and prints a remedy for each problem.

use std::process::ExitCode;

use super::Error;
use crate::{Config, application};

pub async fn run(config: &Config) -> Result<ExitCode, Error> {
    let mut healthy = true;
    let mut report = |name: &str, outcome: Result<String, String>| match outcome {
        Ok(detail) => println!("ok    {name}: {detail}"),
        Err(remedy) => {
            healthy = false;
            println!("FAIL  {name}: {remedy}");
        }
    };
    report("Database and keys", database(config).await);
    report("LiveKit", livekit(config).await);
    report("Address", address(config));
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn database(config: &Config) -> Result<String, String> {
    let services = application::open(config, false).await.map_err(|error| error.to_string())?;
    let mut tx = services.store().read().await.map_err(|error| error.to_string())?;
    let backlog = tx.sync_backlog().await.map_err(|error| error.to_string())?;
    let has_user = tx.any_user().await.map_err(|error| error.to_string())?;
    let logins = if has_user {
        "a user exists"
    } else {
        "no user exists yet; start `trunkline serve` and open the address it prints"
    };
    Ok(format!("{} opens; {backlog} carriers wait for their sync; {logins}", config.database_label()))
}

async fn livekit(config: &Config) -> Result<String, String> {
    let Some(livekit) = &config.livekit else {
        return Err(
            "LIVEKIT_URL is not set. Set it with LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or serve with --sandbox."
                .into(),
        );
    };
    let client = application::client(livekit).map_err(|error| error.to_string())?;
    client.ping().await.map_err(|error| error.to_string())?;
    Ok(format!("{} responds, and the key may manage SIP", livekit.url))
}

fn address(config: &Config) -> Result<String, String> {
    let loopback = ["127.", "localhost", "[::1]"].iter().any(|prefix| config.listen.starts_with(prefix));
    match &config.public_url {
        Some(url) if url.starts_with("https://") => Ok(format!("browsers use {url}")),
        None if loopback => Ok(format!("{} is reached from this machine only", config.listen)),
        _ => Err("Passwords would travel in the clear. Put a TLS proxy in front, and set TRUNKLINE_PUBLIC_URL to its \
                  https:// address."
            .into()),
    }
}
