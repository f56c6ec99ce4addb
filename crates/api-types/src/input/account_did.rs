use domain::{AccountDidFilter, DidAction, DidBulk, DidScope, FieldErrors, FieldFault};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{DidBulkInput, DidQuery, Text, search::given};

/// The query of `GET /api/v1/dids`, and of the page of all phone numbers, which keeps it in its URL. Blank is as good as
/// absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct AccountDidQuery {
    /// As in the list of one carrier's numbers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// A carrier's id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub carrier_id: String,
    /// See [`domain::CarrierProvider`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub provider: String,
    /// See [`domain::Direction`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub direction: String,
    /// A bot's id, or `none` for the numbers without a bot.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub bot_id: String,
    /// `synced`, `pending` or `error` (of the carrier), or `no_bot`: inbound calls are rejected.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// `number` where empty, `label`, `direction` or `bot`; `-` in front reverses the order.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    /// 1 to 200; 50 where absent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub limit: String,
    /// `next_cursor` of the page before, with the same sort.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cursor: String,
}

impl AccountDidQuery {
    /// The cursor is left to whoever made it.
    pub fn parse(&self) -> Result<AccountDidFilter, FieldErrors> {
        let did = DidQuery {
            q: self.q.clone(),
            direction: self.direction.clone(),
            bot_id: self.bot_id.clone(),
            sort: self.sort.clone(),
            limit: self.limit.clone(),
            cursor: self.cursor.clone(),
        };
        let (mut errors, did) = match did.parse() {
            Ok(did) => (FieldErrors::default(), Some(did)),
            Err(errors) => (errors, None),
        };
        let rest =
            further(&mut errors, ["carrier_id", "provider", "state"], &self.carrier_id, &self.provider, &self.state);
        match did {
            Some(did) if errors.is_empty() => Ok(AccountDidFilter { did, ..rest }),
            _ => Err(errors),
        }
    }
}

/// The filters beside those of one carrier's numbers. `names` are their fields.
fn further(errors: &mut FieldErrors, names: [&str; 3], carrier: &str, provider: &str, state: &str) -> AccountDidFilter {
    let fault = |code, message: &str| FieldFault::new(code, message);
    let carrier = given(carrier).and_then(|text| {
        let message = "Enter a carrier's id, or leave it out.";
        errors.record(names[0], text.parse().map_err(|_| fault("unknown_carrier", message)))
    });
    let provider = given(provider).and_then(|text| errors.record(names[1], text.parse()));
    let state = given(state).and_then(|text| {
        let message = "Choose one of synced, pending, error or no_bot.";
        errors.record(names[2], text.parse().map_err(|_| fault("unknown_state", message)))
    });
    AccountDidFilter { carrier, provider, state, ..AccountDidFilter::default() }
}

/// What `POST /api/v1/dids/bulk` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct AccountDidBulkInput {
    /// As for the numbers of one carrier.
    #[serde(flatten)]
    pub bulk: DidBulkInput,
    /// With the scope `all`: `carrier_id` of the query.
    #[schema(value_type = String)]
    pub filter_carrier_id: Text,
    /// Its `provider`.
    #[schema(value_type = String)]
    pub filter_provider: Text,
    /// Its `state`.
    #[schema(value_type = String)]
    pub filter_state: Text,
}

/// A change of many DIDs of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountDidBulk {
    /// Which DIDs.
    pub scope: AccountDidScope,
    /// How they are changed.
    pub action: DidAction,
}

/// The DIDs of a bulk change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountDidScope {
    /// These.
    Ids(Vec<domain::DidId>),
    /// Those that match the filter, on all pages.
    Matching {
        /// Which DIDs; its order and limit do not count.
        filter: AccountDidFilter,
        /// How many matched when the operator decided.
        expected: i64,
    },
}

impl AccountDidBulkInput {
    /// The change.
    pub fn parse(&self) -> Result<AccountDidBulk, FieldErrors> {
        let (mut errors, bulk) = match self.bulk.parse() {
            Ok(bulk) => (FieldErrors::default(), Some(bulk)),
            Err(errors) => (errors, None),
        };
        let names = ["filter_carrier_id", "filter_provider", "filter_state"];
        let rest =
            further(&mut errors, names, &self.filter_carrier_id.0, &self.filter_provider.0, &self.filter_state.0);
        match bulk {
            Some(DidBulk { scope, action }) if errors.is_empty() => {
                let scope = match scope {
                    DidScope::Ids(ids) => AccountDidScope::Ids(ids),
                    DidScope::Matching { filter, expected } => {
                        AccountDidScope::Matching { filter: AccountDidFilter { did: filter, ..rest }, expected }
                    }
                };
                Ok(AccountDidBulk { scope, action })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{CarrierProvider, DidState, Direction};
    use serde_json::json;

    use super::*;

    #[test]
    fn each_filter_is_read() {
        let query: AccountDidQuery = serde_json::from_value(json!({"carrier_id": "car_01hf7yat000000000000000000",
            "provider": "twilio", "state": "no_bot", "direction": "both", "q": "415"}))
        .unwrap();
        let filter = query.parse().unwrap();
        assert_eq!((filter.provider, filter.state), (Some(CarrierProvider::Twilio), Some(DidState::NoBot)));
        assert_eq!((filter.did.direction, filter.did.q.as_str()), (Some(Direction::Both), "415"));
        assert!(filter.carrier.is_some() && !filter.matches_all());
        assert!(AccountDidQuery::default().parse().unwrap().matches_all());
    }

    #[test]
    fn invalid_filters_are_refused_by_field() {
        let query: AccountDidQuery = serde_json::from_value(
            json!({"carrier_id": "Twilio", "provider": "x", "state": "x", "direction": "up", "limit": "0"}),
        )
        .unwrap();
        let fields: Vec<_> = query.parse().unwrap_err().into_vec().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["direction", "limit", "carrier_id", "provider", "state"]);
        let bulk: AccountDidBulkInput = serde_json::from_value(json!({"scope": "all", "expected": 1,
            "action": "assign_bot", "bot_id": null, "filter_state": "x"}))
        .unwrap();
        let fields: Vec<_> = bulk.parse().unwrap_err().into_vec().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["filter_state"]);
    }
}
