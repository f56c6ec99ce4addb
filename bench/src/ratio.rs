//! Response times of several endpoints, measured in rounds, as ratios.

use std::{
    fmt,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, http::header, routing::any};
use reqwest::{Client, RequestBuilder};
use tokio::net::TcpListener;

use crate::{Error, console::Console};

pub const ROUNDS: usize = 60;
/// Consecutive requests to one endpoint in a round.
const REQUESTS_PER_ROUND: u32 = 15;

/// An endpoint to measure.
pub struct Endpoint {
    /// Makes a request, by how many were sent before it.
    request: Box<dyn Fn(usize) -> Option<RequestBuilder>>,
    sent: AtomicUsize,
    /// Length of the response body; 0 if it is not known.
    pub bytes: usize,
}

/// The ratio of two endpoints' times, over all rounds: median and quartiles.
pub struct Ratio {
    pub median: f64,
    lower: f64,
    upper: f64,
}

impl Endpoint {
    pub fn console(console: &Console, path: &str) -> Self {
        Self::of(vec![console.get(path)])
    }

    /// Several requests, of which each is sent in its turn.
    pub fn of(requests: Vec<RequestBuilder>) -> Self {
        Self::numbered(move |sent| requests[sent % requests.len()].try_clone())
    }

    /// A new request each time.
    pub fn numbered(request: impl Fn(usize) -> Option<RequestBuilder> + 'static) -> Self {
        Self { request: Box::new(request), sent: AtomicUsize::new(0), bytes: 0 }
    }

    /// A bare route that sends the console's response for `path`.
    pub async fn bare(console: &Console, path: &str) -> Result<Self, Error> {
        Self::bare_for(console.get(path)).await
    }

    /// A bare route that sends the response of this request.
    pub async fn bare_for(request: RequestBuilder) -> Result<Self, Error> {
        let bare = bare_route(request).await?;
        Ok(Self { bytes: bare.bytes, ..Self::of(vec![Client::new().get(bare.url)]) })
    }

    async fn measure(&self) -> Result<Duration, Error> {
        let start = Instant::now();
        for _ in 0..REQUESTS_PER_ROUND {
            let sent = self.sent.fetch_add(1, Ordering::Relaxed);
            let request = (self.request)(sent).ok_or("a request that cannot be sent again")?;
            request.send().await?.error_for_status()?.bytes().await?;
        }
        Ok(start.elapsed())
    }
}

/// A route that reads a request's body and sends fixed bytes.
pub struct BareRoute {
    pub url: String,
    /// Length of the response body.
    pub bytes: usize,
}

/// A bare route that sends the response of this request.
pub async fn bare_route(request: RequestBuilder) -> Result<BareRoute, Error> {
    let response = request.send().await?.error_for_status()?;
    let kind = response.headers().get(header::CONTENT_TYPE).cloned().ok_or("no content type")?;
    let body = response.bytes().await?;
    let bytes = body.len();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let route = any(async move |_request: Bytes| ([(header::CONTENT_TYPE, kind)], body));
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", route)).await });
    Ok(BareRoute { url, bytes })
}

/// For each pair of indexes, the ratio of the first endpoint's time to the second one's.
pub async fn ratios<const N: usize>(endpoints: &[Endpoint], pairs: [(usize, usize); N]) -> Result<[Ratio; N], Error> {
    let mut rounds = Vec::with_capacity(ROUNDS);
    for round in 0..=ROUNDS {
        let mut times = vec![0.0; endpoints.len()];
        // Each round starts with another endpoint, so that none always follows the slowest.
        for step in 0..endpoints.len() {
            let index = (round + step) % endpoints.len();
            times[index] = endpoints[index].measure().await?.as_secs_f64();
        }
        // The first round opens connections and fills caches.
        if round > 0 {
            rounds.push(times);
        }
    }
    Ok(pairs.map(|(over, under)| Ratio::of(rounds.iter().map(|times| times[over] / times[under]).collect())))
}

/// How a target is reported.
pub fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "NOT reached" }
}

impl Ratio {
    fn of(mut ratios: Vec<f64>) -> Self {
        ratios.sort_by(f64::total_cmp);
        let at = |quarters: usize| ratios.get(ratios.len() * quarters / 4).copied().unwrap_or(f64::NAN);
        Self { median: at(2), lower: at(1), upper: at(3) }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} [{:.2}–{:.2}]", self.median, self.lower, self.upper)
    }
}
