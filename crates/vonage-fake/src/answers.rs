//! Responses of the fake.

use axum::{
    Json,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use number_provider_fake::Call;
use serde_json::{Value, json};

use crate::state::State;

pub(crate) fn answer(state: &mut State, call: &Call) -> Response {
    match (&call.method, call.path.as_str()) {
        (&Method::GET, "/number/search") => match call.query("country") {
            None => (StatusCode::BAD_REQUEST, Json(json!({ "country": "Is required." }))).into_response(),
            Some(_) => list(state, call, &state.available),
        },
        (&Method::GET, "/account/numbers") => list(state, call, &state.owned),
        (&Method::POST, "/number/buy" | "/number/cancel" | "/number/update") => change(state, call),
        _ => refusal(404),
    }
}

fn change(state: &mut State, call: &Call) -> Response {
    // Parameters in the query are not read.
    let (Some(country), Some(msisdn)) = (call.form("country"), call.form("msisdn")) else { return refusal(420) };
    let is_it = |item: &Value| item["msisdn"] == msisdn && item["country"] == country;
    if call.path == "/number/buy" {
        if !state.available.iter().any(is_it) {
            return refusal(420);
        }
        state.own(msisdn, &[]);
        return success();
    }
    let Some(at) = state.owned.iter().position(is_it) else { return refusal(420) };
    if call.path == "/number/cancel" {
        state.owned.remove(at);
        return success();
    }
    for (name, value) in call.form.iter().filter(|(name, _)| !matches!(name.as_str(), "country" | "msisdn")) {
        state.owned[at][name.as_str()] = value.clone().into();
    }
    success()
}

fn list(state: &State, call: &Call, items: &[Value]) -> Response {
    let pattern = call.query("pattern").unwrap_or_default();
    let matches = |item: &&Value| {
        let number = item["msisdn"].as_str().unwrap_or_default();
        let matches_pattern = match call.query("search_pattern").unwrap_or("0") {
            "0" => number.starts_with(pattern),
            "1" => number.contains(pattern),
            _ => number.ends_with(pattern),
        };
        let is = |name: &str| call.query(name).is_none_or(|wanted| item[name] == wanted);
        matches_pattern && is("country") && is("type")
    };
    let found: Vec<Value> = items.iter().filter(matches).cloned().collect();
    // Nothing found: neither count nor numbers.
    if found.is_empty() {
        return Json(json!({})).into_response();
    }
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("size").unwrap_or(10).min(state.page_size).max(1);
    let index = number("index").unwrap_or(1).max(1);
    let page: Vec<Value> = found.iter().skip((index - 1) * size).take(size).cloned().collect();
    Json(json!({ "count": found.len(), "numbers": page })).into_response()
}

fn success() -> Response {
    Json(json!({ "error-code": "200", "error-code-label": "success" })).into_response()
}

/// A refusal in Vonage's form.
pub(crate) fn refusal(status: u16) -> Response {
    let label = match status {
        401 => "authentication failed",
        404 => "number not found",
        420 => "method failed",
        _ => "failed",
    };
    let body = json!({ "error-code": status.to_string(), "error-code-label": label });
    (StatusCode::from_u16(status).unwrap_or_default(), Json(body)).into_response()
}
