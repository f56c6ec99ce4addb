//! The command line, and the environment variables of its options.

mod edge;

use std::{
    net::{AddrParseError, SocketAddr},
    path::PathBuf,
};

use clap::{Args, Parser, Subcommand};

pub use self::edge::{Edge, KamailioConfig};

const SANDBOX_LISTEN: &str = "127.0.0.1:0";

/// Manages SIP carriers, phone numbers and the voice agents that answer them, and keeps LiveKit in sync.
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
    /// Start the console, the APIs and the worker that keeps LiveKit in sync.
    Serve(Serve),
    /// Check database, keys and LiveKit, with a remedy for each problem.
    Doctor,
    /// Manage the users who may log in.
    #[command(subcommand)]
    User(User),
    /// Copy the SQLite database to a file while the server runs.
    Backup {
        /// The file to write; it must not exist yet.
        target: PathBuf,
    },
    /// Configure the SIP edge.
    #[command(subcommand)]
    Edge(Edge),
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Use a LiveKit that is simulated in this process; every page shows that it is.
    #[arg(long, env = "TRUNKLINE_SANDBOX", value_parser = switch)]
    pub sandbox: bool,
    /// Address of the simulated LiveKit; port 0 is any free port.
    #[arg(long, env = "TRUNKLINE_SANDBOX_LISTEN", default_value = SANDBOX_LISTEN, value_parser = sandbox_listen)]
    pub sandbox_listen: SocketAddr,
    /// Sync all carriers to this LiveKit, although the database belongs to another LiveKit project.
    #[arg(long)]
    pub switch_livekit: bool,
}

/// A variable that is set but empty, as by `KEY=` in a compose file, counts as not set.
fn switch(text: &str) -> Result<bool, &'static str> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" | "" => Ok(false),
        _ => Err("expected 1 or 0"),
    }
}

/// Empty counts as not set, as above.
fn sandbox_listen(text: &str) -> Result<SocketAddr, AddrParseError> {
    if text.is_empty() { SANDBOX_LISTEN.parse() } else { text.parse() }
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a user. The password is prompted for, or read from standard input.
    Add {
        email: String,
        /// viewer, developer or admin.
        #[arg(long, default_value = "admin")]
        role: String,
    },
    /// Set a new password, and end the user's sessions.
    Passwd { email: String },
}

/// Each is also a key of the configuration file: the lower-case name without TRUNKLINE_.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// Configuration file [default: trunkline.toml in this folder, if it exists]
    #[arg(long, global = true, env = "TRUNKLINE_CONFIG")]
    pub config: Option<PathBuf>,
    /// sqlite://path or postgres://user:password@host/database [default: sqlite://data/trunkline.db]
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, global = true, env = "TRUNKLINE_LISTEN")]
    pub listen: Option<String>,
    /// The address that browsers use, if it differs from the one listened on: https://trunkline.example.com
    #[arg(long, global = true, env = "TRUNKLINE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is trusted: IP addresses and ranges [default: 127.0.0.0/8, ::1]
    #[arg(long, global = true, env = "TRUNKLINE_TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
    /// LiveKit's address: wss://… or https://…
    #[arg(long, global = true, env = "LIVEKIT_URL")]
    pub livekit_url: Option<String>,
    #[arg(long, global = true, env = "LIVEKIT_API_KEY")]
    pub livekit_api_key: Option<String>,
    #[arg(long, global = true, env = "LIVEKIT_API_SECRET", hide_env_values = true)]
    pub livekit_api_secret: Option<String>,
    /// LiveKit's SIP endpoint as carriers reach it, host[:port]: shown in the instructions for providers
    #[arg(long, global = true, env = "LIVEKIT_SIP_HOST")]
    pub livekit_sip_host: Option<String>,
    /// Base URL of Exotel's API, if it is reached through a proxy [default: https://{subdomain}]
    #[arg(long, global = true, env = "TRUNKLINE_EXOTEL_URL")]
    pub exotel_url: Option<String>,
    /// Base URL of Twilio's APIs, if they are reached through a proxy [default: Twilio's hosts; with --sandbox a simulated one]
    #[arg(long, global = true, env = "TRUNKLINE_TWILIO_URL")]
    pub twilio_url: Option<String>,
    /// Base URL of Vonage's API, if it is reached through a proxy [default: Vonage's host; with --sandbox a simulated one]
    #[arg(long, global = true, env = "TRUNKLINE_VONAGE_URL")]
    pub vonage_url: Option<String>,
    /// 32 bytes in base64 that secrets are encrypted with [default: a key file beside the database]
    #[arg(long, global = true, env = "TRUNKLINE_MASTER_KEY", hide_env_values = true)]
    pub master_key: Option<String>,
    /// Shared secret that CXB Core sends as X-CXB-Core-Secret; without one its routes refuse every request.
    #[arg(long, global = true, env = "TRUNKLINE_CORE_SECRET", hide_env_values = true)]
    pub core_secret: Option<String>,
    /// Address and port of a listener of its own for the SIP edge, whose paths are then served there only
    #[arg(long, global = true, env = "TRUNKLINE_EDGE_LISTEN")]
    pub edge_listen: Option<String>,
    /// Token that the SIP edge sends as Bearer or X-Edge-Token; without it and without a listener the edge's paths are closed
    #[arg(long, global = true, env = "TRUNKLINE_EDGE_TOKEN", hide_env_values = true)]
    pub edge_token: Option<String>,
    /// Token that operators' tools send as X-Admin-Token, such as to watch the SIP edge at /debug from another machine
    #[arg(long, global = true, env = "TRUNKLINE_ADMIN_TOKEN", hide_env_values = true)]
    pub admin_token: Option<String>,
    /// Who may call the edge's paths: IP addresses and ranges [default: 127.0.0.0/8, ::1]
    #[arg(long, global = true, env = "TRUNKLINE_EDGE_ALLOW")]
    pub edge_allow: Option<String>,
    /// Who mints the nonces of digest authentication: own (this server) or edge (the SIP edge) [default: own]
    #[arg(long, global = true, env = "TRUNKLINE_EDGE_NONCES")]
    pub edge_nonces: Option<String>,
    /// Addresses of media nodes, which are never banned: IP addresses and ranges
    #[arg(long, global = true, env = "TRUNKLINE_MEDIA_NODES")]
    pub media_nodes: Option<String>,
    /// Redis or Valkey that servers of one database share for the SIP edge: redis://[user:password@]host[:port][/database]
    /// [default: the memory of one server]
    #[arg(long, global = true, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<String>,
    /// Together with the password: creates the first administrator without the setup page.
    #[arg(long, global = true, env = "TRUNKLINE_ADMIN_EMAIL")]
    pub admin_email: Option<String>,
    #[arg(long, global = true, env = "TRUNKLINE_ADMIN_PASSWORD", hide_env_values = true)]
    pub admin_password: Option<String>,
    /// Seconds between two drift checks of LiveKit; 0 switches them off [default: 300]
    #[arg(long, global = true, env = "TRUNKLINE_DRIFT_INTERVAL")]
    pub drift_interval: Option<String>,
    /// What to log: error, warn, info, debug, or a list such as info,services=debug [default: info]
    #[arg(long, global = true, env = "TRUNKLINE_LOG")]
    pub log: Option<String>,
}
