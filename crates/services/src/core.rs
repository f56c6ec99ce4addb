//! What every use case needs.

use domain::AccountId;
use store::Store;

use crate::{Clock, Events, contact::Contact, reconciler::Wake};

pub(crate) struct Core {
    pub store: Store,
    pub clock: Clock,
    /// The one account of this installation.
    pub account: AccountId,
    pub events: Events,
    /// Tells the reconciler that there is work.
    pub wake: Wake,
    /// Knows whether LiveKit can be reached.
    pub contact: Contact,
}
