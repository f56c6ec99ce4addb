//! Bindings of an address of record (AOR) to contacts (RFC 3261 section 10.3).

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How many contacts an address of record may have.
pub const MAX_BINDINGS: usize = 64;
/// How long a removed binding is remembered, so that an older REGISTER that arrives late does not bring it back.
pub const REMOVED_KEPT_MILLIS: i64 = 300_000;

/// One contact at which an address of record is reachable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// What REGISTER said of the contact.
    #[serde(flatten)]
    pub contact: Contact,
    /// Call-ID of the REGISTER.
    pub call_id: String,
    /// CSeq of the REGISTER.
    pub cseq: u32,
    /// The edge node that received it; it alone can reach a contact behind NAT.
    pub node: String,
    /// When the node received it, by the node's clock.
    pub registered_at: Timestamp,
    /// When the binding ends, by the clock of the live state.
    pub expires_at: Timestamp,
}

/// A contact of a REGISTER.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The contact's URI, in one spelling: it identifies the binding.
    pub uri: String,
    /// Where the REGISTER came from (`sip:192.0.2.7:5062;transport=tcp`), which differs from the URI behind NAT.
    #[serde(default)]
    pub received: Option<String>,
    /// Path (RFC 3327).
    #[serde(default)]
    pub path: Option<String>,
    /// User-Agent.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// The device that has authenticated.
    #[serde(default)]
    pub device_id: Option<String>,
}

/// A REGISTER that the edge has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Call-ID.
    pub call_id: String,
    /// CSeq.
    pub cseq: u32,
    /// The edge node that received it.
    pub node: String,
    /// When the node received it, by the node's clock.
    pub registered_at: Timestamp,
    /// What it changes.
    pub contacts: Contacts,
}

/// What a REGISTER changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contacts {
    /// `Contact: *` with `Expires: 0`: all bindings are removed.
    RemoveAll,
    /// Each contact with its expiry in seconds; 0 removes it.
    Some(Vec<(Contact, u32)>),
}

/// What became of a REGISTER. It is applied as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterOutcome {
    /// The bindings are what they are now.
    Applied {
        /// The address of record had no binding before and has one now.
        reachable: bool,
        /// The last binding was removed.
        unreachable: bool,
    },
    /// The same REGISTER was applied before.
    Repeated,
    /// A newer REGISTER was applied before.
    OutOfOrder,
    /// There would be more than [`MAX_BINDINGS`].
    TooMany,
}

/// The bindings of one address of record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bindings {
    current: Vec<Binding>,
    /// With `expires_at` as the time until which each is remembered.
    removed: Vec<Binding>,
}

impl Bindings {
    /// Applies a REGISTER.
    ///
    /// One with the Call-ID of a binding and no higher CSeq is out of order (RFC 3261 section 10.3, steps 6 and 7). One with
    /// another Call-ID comes from a client that has restarted; it is out of order only where the same node received it
    /// earlier.
    pub fn register(&mut self, registration: &Registration, now: Timestamp) -> RegisterOutcome {
        self.forget_removed(now);
        let was_reachable = self.current.iter().any(|binding| binding.expires_at > now);
        let affected: Vec<(Contact, u32)> = match &registration.contacts {
            Contacts::RemoveAll => self.current.iter().map(|binding| (binding.contact.clone(), 0)).collect(),
            Contacts::Some(contacts) => contacts.clone(),
        };
        let mut repeated = 0;
        for (contact, _) in &affected {
            let known = self.current.iter().chain(&self.removed).find(|binding| binding.contact.uri == contact.uri);
            match known.map(|binding| order(binding, registration)) {
                Some(Order::Older) => return RegisterOutcome::OutOfOrder,
                Some(Order::Same) => repeated += 1,
                Some(Order::Newer) | None => {}
            }
        }
        if repeated > 0 || affected.is_empty() {
            return RegisterOutcome::Repeated;
        }
        let mut current = self.current.clone();
        let mut removed = self.removed.clone();
        for (contact, expires_sec) in affected {
            current.retain(|binding| binding.contact.uri != contact.uri);
            removed.retain(|binding| binding.contact.uri != contact.uri);
            let (list, millis) = match expires_sec {
                0 => (&mut removed, REMOVED_KEPT_MILLIS),
                seconds => (&mut current, i64::from(seconds) * 1000),
            };
            list.push(Binding {
                contact,
                call_id: registration.call_id.clone(),
                cseq: registration.cseq,
                node: registration.node.clone(),
                registered_at: registration.registered_at,
                expires_at: now.plus_millis(millis),
            });
        }
        if current.len() > MAX_BINDINGS {
            return RegisterOutcome::TooMany;
        }
        // As many REGISTERs with a new contact each must not fill the memory either.
        let surplus = removed.len().saturating_sub(MAX_BINDINGS);
        removed.drain(..surplus);
        (self.current, self.removed) = (current, removed);
        let is_reachable = self.current.iter().any(|binding| binding.expires_at > now);
        RegisterOutcome::Applied {
            reachable: is_reachable && !was_reachable,
            unreachable: was_reachable && !is_reachable,
        }
    }

    /// Adds a binding that was made before this state was built. False: there is one of the contact, or it has expired.
    pub fn restore(&mut self, binding: &Binding, now: Timestamp) -> bool {
        let known = self.current.iter().chain(&self.removed).any(|other| other.contact.uri == binding.contact.uri);
        if known || binding.expires_at <= now || self.current.len() >= MAX_BINDINGS {
            return false;
        }
        self.current.push(binding.clone());
        true
    }

    /// The bindings that have not expired, the newest last.
    pub fn current(&self, now: Timestamp) -> impl Iterator<Item = &Binding> {
        self.current.iter().filter(move |binding| binding.expires_at > now)
    }

    /// Removes the bindings that have expired, and returns them.
    pub fn remove_expired(&mut self, now: Timestamp) -> Vec<Binding> {
        self.forget_removed(now);
        let expired: Vec<_> = self.current.extract_if(.., |binding| binding.expires_at <= now).collect();
        self.removed.extend(
            expired
                .iter()
                .cloned()
                .map(|binding| Binding { expires_at: binding.expires_at.plus_millis(REMOVED_KEPT_MILLIS), ..binding }),
        );
        self.forget_removed(now);
        expired
    }

    /// When the next binding expires or is forgotten; None: nothing is remembered.
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.current.iter().chain(&self.removed).map(|binding| binding.expires_at).min()
    }

    /// When the last binding expires or is forgotten.
    pub fn last_expiry(&self) -> Option<Timestamp> {
        self.current.iter().chain(&self.removed).map(|binding| binding.expires_at).max()
    }

    fn forget_removed(&mut self, now: Timestamp) {
        self.removed.retain(|binding| binding.expires_at > now);
    }
}

enum Order {
    Older,
    Same,
    Newer,
}

fn order(known: &Binding, registration: &Registration) -> Order {
    if known.call_id == registration.call_id {
        return match registration.cseq.cmp(&known.cseq) {
            std::cmp::Ordering::Less => Order::Older,
            std::cmp::Ordering::Equal => Order::Same,
            std::cmp::Ordering::Greater => Order::Newer,
        };
    }
    let same_clock = known.node == registration.node;
    if same_clock && registration.registered_at < known.registered_at { Order::Older } else { Order::Newer }
}
