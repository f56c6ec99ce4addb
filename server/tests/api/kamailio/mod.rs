//! The reference configuration of the SIP edge: Debian's Kamailio, driven by sipp.

mod account;
mod bans;
mod calls;
mod edge;
mod outage;
mod registration;
mod server;
mod sipp;
mod stub;
mod torture;
