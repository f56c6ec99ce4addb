//! Faults of a fake.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use futures::stream;

/// How a call fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused with that status, in the provider's form. The request is not executed.
    Status(u16),
    /// A response of any kind. The request is not executed.
    Answer {
        /// HTTP status.
        status: u16,
        /// Body.
        body: String,
    },
    /// A gateway's page of 500. The request is not executed.
    Html,
    /// The request is executed, and its response is delayed.
    Delay(Duration),
    /// The request is executed, and the connection closes before the response.
    Drop,
}

impl Fault {
    /// Whether the request is executed before the fault.
    pub(crate) fn executes(&self) -> bool {
        matches!(self, Self::Delay(_) | Self::Drop)
    }

    /// The response in place of `answer`.
    pub(crate) async fn apply(self, answer: Response, refusal: fn(u16) -> Response) -> Response {
        match self {
            Self::Status(status) => refusal(status),
            Self::Answer { status, body } => (StatusCode::from_u16(status).unwrap_or_default(), body).into_response(),
            Self::Html => {
                let page = Html("<html><body><h1>Internal Server Error</h1></body></html>");
                (StatusCode::INTERNAL_SERVER_ERROR, page).into_response()
            }
            Self::Delay(delay) => {
                tokio::time::sleep(delay).await;
                answer
            }
            Self::Drop => {
                let closed = Err::<Bytes, _>(io::Error::other("closed by a fault"));
                Body::from_stream(stream::iter([closed])).into_response()
            }
        }
    }
}
