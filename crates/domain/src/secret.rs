//! Secret text: SIP passwords, keys of providers.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// The value of a secret in responses. In a request it means that the secret stays as it is.
pub const MASK: &str = "********";

/// Never printed (`Debug` shows the mask), never serialised, zeroed on drop. Empty means none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The secret with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Each call deserves a review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no secret.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "Secret(none)" } else { "Secret(********)" })
    }
}

/// Null is none. There is no `Serialize`: only the inputs that a client sends are serialised with their secrets, by
/// [`expose`].
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<String>::deserialize(deserializer).map(|text| Self::new(text.unwrap_or_default()))
    }
}

/// `serialize_with` for the secret of an input that a client sends.
pub fn expose<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// The same for an optional secret.
pub fn expose_option<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_mask() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(********)");
        assert_eq!(format!("{:?}", Secret::default()), "Secret(none)");
    }
}
