//! The server around the fake's answers.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    extract::State as Shared,
    http::{HeaderMap, Method, Uri, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use crate::{Fault, answers, state::State};

/// A request as the fake reads it.
pub(crate) struct Call {
    pub method: Method,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub form: Vec<(String, String)>,
}

impl Call {
    pub fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    pub fn form(&self, name: &str) -> Option<&str> {
        find(&self.form, name)
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The faults of the next calls.
#[derive(Debug, Default)]
pub(crate) struct Faults(VecDeque<(String, Fault, bool)>);

impl Faults {
    pub fn add(&mut self, call: &str, fault: Fault, always: bool) {
        self.0.push_back((call.to_owned(), fault, always));
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault for a call that is described as `POST /path`.
    fn next(&mut self, call: &str) -> Option<Fault> {
        let at = self.0.iter().position(|(part, ..)| call.contains(part.as_str()))?;
        match &self.0[at] {
            (_, fault, true) => Some(fault.clone()),
            _ => self.0.remove(at).map(|(_, fault, _)| fault),
        }
    }
}

pub(crate) async fn serve(
    Shared(state): Shared<Arc<Mutex<State>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = String::from_utf8_lossy(&body).into_owned();
    let (fault, answer) = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let blank = if form.is_empty() { "" } else { " " };
        state.calls.push(format!("{method} {uri}{blank}{form}"));
        let fault = state.faults.next(&format!("{method} {}", uri.path()));
        let call = Call {
            method,
            path: uri.path().to_owned(),
            query: serde_urlencoded::from_str(uri.query().unwrap_or_default()).unwrap_or_default(),
            form: serde_urlencoded::from_str(&form).unwrap_or_default(),
        };
        let is_executed = fault.as_ref().is_none_or(Fault::executes);
        let answer = match is_executed {
            true if is_authorized(&state, &headers) => answers::answer(&mut state, &call),
            true => answers::refusal(401),
            false => Response::default(),
        };
        (fault, answer)
    };
    match fault {
        None => answer,
        Some(fault) => fault.apply(answer, answers::refusal).await,
    }
}

fn is_authorized(state: &State, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.strip_prefix("Basic ").and_then(|text| BASE64.decode(text).ok()).unwrap_or_default();
    let given = String::from_utf8_lossy(&given).into_owned();
    match &state.credentials {
        Some((user, password)) => given == format!("{user}:{password}"),
        None => given.split_once(':').is_some_and(|(_, password)| password != crate::Fake::INVALID_SECRET),
    }
}
