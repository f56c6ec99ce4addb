//! The JSON APIs: one folder per surface, one file per noun.

pub(super) mod console;
pub(super) mod edge;
pub(super) mod numbers;
pub(super) mod telephony;
pub(super) mod trunks;
