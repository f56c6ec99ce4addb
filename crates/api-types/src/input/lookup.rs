use serde::Deserialize;
use utoipa::IntoParams;

/// The query of `GET /api/v1/sip/lookup`.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DidLookupQuery {
    /// The called number in any spelling: E.164 with or without `+`, with blanks and punctuation, or as its carrier writes it.
    #[param(example = "+14155550123")]
    pub number: String,
}

/// The query of `GET /api/v1/sip/outbound-trunk`.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OutboundTrunkQuery {
    /// The number to call from, in any spelling. Without it, the least loaded carrier is selected.
    #[param(example = "+14155550123")]
    pub from_number: Option<String>,
}
