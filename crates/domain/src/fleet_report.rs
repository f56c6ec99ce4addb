//! What a fleet server reports about itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The outcome of a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FleetHealth {
    /// The server reported its capacity.
    Healthy,
    /// The server did not answer, or not as a healthy one.
    Unreachable,
}

/// The answer of a healthy server to `GET /health/fleet`.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetReport {
    /// `fleet_max`: the calls that all its workers can run at once.
    pub max: u64,
    /// `fleet_available`: further calls that it accepts now; at most [`Self::max`].
    pub available: u64,
    /// `fleet_calls`: the calls that its workers run now.
    pub calls: u64,
    /// `workers`, as the server wrote them.
    pub workers: Vec<Value>,
}

impl FleetReport {
    /// The report in the body of a 2xx response; otherwise why the server does not count as healthy.
    ///
    /// # Errors
    /// A clause that names the field at fault: "fleet_max is not a whole number of 0 or more".
    pub fn parse(body: &str) -> Result<Self, String> {
        let Ok(Value::Object(mut body)) = serde_json::from_str(body) else {
            return Err("the answer is not a JSON object".to_owned());
        };
        match body.get("status") {
            Some(Value::String(status)) if status == "ok" => {}
            Some(status) => return Err(format!("status is {}, not \"ok\"", short(status))),
            None => return Err("status is missing".to_owned()),
        }
        let whole = |name: &str| match body.get(name) {
            None => Err(format!("{name} is missing")),
            Some(value) => value.as_u64().ok_or_else(|| format!("{name} is not a whole number of 0 or more")),
        };
        let (max, available, calls) = (whole("fleet_max")?, whole("fleet_available")?, whole("fleet_calls")?);
        if available > max {
            return Err(format!("fleet_available is {available}, more than fleet_max, {max}"));
        }
        match body.remove("workers") {
            Some(Value::Array(workers)) => Ok(Self { max, available, calls, workers }),
            Some(_) => Err("workers is not a list".to_owned()),
            None => Err("workers is missing".to_owned()),
        }
    }
}

fn short(value: &Value) -> String {
    const LONGEST: usize = 40;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn valid() -> Value {
        json!({ "status": "ok", "fleet_max": 10, "fleet_available": 4, "fleet_calls": 6,
                "workers": [{ "id": "w1", "calls": 6, "max": 10, "pid": 7 }] })
    }

    fn fault(field: &str, value: Value) -> String {
        let mut body = valid();
        body[field] = value;
        FleetReport::parse(&body.to_string()).unwrap_err()
    }

    #[test]
    fn complete_answer_is_a_report() {
        let report = FleetReport::parse(&valid().to_string()).unwrap();
        assert_eq!((report.max, report.available, report.calls, report.workers.len()), (10, 4, 6, 1));
        let empty = json!({ "status": "ok", "fleet_max": 0, "fleet_available": 0, "fleet_calls": 0, "workers": [] });
        assert!(FleetReport::parse(&empty.to_string()).is_ok());
    }

    #[test]
    fn missing_field_is_named() {
        for field in ["status", "fleet_max", "fleet_available", "fleet_calls", "workers"] {
            let mut body = valid();
            body.as_object_mut().unwrap().remove(field);
            assert_eq!(FleetReport::parse(&body.to_string()), Err(format!("{field} is missing")));
        }
    }

    #[test]
    fn number_that_is_not_whole_is_refused() {
        for field in ["fleet_max", "fleet_available", "fleet_calls"] {
            for value in [json!(-1), json!(1.5), json!(4.0), json!("4"), json!(true), json!(null)] {
                assert_eq!(fault(field, value), format!("{field} is not a whole number of 0 or more"));
            }
        }
    }

    #[test]
    fn other_answers_are_refused_with_the_reason() {
        for body in ["", "[]", "ok", "<html>", "{\"status\": \"ok\""] {
            assert_eq!(FleetReport::parse(body), Err("the answer is not a JSON object".to_owned()), "{body}");
        }
        assert_eq!(fault("fleet_available", json!(11)), "fleet_available is 11, more than fleet_max, 10");
        assert_eq!(fault("status", json!("degraded")), "status is \"degraded\", not \"ok\"");
        assert_eq!(fault("status", json!("x".repeat(500))).chars().count(), 61);
        assert_eq!(fault("workers", json!({})), "workers is not a list");
    }
}
