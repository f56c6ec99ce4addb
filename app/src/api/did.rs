use domain::{CarrierId, DidId, Problem, input::DidInput, view::DidView};

use super::http;

fn path(carrier: &CarrierId) -> String {
    format!("/api/v1/carriers/{carrier}/dids")
}

pub async fn add(carrier: CarrierId, input: DidInput) -> Result<DidView, Problem> {
    http::send("POST", &path(&carrier), &input).await
}

pub async fn update(carrier: CarrierId, id: DidId, input: DidInput) -> Result<DidView, Problem> {
    http::send("PUT", &format!("{}/{id}", path(&carrier)), &input).await
}

pub async fn remove(carrier: CarrierId, id: DidId) -> Result<(), Problem> {
    http::delete(&format!("{}/{id}", path(&carrier))).await
}
