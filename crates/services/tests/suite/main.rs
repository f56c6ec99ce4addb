//! The use cases, and the reconciler against a LiveKit: the sandbox, and a real one where LIVEKIT_TEST_URL,
//! LIVEKIT_TEST_API_KEY and LIVEKIT_TEST_API_SECRET are set.

#![expect(clippy::disallowed_methods, reason = "tests write rows that no use case writes")]

mod adopt;
mod api_keys;
mod audit;
mod audit_log;
mod calls;
mod carriers;
mod dialout;
mod did_bulk;
mod did_list;
mod dids;
mod drift;
mod drift_check;
mod edge_calls;
mod edge_route;
mod events;
mod exotel;
mod faults;
mod fleet_server;
mod keys;
mod livekit_format;
mod livekit_server;
mod lookup;
mod number_integration;
mod number_purchase;
mod observed;
mod orphans;
mod overview;
mod people;
mod postgres;
mod replay;
mod restarts;
mod roles;
mod status;
mod stored_numbers;
mod sync;
mod traps;
mod trunks;
mod unmanaged;
mod users;
mod world;
