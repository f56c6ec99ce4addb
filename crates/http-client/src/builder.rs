use std::{net::IpAddr, time::Duration};

use reqwest::{ClientBuilder, Url, redirect, retry};

/// Upper limit of the time to connect. It is shorter than a request's, so that "not connected", after which the request
/// was certainly not sent, is reported as such.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A proxy in between may have closed a connection that was idle for longer; a request on it could be lost.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(5);
const USER_AGENT: &str = concat!("trunkline/", env!("CARGO_PKG_VERSION"));

/// A reqwest builder with these settings:
///
/// - `timeout` for one request, from connecting to the last byte of the body; half of it, at most 5 s, for connecting;
/// - no retries: a replayed POST may create a second object;
/// - no redirects: a redirect would send credentials to another host;
/// - no proxy of the environment where one of `endpoints` is a loopback address;
/// - `User-Agent: trunkline/<version>`.
pub fn builder<'a>(timeout: Duration, endpoints: impl IntoIterator<Item = &'a Url>) -> ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout / 2))
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .retry(retry::never())
        .redirect(redirect::Policy::none());
    if endpoints.into_iter().any(is_loopback) { builder.no_proxy() } else { builder }
}

/// Whether a URL names this machine: `localhost`, or a loopback address.
pub fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_recognised_by_name_and_address() {
        for (url, loopback) in [
            ("http://localhost", true),
            ("http://127.0.0.1:1", true),
            ("http://[::1]", true),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), loopback, "{url}");
        }
    }
}
