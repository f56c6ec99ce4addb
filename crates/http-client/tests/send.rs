//! Requests against a server on a loopback port.

use std::{io, net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    routing::get,
};
use futures::{StreamExt, stream};
use http_client::{Failure, FailureKind, Reply, builder, send};
use reqwest::Url;

const LIMIT: usize = 64 * 1024;

async fn serve(router: Router) -> Url {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn request(url: &Url) -> Result<Reply, Failure> {
    let client = builder(Duration::from_millis(500), [url]).build().unwrap();
    send(client.get(url.clone()), LIMIT).await
}

#[tokio::test]
async fn reply_has_status_headers_and_body() {
    let answer = || async {
        let headers = [(header::CONTENT_TYPE, "Text/Plain; charset=utf-8"), (header::RETRY_AFTER, "30")];
        (StatusCode::TOO_MANY_REQUESTS, headers, "slow down")
    };
    let reply = request(&serve(Router::new().route("/", get(answer))).await).await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.text().as_str()), (429, "slow down"));
    assert!(reply.has_content_type("text/plain") && !reply.has_content_type("text"));
    assert_eq!(reply.retry_after(), Some(Duration::from_secs(30)));
}

#[tokio::test]
async fn retry_after_outside_of_an_hour_is_ignored() {
    for value in ["0", "3601", "Fri, 31 Dec 1999 23:59:59 GMT"] {
        let answer = move || async move { [(header::RETRY_AFTER, value)] };
        let reply = request(&serve(Router::new().route("/", get(answer))).await).await.unwrap();
        assert_eq!(reply.retry_after(), None, "{value}");
    }
}

#[tokio::test]
async fn user_agent_names_trunkline() {
    let answer = |headers: HeaderMap| async move { headers[header::USER_AGENT].to_str().unwrap().to_owned() };
    let reply = request(&serve(Router::new().route("/", get(answer))).await).await.unwrap();
    assert!(reply.text().starts_with("trunkline/"), "{}", reply.text());
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let answer = || async { (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]) };
    let elsewhere = || async { "followed" };
    let url = serve(Router::new().route("/", get(answer)).route("/elsewhere", get(elsewhere))).await;
    assert_eq!(request(&url).await.unwrap().status.as_u16(), 302);
}

#[tokio::test]
async fn body_over_the_limit_is_too_large() {
    for (bytes, fits) in [(LIMIT, true), (LIMIT + 1, false)] {
        let answer = move || async move { vec![b' '; bytes] };
        let result = request(&serve(Router::new().route("/", get(answer))).await).await;
        assert_eq!(result.as_ref().map(|reply| reply.body.len()).ok(), fits.then_some(bytes), "{bytes}");
        if let Err(failure) = result {
            assert_eq!((failure.kind, failure.status), (FailureKind::TooLarge, Some(200)));
        }
    }
}

#[tokio::test]
async fn broken_body_is_interrupted_and_has_its_status() {
    let answer = || async {
        let cut = stream::once(async {
            // Lets the server send the first part before it closes the connection.
            tokio::task::yield_now().await;
            Err(io::Error::other("closed by the test"))
        });
        Body::from_stream(stream::iter([Ok(Bytes::from_static(b"half"))]).chain(cut))
    };
    let failure = request(&serve(Router::new().route("/", get(answer))).await).await.unwrap_err();
    assert_eq!((failure.kind, failure.status), (FailureKind::Interrupted, Some(200)), "{failure}");
    assert!(failure.may_have_been_received());
}

#[tokio::test]
async fn slow_response_is_a_timeout() {
    let answer = || async { tokio::time::sleep(Duration::from_secs(30)).await };
    let failure = request(&serve(Router::new().route("/", get(answer))).await).await.unwrap_err();
    assert_eq!((failure.kind, failure.status), (FailureKind::Timeout, None), "{failure}");
    assert!(failure.may_have_been_received());
}

#[tokio::test]
async fn closed_port_is_a_connect_failure_with_its_cause() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let failure = request(&url).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Connect, "{failure}");
    assert!(!failure.may_have_been_received());
    assert!(failure.message.contains("refused") && !failure.message.contains(url.as_str()), "{failure}");
}

#[tokio::test]
async fn plain_http_server_is_a_tls_failure() {
    let mut url = serve(Router::new()).await;
    url.set_scheme("https").unwrap();
    let failure = request(&url).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls, "{failure}");
    assert!(!failure.may_have_been_received());
}
