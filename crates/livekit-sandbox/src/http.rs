//! Twirp's routing, and faults.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use domain::Secret;
use futures::{StreamExt, stream};

use crate::{
    Options, auth, control,
    error::Refusal,
    faults::{Fault, Faults, Stage},
    methods::{self, Call, Encoding},
    store::Store,
};

const PREFIX: &str = "/twirp/livekit.SIP/";

/// The API as an axum router, without a listener.
#[derive(Clone)]
pub struct Api {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    api_key: String,
    api_secret: Secret,
    pub store: Store,
    pub faults: Faults,
    pub calls: Mutex<BTreeMap<String, u64>>,
    /// Bytes of the responses to `List…` calls.
    pub listed_bytes: AtomicU64,
}

impl Api {
    /// Reads the objects.
    ///
    /// # Errors
    /// Where the file of [`Options`] cannot be read.
    pub fn open(options: &Options) -> io::Result<Self> {
        let inner = Inner {
            api_key: options.api_key.clone(),
            api_secret: options.api_secret.clone(),
            store: Store::open(options.file.as_deref())?,
            faults: Faults::default(),
            calls: Mutex::default(),
            listed_bytes: AtomicU64::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Faults of the calls to come.
    pub fn faults(&self) -> Faults {
        self.inner.faults.clone()
    }

    /// LiveKit's paths and the control API. The latter needs the caller's address: serve it with
    /// `into_make_service_with_connect_info::<SocketAddr>`.
    pub fn router(&self) -> Router {
        control::router().fallback(serve).with_state(self.clone())
    }
}

impl fmt::Debug for Api {
    /// Without the objects, which contain passwords.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Api").finish_non_exhaustive()
    }
}

async fn serve(State(api): State<Api>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path = uri.path();
    let Some(name) = path.strip_prefix(PREFIX) else {
        return match path {
            "/" => "OK".into_response(),
            _ => (StatusCode::NOT_FOUND, "404 page not found\n").into_response(),
        };
    };
    *api.inner.calls.lock().unwrap_or_else(PoisonError::into_inner).entry(name.to_owned()).or_default() += 1;

    let faults = api.inner.faults.apply(name);
    if let Some(failed) = fail(faults.before, None).await {
        return failed;
    }
    let answer = api.call(&method, path, name, &headers, body);
    if name.starts_with("List") {
        api.inner.listed_bytes.fetch_add(answer.body().size_hint().exact().unwrap_or_default(), Ordering::Relaxed);
    }
    match faults.after {
        Stage { fault: None, delay } if delay.is_zero() => answer,
        after => match fail(after, Some(answer)).await {
            Some(answer) => answer,
            None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
    }
}

impl Api {
    fn call(&self, method: &Method, path: &str, name: &str, headers: &HeaderMap, body: Bytes) -> Response {
        let Inner { api_key, api_secret, store, .. } = &*self.inner;
        let grant = match auth::grants(headers, api_key, api_secret) {
            Ok(grant) => grant,
            Err(text) => return (StatusCode::UNAUTHORIZED, text).into_response(),
        };
        let bad_route = |msg: String| Refusal::bad_route(msg, format!("{method} {path}")).into_response();
        if method != Method::POST {
            return bad_route(format!("unsupported method \"{method}\" (only POST is allowed)"));
        }
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let encoding = match content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/protobuf" => Encoding::Protobuf,
            "application/json" => Encoding::Json,
            _ => return bad_route(format!("unexpected Content-Type: {content_type:?}")),
        };
        match methods::serve(name, &Call { store, grant, encoding, body }) {
            Some(answer) => answer.unwrap_or_else(Refusal::into_response),
            None => bad_route(format!("no handler for path {path:?}")),
        }
    }
}

/// Applies a delay, then a fault; without a fault, returns the response, if there is one yet.
async fn fail(stage: Stage, answer: Option<Response>) -> Option<Response> {
    if !stage.delay.is_zero() {
        tokio::time::sleep(stage.delay).await;
    }
    match stage.fault {
        None | Some(Fault::Delay { .. }) => answer,
        Some(Fault::Error { code, message }) => Some(Refusal::new(code, message).into_response()),
        Some(Fault::Html502) => {
            let page = "<html><head><title>502 Bad Gateway</title></head><body>sandbox</body></html>";
            Some((StatusCode::BAD_GATEWAY, Html(page)).into_response())
        }
        Some(Fault::Drop) => Some(interrupted(Response::default(), None)),
        Some(Fault::Truncate) => {
            let (head, body) = answer.unwrap_or_default().into_parts();
            // At least one byte: without a body the server would not send the head either.
            let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
            let half =
                if whole.is_empty() { Bytes::from_static(b"\0") } else { whole.slice(..whole.len().div_ceil(2)) };
            Some(interrupted(Response::from_parts(head, Body::empty()), Some(half)))
        }
    }
}

/// A response whose body fails, at which the server closes the connection. Before the body's first byte, the head is not
/// sent either.
fn interrupted(answer: Response, sent: Option<Bytes>) -> Response {
    let closed = stream::once(async {
        // Lets the server send the first part before it closes the connection.
        tokio::task::yield_now().await;
        Err(io::Error::other("closed by a fault"))
    });
    match sent {
        None => {
            answer.map(|_| Body::from_stream(stream::iter([Err::<Bytes, _>(io::Error::other("closed by a fault"))])))
        }
        Some(sent) => answer.map(|_| Body::from_stream(stream::iter([Ok(sent)]).chain(closed))),
    }
}
