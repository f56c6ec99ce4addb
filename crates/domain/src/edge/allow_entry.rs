//! Entries of the security allowlist: addresses that cannot be banned.

use super::{
    EdgeKind, EdgeNoun, UniqueKey,
    field::{Rules, settings, texts},
};
use crate::{Action, AllowEntryId, IpRange};

texts! {
    /// Why an address is on the allowlist.
    AllowReason: "the reason", max 200, example "Office",
    |_| true, "bad_reason", "Enter another reason.";
}

settings! {
    /// An address or a range that cannot be banned.
    AllowEntrySettings, AllowEntryInput {
        /// An IP address, or a range in CIDR notation.
        ip: IpRange,
        /// Why it is on the list.
        reason: Option<AllowReason> = None,
    }
}

impl Rules for AllowEntrySettings {}

impl EdgeNoun for AllowEntrySettings {
    type Id = AllowEntryId;
    type Input = AllowEntryInput;
    const KIND: EdgeKind = EdgeKind::Allow;
    const MANAGE: Action = Action::ManageEdgeSecurity;

    fn name(&self) -> String {
        self.ip.to_string()
    }

    fn unique_keys(&self) -> Vec<UniqueKey> {
        vec![UniqueKey {
            field: "ip",
            key: self.ip.to_string(),
            message: format!("{} is on the allowlist already.", self.ip),
        }]
    }
}
