//! What is wrong with one field, and the list of all that is wrong with a form.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why one value was refused: a stable code, and a sentence with the reason and the remedy.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct FieldFault {
    pub code: &'static str,
    pub message: String,
}

impl FieldFault {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub fn required(message: impl Into<String>) -> Self {
        Self::new("required", message)
    }
}

/// One entry of a problem's `errors` (the house's RFC 9457 extension).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The JSON name of the field: `sip_address`.
    pub field: String,
    pub code: String,
    pub message: String,
}

/// All that is wrong with one input, so that everything can be mended in one go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    pub fn one(field: &str, fault: FieldFault) -> Self {
        let mut errors = Self::default();
        errors.add(field, fault);
        errors
    }

    pub fn add(&mut self, field: &str, fault: FieldFault) {
        self.0.push(FieldError { field: field.to_owned(), code: fault.code.to_owned(), message: fault.message });
    }

    /// The value, or None with the fault noted.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, FieldFault>) -> Option<T> {
        parsed.map_err(|fault| self.add(field, fault)).ok()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The first message for a field.
    pub fn message(&self, field: &str) -> Option<&str> {
        self.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    pub fn into_vec(self) -> Vec<FieldError> {
        self.0
    }
}

impl From<Vec<FieldError>> for FieldErrors {
    fn from(errors: Vec<FieldError>) -> Self {
        Self(errors)
    }
}
