//! Edge users: the people and lines behind devices.

use super::{
    CallerName, CallerNumber, EdgeKind, EdgeNoun, Reference, Status, Target, UniqueKey,
    field::{Bounded, Rules, choices, settings, texts},
    references,
    settings::DEFAULT_RING_TIMEOUT,
    target::is_token,
};
use crate::{CarrierId, EdgeUserId, VoicemailId};

texts! {
    /// The user of an address of record. It distinguishes case (RFC 3261 §19.1.4).
    Username: "the username", max 64, example "alice",
    is_token, "bad_username", "Write letters, digits, dots, hyphens and underscores.";
}

choices! {
    /// How a user's devices ring.
    RingStrategy (unknown_ring_strategy) {
        /// All at once.
        Simultaneous = "simultaneous",
        /// One after another, by `ring_order`.
        Sequential = "sequential",
        /// Only those with `ring_on_fork`, all at once.
        Specific = "specific",
    }
}

settings! {
    /// A person or a line.
    EdgeUserSettings, EdgeUserInput {
        /// The user of the address of record.
        username: Username,
        /// The name that others see.
        display_name: Option<CallerName> = None,
        /// Whether queues offer calls to the user.
        is_agent: bool = false,
        /// The caller ID of outbound calls; absent: the account's.
        out_cid_number: Option<CallerNumber> = None,
        /// The caller ID's name of outbound calls.
        out_cid_name: Option<CallerName> = None,
        /// The carrier of the user's outbound calls; absent: as the outbound routes say.
        trunk_id: Option<CarrierId> = None,
        /// The calls that the user may have at once; absent: no limit.
        max_simultaneous: Option<Bounded<0, 100_000>> = None,
        /// How long devices ring, in seconds.
        ring_timeout_sec: Bounded<1, 600> = DEFAULT_RING_TIMEOUT,
        /// The voicemail box.
        voicemail_id: Option<VoicemailId> = None,
        /// Whether the user gets and places calls.
        status: Status = Status::Active,
        /// How the devices ring.
        ring_strategy: RingStrategy = RingStrategy::Simultaneous,
        /// Do not disturb: devices do not ring; the call goes to `fwd_busy`, else to the voicemail box, else it ends.
        dnd: bool = false,
        /// Where every call goes, before anything else.
        fwd_always: Option<Target> = None,
        /// Where a call goes while the user is busy.
        fwd_busy: Option<Target> = None,
        /// Where a call goes that was not answered.
        fwd_noanswer: Option<Target> = None,
    }
}

impl Rules for EdgeUserSettings {}

impl EdgeNoun for EdgeUserSettings {
    type Id = EdgeUserId;
    type Input = EdgeUserInput;
    const KIND: EdgeKind = EdgeKind::User;

    fn name(&self) -> String {
        match &self.display_name {
            Some(name) => format!("{name} ({})", self.username),
            None => self.username.to_string(),
        }
    }

    fn unique_keys(&self) -> Vec<UniqueKey> {
        vec![UniqueKey {
            field: "username",
            key: self.username.to_string(),
            message: format!("Another edge user is called {}.", self.username),
        }]
    }

    fn references(&self) -> Vec<Reference> {
        let target = |field, target: &Option<Target>| target.as_ref().and_then(|target| target.reference(field));
        references([
            self.trunk_id.as_ref().map(|id| Reference { field: "trunk_id", id: id.to_string() }),
            self.voicemail_id.as_ref().map(|id| Reference { field: "voicemail_id", id: id.to_string() }),
            target("fwd_always", &self.fwd_always),
            target("fwd_busy", &self.fwd_busy),
            target("fwd_noanswer", &self.fwd_noanswer),
        ])
    }
}
