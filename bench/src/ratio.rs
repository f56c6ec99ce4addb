//! Requests in turns, and the ratio of what they took.

use std::{
    fmt,
    time::{Duration, Instant},
};

use axum::{Router, http::header, routing::get};
use reqwest::{Client, RequestBuilder};
use tokio::net::TcpListener;

use crate::{Error, console::Console};

pub const TURNS: usize = 60;
/// Requests that one contender answers in a turn, one after the other.
const IN_A_TURN: u32 = 15;

/// Something that answers one GET.
pub struct Contender {
    request: RequestBuilder,
    /// Length of the answer, where it is known already.
    pub bytes: usize,
}

/// Of two contenders' times, over all turns.
pub struct Ratio {
    pub median: f64,
    lower: f64,
    upper: f64,
}

impl Contender {
    pub fn console(console: &Console, path: &str) -> Self {
        Self { request: console.get(path), bytes: 0 }
    }

    /// A bare route that answers what the console answers at `path`.
    pub async fn bare(console: &Console, path: &str) -> Result<Self, Error> {
        let answer = console.get(path).send().await?.error_for_status()?;
        let kind = answer.headers().get(header::CONTENT_TYPE).cloned().ok_or("no content type")?;
        let body = answer.bytes().await?;
        let bytes = body.len();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let route = get(async move || ([(header::CONTENT_TYPE, kind)], body));
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", route)).await });
        Ok(Self { request: Client::new().get(url), bytes })
    }

    async fn turn(&self) -> Result<Duration, Error> {
        let start = Instant::now();
        for _ in 0..IN_A_TURN {
            let request = self.request.try_clone().ok_or("a request without a body")?;
            request.send().await?.error_for_status()?.bytes().await?;
        }
        Ok(start.elapsed())
    }
}

/// For each pair of places the ratio of the first one's time to the second one's.
pub async fn ratios<const N: usize>(contenders: &[Contender], pairs: [(usize, usize); N]) -> Result<[Ratio; N], Error> {
    let mut turns = Vec::with_capacity(TURNS);
    for turn in 0..=TURNS {
        let mut times = vec![0.0; contenders.len()];
        // Each turn begins with another one, so that nobody is always the one after the slowest.
        for step in 0..contenders.len() {
            let place = (turn + step) % contenders.len();
            times[place] = contenders[place].turn().await?.as_secs_f64();
        }
        // The first turn opens connections and fills caches.
        if turn > 0 {
            turns.push(times);
        }
    }
    Ok(pairs.map(|(over, under)| Ratio::of(turns.iter().map(|times| times[over] / times[under]).collect())))
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
