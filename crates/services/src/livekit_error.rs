//! What can happen to a use case that reads or changes LiveKit.

use std::time::Duration;

use domain::livekit::ObjectKind;
use thiserror::Error;

/// Why LiveKit was not read, or not changed to the end. The texts are for operators.
#[derive(Debug, Error)]
pub enum LiveKitError {
    /// This process runs no reconciler, and so has no connection to LiveKit.
    #[error("This process is not connected to LiveKit.")]
    NotConnected,
    /// LiveKit did not list its trunks and rules. Nothing was changed.
    #[error(transparent)]
    List(livekit::Error),
    /// The list took longer than this. Nothing was changed.
    #[error("LiveKit took longer than {} seconds to list its trunks and rules. Try again in a moment.", .0.as_secs())]
    ListTimeout(Duration),
    /// The numbers of an adopted trunk are saved, but the trunk has no owner tag yet.
    #[error(
        "{cause} The numbers are saved with the carrier, but the trunk {trunk_id} is not adopted yet: adopt it again."
    )]
    AdoptionIncomplete {
        /// LiveKit's id of the trunk (`ST_…`).
        trunk_id: String,
        /// Why the next step was not made.
        cause: StepError,
    },
    /// Only some objects of a group of orphans are deleted.
    #[error("{cause} {deleted} of {total} objects are deleted: check again which are left.")]
    RemovalIncomplete {
        /// How many are deleted.
        deleted: usize,
        /// How many the group has.
        total: usize,
        /// Why the next one was not.
        cause: StepError,
    },
}

/// Why one change to LiveKit was not made, or not surely.
#[derive(Debug, Error)]
pub enum StepError {
    /// Another server has acquired the lease.
    #[error("Another server changes LiveKit now.")]
    LeaseLost,
    /// The lease could not be renewed.
    #[error("The database did not answer.")]
    LeaseUnknown(#[source] store::Error),
    /// LiveKit refused, or did not answer.
    #[error("{}: {error}", capitalized(object.label()))]
    LiveKit {
        /// What was to be changed.
        object: ObjectKind,
        /// What LiveKit's client reported.
        error: livekit::Error,
    },
}

fn capitalized(label: &str) -> String {
    label
        .chars()
        .enumerate()
        .map(|(index, letter)| if index == 0 { letter.to_ascii_uppercase() } else { letter })
        .collect()
}
