//! Commands of the SIP edge.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Subcommand};
use domain::SipAddress;

#[derive(Debug, Subcommand)]
pub enum Edge {
    /// Print a configuration for Kamailio 5.6 or later, with these settings filled in.
    KamailioConfig(Box<KamailioConfig>),
}

#[derive(Clone, Debug, Args)]
pub struct KamailioConfig {
    /// Write to this file, readable by its owner only, instead of standard output.
    #[arg(long)]
    pub output: Option<PathBuf>,
    /// Base URL at which Kamailio reaches this server's edge paths [default: the edge's listener, or http://127.0.0.1:3000]
    #[arg(long)]
    pub api: Option<String>,
    /// What Kamailio sends as X-Edge-Token [default: TRUNKLINE_EDGE_TOKEN]
    #[arg(long)]
    pub token: Option<String>,
    /// Address and port for SIP by UDP and TCP.
    #[arg(long, default_value = "0.0.0.0:5060")]
    pub sip_listen: SocketAddr,
    /// Host or address, and port if it differs, at which phones and carriers reach Kamailio, where that is not its own address.
    #[arg(long)]
    pub public: Option<SipAddress>,
    /// Address and port for SIP by TLS; needs the certificate and its key.
    #[arg(long, requires_all = ["tls_certificate", "tls_key"])]
    pub tls_listen: Option<SocketAddr>,
    /// PEM file of the certificate chain.
    #[arg(long, requires = "tls_listen")]
    pub tls_certificate: Option<PathBuf>,
    /// PEM file of the private key.
    #[arg(long, requires = "tls_listen")]
    pub tls_key: Option<PathBuf>,
    /// Name of this Kamailio in bans, registrations and traces.
    #[arg(long, default_value = "edge-1")]
    pub node: String,
    /// Media engine for flows, queues, voicemail and conferences, host[:port]; without one their calls are answered 480.
    #[arg(long)]
    pub media: Option<SipAddress>,
    /// IP addresses and ranges that are never banned, besides those that the server names.
    #[arg(long, default_value = "127.0.0.0/8,::1/128")]
    pub allow: String,
    /// Secret with which the source address of calls is signed in X-Trunkline-Source; without one there is no such header.
    #[arg(long)]
    pub source_key: Option<String>,
    /// Folder with the tables `version` and `uacreg`: accounts at carriers that want REGISTER.
    #[arg(long, requires = "public")]
    pub registrations: Option<PathBuf>,
    /// Seconds between two reports of bans.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub report_interval: u32,
    /// Requests of one source in two seconds before it is banned.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    pub flood_limit: u32,
    /// Users with wrong credentials from one source in a minute before it is banned.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub ban_users: u32,
}
