//! Extensions: short numbers that authenticated callers dial.

use super::{
    EdgeKind, EdgeNoun, Reference, Status, Target, UniqueKey,
    field::{Rules, settings, texts},
    references,
};
use crate::ExtensionId;

texts! {
    /// The digits of an extension.
    Digits: "the digits", max 20, example "1001",
    |text| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*' || byte == b'#'), "bad_digits",
    "Write digits, * and #.";
}

settings! {
    /// A short number.
    ExtensionSettings, ExtensionInput {
        /// What is dialled.
        digits: Digits,
        /// Where the call goes.
        target: Target,
        /// Whether it can be dialled.
        status: Status = Status::Active,
    }
}

impl Rules for ExtensionSettings {}

impl EdgeNoun for ExtensionSettings {
    type Id = ExtensionId;
    type Input = ExtensionInput;
    const KIND: EdgeKind = EdgeKind::Extension;

    fn name(&self) -> String {
        self.digits.to_string()
    }

    fn unique_keys(&self) -> Vec<UniqueKey> {
        vec![UniqueKey {
            field: "digits",
            key: self.digits.to_string(),
            message: format!("There is an extension {} already.", self.digits),
        }]
    }

    fn references(&self) -> Vec<Reference> {
        references([self.target.reference("target")])
    }
}
