//! The API as its callers see it: the real server on a port of its own, with the sandbox LiveKit.

mod audit;
mod auth;
mod bots;
mod carriers;
mod command;
mod contract;
mod dids;
mod drift;
mod events;
mod exotel;
mod faults;
mod harness;
mod overview;
mod pages;
mod providers;
mod refused;
mod security;
