//! The HTTP interface: the real server on port 0, with the sandbox LiveKit; and the binary, alone and beside another.

mod audit;
mod auth;
mod availability;
mod bots;
mod carriers;
mod command;
mod contract;
mod dids;
mod drift;
mod events;
mod exotel;
mod faults;
mod fleet;
mod functions;
mod harness;
mod idempotency;
mod middleware;
mod overview;
mod pages;
mod postgres;
mod process;
mod providers;
mod proxy;
mod refused;
mod security;
mod several_servers;
