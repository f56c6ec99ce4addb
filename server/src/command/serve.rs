use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tracing::warn;

use super::Error;
use crate::{Application, Config, LiveKitTarget, assets, cli::Serve};

pub async fn run(config: &Config, options: &Serve) -> Result<ExitCode, Error> {
    let target = match (options.sandbox, &config.livekit) {
        (true, _) => LiveKitTarget::Sandbox(options.sandbox_listen),
        (false, Some(livekit)) => LiveKitTarget::Server(livekit.clone()),
        (false, None) => {
            return Err(
                "Set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or start with --sandbox to try Trunkline \
                        with a simulated LiveKit."
                    .into(),
            );
        }
    };
    let application = Application::build_for(config, target, options.switch_livekit).await?;
    announce(config, &application);
    if assets::missing() {
        warn!("this binary was built without its front end: build it with `cargo leptos build --release`");
    }
    application.run_until(stop_signal()).await?;
    Ok(ExitCode::SUCCESS)
}

fn announce(config: &Config, application: &Application) {
    println!("Trunkline {}", env!("CARGO_PKG_VERSION"));
    println!("  Console   {}", application.url());
    if let Some(edge) = application.edge_url() {
        println!("  Edge      {edge}");
    }
    println!("  Database  {}", config.database_label());
    match (application.sandbox(), &config.livekit) {
        (Some(sandbox), _) => println!("  LiveKit   sandbox at {} (simulated; no calls)", sandbox.url()),
        (None, Some(livekit)) => println!("  LiveKit   {}", livekit.url),
        (None, None) => {}
    }
    if let Some(setup) = application.setup_url() {
        println!("\nCreate the first administrator at\n  {setup}\n");
    }
}

/// Ctrl-C, or SIGTERM from a supervisor.
async fn stop_signal() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            warn!(%error, "SIGTERM cannot be handled; stop with Ctrl-C");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
