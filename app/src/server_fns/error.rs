//! The error of server functions.

use api_types::Problem;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use super::encoding::JsonText;

/// The same problem document that `/api/v1` sends (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerFnProblem(pub Problem);

impl From<ServerFnProblem> for Problem {
    fn from(ServerFnProblem(problem): ServerFnProblem) -> Self {
        problem
    }
}

impl FromServerFnError for ServerFnProblem {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr::{Args, Deserialization, MissingArg, Request};

        match error {
            Request(_) => Self(offline()),
            Args(reason) | MissingArg(reason) => Self(malformed(&reason)).answered(),
            // The server reports arguments that it cannot read, and the browser a response.
            Deserialization(reason) if cfg!(feature = "ssr") => Self(malformed(&reason)).answered(),
            other => Self(unreadable(&other.to_string())).answered(),
        }
    }
}

impl ServerFnProblem {
    /// On the server, gives the response its status, if the outcome is the whole response.
    fn answered(self) -> Self {
        #[cfg(feature = "ssr")]
        response::describe(&self.0, None);
        self
    }
}

fn offline() -> Problem {
    let detail = "The server does not answer. Check the connection and try again. What you typed is still here.";
    Problem::new(0, "offline", "No Connection", detail)
}

fn unreadable(reason: &str) -> Problem {
    let status = if cfg!(feature = "ssr") { 500 } else { 0 };
    let detail = format!("The answer could not be read ({reason}). Reload the page: the server may have been updated.");
    Problem::new(status, "unreadable_answer", "Unreadable Answer", detail)
}

fn malformed(reason: &str) -> Problem {
    Problem::new(400, "malformed", "Malformed Request", format!("The request is not understood: {reason}."))
}

#[cfg(feature = "ssr")]
pub use response::FunctionResponse;

#[cfg(feature = "ssr")]
mod response {
    use api_types::Problem;
    use http::{HeaderValue, StatusCode, header};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use services::Error;

    use super::ServerFnProblem;

    /// A context of requests whose response is the outcome of a server function. Without it, a page that reads by a server
    /// function would get the status of that read.
    #[derive(Clone)]
    pub struct FunctionResponse(pub ResponseOptions);

    impl From<Error> for ServerFnProblem {
        fn from(error: Error) -> Self {
            let retry_after_seconds = error.retry_after_seconds();
            let problem = Problem::from(error);
            describe(&problem, retry_after_seconds);
            Self(problem)
        }
    }

    /// Sets the status, and the headers that belong to it. An error never has status 200, because the browser would decode
    /// it as a success.
    pub fn describe(problem: &Problem, retry_after_seconds: Option<i64>) {
        let Some(FunctionResponse(options)) = use_context() else { return };
        let status = StatusCode::from_u16(problem.status).ok().filter(|status| !status.is_success());
        options.set_status(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        if let Some(seconds) = retry_after_seconds {
            options.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == Some(StatusCode::UNAUTHORIZED) {
            options.insert_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
    }
}
