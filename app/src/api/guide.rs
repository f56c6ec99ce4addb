use api_types::Problem;

use crate::server_fns::{guide::guide_topic, read};

/// A topic of the guide as HTML.
pub async fn topic(id: &str) -> Result<String, Problem> {
    read(guide_topic(id.to_owned())).await
}
