//! The topics of the carrier guide have short addresses that can be passed on.

use app::{guide::TOPICS, urls};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};

use crate::http::shared::problem::no_route;

/// `/guide/{topic}`: the list of carriers with the guide open.
pub(super) async fn open(Path(topic): Path<String>) -> Response {
    if !TOPICS.iter().any(|(id, _)| *id == topic) {
        return no_route().await.into_response();
    }
    Redirect::to(&urls::guide(&topic)).into_response()
}
