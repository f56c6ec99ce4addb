//! The command line: what it takes, and from where else it takes it.

use std::{
    net::{AddrParseError, SocketAddr},
    path::PathBuf,
};

use clap::{Args, Parser, Subcommand};

const SANDBOX_LISTEN: &str = "127.0.0.1:0";

/// Keeps SIP carriers, phone numbers and the voice agents that answer them, and LiveKit in step with them.
#[derive(Debug, Parser)]
#[command(name = "trunkline", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub options: Options,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the console, the APIs and the worker that keeps LiveKit in step.
    Serve(Serve),
    /// Check database, keys and LiveKit, and say what to do.
    Doctor,
    /// Keep the people who may log in.
    #[command(subcommand)]
    User(User),
    /// Copy the SQLite database to a file, while the server runs.
    Backup {
        /// The file to write; it must not exist yet.
        target: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Use a LiveKit that is simulated in this process, and say so on every page.
    #[arg(long, env = "TRUNKLINE_SANDBOX", value_parser = switch)]
    pub sandbox: bool,
    /// Where the simulated LiveKit listens; port 0 takes a free one.
    #[arg(long, env = "TRUNKLINE_SANDBOX_LISTEN", default_value = SANDBOX_LISTEN, value_parser = sandbox_listen)]
    pub sandbox_listen: SocketAddr,
}

/// A variable that is set but empty, as in a compose file's `KEY=`, is one that is not set.
fn switch(text: &str) -> Result<bool, &'static str> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" | "" => Ok(false),
        _ => Err("expected 1 or 0"),
    }
}

/// Likewise.
fn sandbox_listen(text: &str) -> Result<SocketAddr, AddrParseError> {
    if text.is_empty() { SANDBOX_LISTEN.parse() } else { text.parse() }
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person. The password is asked for, or read from standard input.
    Add {
        email: String,
        /// viewer, developer or admin.
        #[arg(long, default_value = "admin")]
        role: String,
    },
    /// Set a new password, and end the person's sessions.
    Passwd { email: String },
}

/// Each also goes into the configuration file, under the lower-case name without TRUNKLINE_.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// Configuration file; trunkline.toml in this folder is read where it exists.
    #[arg(long, global = true, env = "TRUNKLINE_CONFIG")]
    pub config: Option<PathBuf>,
    /// sqlite://path or postgres://user:password@host/database [default: sqlite://data/trunkline.db]
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, global = true, env = "TRUNKLINE_LISTEN")]
    pub listen: Option<String>,
    /// The address that browsers use, where it is not the one listened on: https://trunkline.example.com
    #[arg(long, global = true, env = "TRUNKLINE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed: IP addresses and ranges [default: 127.0.0.0/8, ::1]
    #[arg(long, global = true, env = "TRUNKLINE_TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
    /// LiveKit's address: wss://… or https://…
    #[arg(long, global = true, env = "LIVEKIT_URL")]
    pub livekit_url: Option<String>,
    #[arg(long, global = true, env = "LIVEKIT_API_KEY")]
    pub livekit_api_key: Option<String>,
    #[arg(long, global = true, env = "LIVEKIT_API_SECRET", hide_env_values = true)]
    pub livekit_api_secret: Option<String>,
    /// LiveKit's SIP endpoint as carriers reach it, host[:port]: shown where a provider's side is set up
    #[arg(long, global = true, env = "LIVEKIT_SIP_HOST")]
    pub livekit_sip_host: Option<String>,
    /// Base of Exotel's API, where it is not reached directly [default: https://{subdomain}]
    #[arg(long, global = true, env = "TRUNKLINE_EXOTEL_URL")]
    pub exotel_url: Option<String>,
    /// 32 bytes in base64 that secrets are encrypted with [default: a key file beside the database]
    #[arg(long, global = true, env = "TRUNKLINE_MASTER_KEY", hide_env_values = true)]
    pub master_key: Option<String>,
    /// Together with the password: the first administrator, made without asking.
    #[arg(long, global = true, env = "TRUNKLINE_ADMIN_EMAIL")]
    pub admin_email: Option<String>,
    #[arg(long, global = true, env = "TRUNKLINE_ADMIN_PASSWORD", hide_env_values = true)]
    pub admin_password: Option<String>,
    /// Seconds between two looks whether LiveKit still holds what it was given; 0 never looks [default: 300]
    #[arg(long, global = true, env = "TRUNKLINE_DRIFT_INTERVAL")]
    pub drift_interval: Option<String>,
    /// What to log: error, warn, info, debug, or a list such as info,services=debug [default: info]
    #[arg(long, global = true, env = "TRUNKLINE_LOG")]
    pub log: Option<String>,
}
