//! The server: configuration, start-up and shut-down, and the HTTP surfaces over the services.

mod address_list;
mod application;
mod assets;
pub mod cli;
pub mod command;
mod config;
mod http;
mod logging;
mod master_key;
mod server_id;
mod trusted_proxies;

pub use address_list::AddressList;
pub use application::{Application, LiveKitTarget};
pub use config::Config;
pub use trusted_proxies::TrustedProxies;
