//! DID targets: where the calls of a DID go at the edge.

use super::{
    Bounded, EdgeKind, EdgeNoun, Reference, Status, Target, UniqueKey,
    field::{Rules, settings},
    references,
};
use crate::{DidId, DidTargetId, FieldErrors, FieldFault, ScheduleId};

settings! {
    /// Where the calls of a DID go. A DID without one goes to its bot.
    DidTargetSettings, DidTargetInput {
        /// The DID.
        did_id: DidId,
        /// Where a call goes; absent: to the DID's bot.
        target: Option<Target> = None,
        /// The schedule that chooses among the targets; absent: always `target`.
        schedule_id: Option<ScheduleId> = None,
        /// Where a call goes out of hours; absent: the call is rejected.
        closed_target: Option<Target> = None,
        /// Where a call goes on a holiday; absent: as out of hours.
        holiday_target: Option<Target> = None,
        /// The calls that the DID may have at once; absent: no limit.
        max_channels: Option<Bounded<0, 100_000>> = None,
        /// Whether calls without a caller's number are accepted.
        allow_anonymous: bool = true,
        /// Whether the DID's calls are accepted.
        status: Status = Status::Active,
    }
}

impl Rules for DidTargetSettings {
    fn check(&self, errors: &mut FieldErrors) {
        let needs_schedule = |field, target: &Option<Target>, errors: &mut FieldErrors| {
            if target.is_some() && self.schedule_id.is_none() {
                errors.add(field, FieldFault::new("no_schedule", "Choose a schedule, or leave this target out."));
            }
        };
        needs_schedule("closed_target", &self.closed_target, errors);
        needs_schedule("holiday_target", &self.holiday_target, errors);
    }
}

impl EdgeNoun for DidTargetSettings {
    type Id = DidTargetId;
    type Input = DidTargetInput;
    const KIND: EdgeKind = EdgeKind::DidTarget;

    fn name(&self) -> String {
        self.did_id.to_string()
    }

    fn unique_keys(&self) -> Vec<UniqueKey> {
        vec![UniqueKey {
            field: "did_id",
            key: self.did_id.to_string(),
            message: "This DID has a target already. Change that one.".to_owned(),
        }]
    }

    fn references(&self) -> Vec<Reference> {
        let target = |field, target: &Option<Target>| target.as_ref().and_then(|target| target.reference(field));
        references([
            Some(Reference { field: "did_id", id: self.did_id.to_string() }),
            self.schedule_id.as_ref().map(|id| Reference { field: "schedule_id", id: id.to_string() }),
            target("target", &self.target),
            target("closed_target", &self.closed_target),
            target("holiday_target", &self.holiday_target),
        ])
    }
}
