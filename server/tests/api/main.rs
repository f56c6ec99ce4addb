//! The API as its callers see it: the real server on a port of its own, with the sandbox LiveKit.

mod auth;
mod bots;
mod carriers;
mod contract;
mod dids;
mod events;
mod exotel;
mod faults;
mod harness;
mod pages;
mod security;
