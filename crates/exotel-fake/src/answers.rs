//! Responses of the fake.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State as Shared,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use futures::{StreamExt, stream};
use serde_json::{Value, json};

use super::{Fault, State};

pub(super) async fn serve(
    Shared(state): Shared<Arc<Mutex<State>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let (fault, answer) = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.calls.push(uri.to_string());
        let fault = match state.faults.front() {
            Some((fault, true)) => Some(fault.clone()),
            Some(_) => state.faults.pop_front().map(|(fault, _)| fault),
            None => None,
        };
        (fault, answer(&state, &method, &uri, &headers))
    };
    match fault {
        None => answer,
        Some(fault) => fail(fault, answer).await,
    }
}

fn answer(state: &State, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wanted = format!("Basic {}", BASE64.encode(format!("{}:{}", state.api_key, state.api_token)));
    if given != wanted {
        return exception(401);
    }
    let path = format!("/v2_beta/Accounts/{}/IncomingPhoneNumbers", state.account_sid);
    if uri.path() != path {
        return exception(404);
    }
    if method != Method::GET {
        return exception(405);
    }
    let page = query(uri, "Page").unwrap_or(0);
    let size = query(uri, "PageSize").unwrap_or(50).min(state.page_size);
    let items: Vec<&Value> = state.numbers.iter().skip(page * size).take(size).collect();
    let address = |page: usize| format!("http://twilix.exotel.com{path}?Page={page}&PageSize={size}");
    let mut body = json!({ "page": page, "page_size": size, "incoming_phone_numbers": items });
    if state.has_next_page_uri {
        body["uri"] = address(page).into();
        body["first_page_uri"] = address(0).into();
        body["next_page_uri"] = match (page + 1) * size < state.numbers.len() {
            true => address(page + 1).into(),
            false => Value::Null,
        };
        body["previous_page_uri"] = page.checked_sub(1).map_or(Value::Null, |page| address(page).into());
    }
    Json(body).into_response()
}

fn query(uri: &Uri, name: &str) -> Option<usize> {
    let mut pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name)?.1.parse().ok()
}

/// A refusal in Exotel's form.
fn exception(status: u16) -> Response {
    let (code, message) = match status {
        401 => ("UNAUTHORIZED", "Authentication failed. Invalid API Key or Token."),
        403 => ("FORBIDDEN", "Account suspended or insufficient permissions."),
        404 => ("NOT_FOUND", "Resource does not exist."),
        429 => ("RATE_LIMIT_EXCEEDED", "API rate limit exceeded."),
        _ => ("ERROR", "Something went wrong."),
    };
    let body = json!({ "RestException": { "Status": status, "Message": message, "Code": code } });
    let mut response = (StatusCode::from_u16(status).unwrap_or_default(), Json(body)).into_response();
    if status == 429 {
        response.headers_mut().insert(header::RETRY_AFTER, 30.into());
    }
    response
}

async fn fail(fault: Fault, answer: Response) -> Response {
    match fault {
        Fault::Status(status) => exception(status),
        Fault::Answer { status, body } => (StatusCode::from_u16(status).unwrap_or_default(), body).into_response(),
        Fault::Html => {
            Html("<html><head><title>Welcome</title></head><body>Log in to the network</body></html>").into_response()
        }
        Fault::Delay(delay) => {
            tokio::time::sleep(delay).await;
            answer
        }
        Fault::Redirect(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Fault::Huge => {
            let megabyte = Bytes::from(vec![b' '; 1024 * 1024]);
            let stream = stream::iter((0..8).map(move |_| Ok::<_, io::Error>(megabyte.clone())));
            Body::from_stream(stream).into_response()
        }
        Fault::Drop => Body::from_stream(stream::iter([Err::<Bytes, _>(dropped())])).into_response(),
        Fault::Truncate => {
            let half = half(answer).await;
            let rest = stream::once(async {
                // Lets the server send the first half before it closes the connection.
                tokio::task::yield_now().await;
                Err(dropped())
            });
            Body::from_stream(stream::iter([Ok(half)]).chain(rest)).into_response()
        }
        Fault::CutJson => half(answer).await.into_response(),
    }
}

fn dropped() -> io::Error {
    io::Error::other("closed by a fault")
}

async fn half(answer: Response) -> Bytes {
    let whole = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default();
    whole.slice(..whole.len() / 2)
}
