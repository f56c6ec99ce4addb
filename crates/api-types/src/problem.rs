//! Errors of the JSON APIs and of the pages.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use domain::field::FieldErrors;

/// RFC 9457 problem details, as `application/problem+json`.
#[derive(Clone, Debug, Error, PartialEq, Serialize, Deserialize, ToSchema)]
#[error("{detail}")]
pub struct Problem {
    /// A relative URI that names the code: `/problems/stale_version`.
    pub r#type: String,
    /// A short summary of the type of problem.
    pub title: String,
    /// The HTTP status; 0 where there was no response (only in the browser).
    pub status: u16,
    /// Stable, for programs: `stale_version`.
    pub code: String,
    /// What happened and the remedy, for people.
    pub detail: String,
    /// The faults of single fields.
    #[serde(default, skip_serializing_if = "FieldErrors::is_empty")]
    pub errors: FieldErrors,
    /// The current row: with 409 `stale_version`, and with 502 of a sync the carrier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub current: Option<serde_json::Value>,
}

impl Problem {
    /// A problem without faults of fields.
    pub fn new(status: u16, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            r#type: format!("/problems/{code}"),
            title: title.to_owned(),
            status,
            code: code.to_owned(),
            detail: detail.into(),
            errors: FieldErrors::default(),
            current: None,
        }
    }

    /// 422 with the faults of fields.
    pub fn invalid(errors: FieldErrors) -> Self {
        let detail = match errors.len() {
            1 => "One field needs attention.".to_owned(),
            count => format!("{count} fields need attention."),
        };
        Self { errors, ..Self::new(422, "invalid_input", "The input breaks a rule", detail) }
    }

    /// The messages of all fields in one text, for places that show no fields; the detail where there are none.
    pub fn in_full(&self) -> String {
        let messages: Vec<&str> = self.errors.iter().map(|error| error.message.as_str()).collect();
        if messages.is_empty() { self.detail.clone() } else { messages.join(" ") }
    }

    /// Sets the faults of fields.
    #[must_use]
    pub fn with_errors(self, errors: FieldErrors) -> Self {
        Self { errors, ..self }
    }

    /// Sets the current row.
    #[must_use]
    pub fn with_current(self, current: impl Serialize) -> Self {
        Self { current: serde_json::to_value(current).ok(), ..self }
    }
}
