//! Faults of single fields, and the list of all faults of one input.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why one value was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct FieldFault {
    /// Stable, for programs: `too_long`.
    pub code: &'static str,
    /// A sentence with the reason and the remedy, for people.
    pub message: String,
}

impl FieldFault {
    /// A fault with this code and message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The fault `required`: there is no value.
    pub fn required(message: impl Into<String>) -> Self {
        Self::new("required", message)
    }
}

/// The message of a fault where a value is none of an enumeration: "Choose one of created, updated, deleted."
pub fn one_of<T: Into<&'static str>>(values: impl Iterator<Item = T>) -> String {
    let names: Vec<&str> = values.map(Into::into).collect();
    format!("Choose one of {}.", names.join(", "))
}

/// One entry of a problem's `errors`, an extension member by RFC 9457 §3.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name in JSON: `sip_address`.
    pub field: String,
    /// Stable, for programs: `too_long`.
    pub code: String,
    /// A sentence with the reason and the remedy, for people.
    pub message: String,
}

/// All faults of one input, so that a client can correct them at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// The list with one fault.
    pub fn one(field: &str, fault: FieldFault) -> Self {
        let mut errors = Self::default();
        errors.add(field, fault);
        errors
    }

    /// Appends a fault of the field.
    pub fn add(&mut self, field: &str, fault: FieldFault) {
        self.0.push(FieldError { field: field.to_owned(), code: fault.code.to_owned(), message: fault.message });
    }

    /// The parsed value; None after its fault was appended.
    pub fn record<T>(&mut self, field: &str, parsed: Result<T, FieldFault>) -> Option<T> {
        parsed.map_err(|fault| self.add(field, fault)).ok()
    }

    /// Whether there is no fault.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of faults.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The first message of a field.
    pub fn message(&self, field: &str) -> Option<&str> {
        self.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    /// The faults in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// The faults in the order in which they were added.
    pub fn into_vec(self) -> Vec<FieldError> {
        self.0
    }
}

impl From<Vec<FieldError>> for FieldErrors {
    fn from(errors: Vec<FieldError>) -> Self {
        Self(errors)
    }
}
