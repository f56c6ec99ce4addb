//! Twilio's error codes, each with what to do.

use std::time::Duration;

use http_client::Redactor;
use number_provider::ProviderError;
use serde_json::Value;

use crate::account::TWILIO;

/// There is no such resource.
pub(crate) const NOT_FOUND: &str = "20404";

/// The error of a response that is not 2xx: `{"code", "message", "more_info", "status"}`, or a gateway's page.
pub(crate) fn refused(
    status: u16,
    body: &str,
    retry_after: Option<Duration>,
    changes: bool,
    redactor: &Redactor,
) -> ProviderError {
    let answer: Option<Value> = serde_json::from_str(body).ok();
    let code = answer.as_ref().and_then(|answer| answer.get("code")).and_then(number);
    let message = answer.as_ref().and_then(|answer| answer.get("message")).and_then(Value::as_str);
    let snippet = redactor.snippet(message.unwrap_or(body));
    // Without both, the response is not the API's: a proxy may have passed the request on.
    let is_from_api = code.is_some() && message.is_some();
    let code = code.unwrap_or_else(|| from_status(status));
    let reason = format!("{code}: {snippet}");
    match code {
        20429 | 429 => ProviderError::RateLimited {
            message: format!("Twilio had too many requests of this account at once ({reason}). Try again in a minute."),
            retry_after,
        },
        20500 | 20503 | 500..=599 => ProviderError::failed(TWILIO, &reason, changes),
        _ if status >= 500 => ProviderError::failed(TWILIO, &reason, changes),
        300..=399 => ProviderError::Refused {
            code: code.to_string(),
            message: format!(
                "The server redirects elsewhere ({reason}), to which no credentials are sent. Check TRUNKLINE_TWILIO_URL."
            ),
            field: None,
        },
        // Credentials are checked before anything else.
        _ if !is_from_api && status != 401 && (changes || !matches!(status, 403 | 404)) => {
            ProviderError::failed(TWILIO, &reason, changes)
        }
        _ => match credentials_remedy(code) {
            Some(remedy) => ProviderError::CredentialsRefused {
                code: code.to_string(),
                message: format!("Twilio does not accept the request of this account ({reason}). {remedy}"),
            },
            None => {
                let (remedy, field) = remedy(code);
                ProviderError::Refused {
                    code: code.to_string(),
                    message: format!("Twilio refused ({reason}). {remedy}"),
                    field,
                }
            }
        },
    }
}

/// Of a refusal without a code.
fn from_status(status: u16) -> u64 {
    match status {
        401 => 20003,
        404 => 20404,
        other => other.into(),
    }
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn credentials_remedy(code: u64) -> Option<&'static str> {
    Some(match code {
        20003 => {
            "Copy account SID and auth token, or API key SID and secret, again from Twilio's console. Test credentials, a deleted key \
             and a key of another region are refused too."
        }
        20005 | 20403 | 10001 | 22300 => {
            "The account is suspended, closed or barred from buying: ask Twilio's support."
        }
        20008 => "Test credentials cannot do this: enter the live ones.",
        403 => "Check in Twilio's console that the account and the key may do this.",
        70051 => {
            "The restricted API key lacks a permission: allow it phone numbers, SIP trunking and pricing in Twilio's console, or use a \
             standard key."
        }
        _ => return None,
    })
}

/// What to do, and the field of the input that is at fault.
fn remedy(code: u64) -> (&'static str, Option<&'static str>) {
    match code {
        20404 => ("There is no such resource: check country and type of the number, and the account SID.", None),
        10002 | 21404 => {
            ("A trial account has one number only: upgrade it in Twilio's console, or release its number.", None)
        }
        20001 | 20007 | 21481 => ("Trunkline's request was wrong: report it with this message.", None),
        20409 => ("Twilio has changed the same object meanwhile: try again.", None),
        21401 | 21421 => ("This is not a valid phone number: choose one from the search.", Some("phone_number")),
        21422 => ("The number is not available any more: search again, and choose another.", Some("phone_number")),
        21451 => ("There is no such area code: use another, or leave it blank.", Some("area_code")),
        21452 => ("No number is available in this area code: use another, or leave it blank.", Some("area_code")),
        21457 => ("Numbers of this kind cannot be searched by area code: leave it blank.", Some("area_code")),
        21458 => ("The number is of another type than the one in the request: search again.", Some("phone_number")),
        21613 | 21615 | 21628 | 21629 | 21631 | 21651 => (
            "The country requires a registered address. Add it under Phone Numbers, Regulatory Compliance in Twilio's console, buy the \
             number there, and register it here.",
            Some("phone_number"),
        ),
        21648..=21650 => (
            "The country requires an approved regulatory bundle or an identity document. Submit it under Phone Numbers, Regulatory \
             Compliance in Twilio's console, buy the number there after the approval, and register it here.",
            Some("phone_number"),
        ),
        21634 => ("The trunk has a number for emergency calls: switch that off in Twilio's console first.", None),
        21244 => (
            "The account has as many trunks as it may have (a trial account has one): delete one in Twilio's console.",
            None,
        ),
        21245 | 21248 => ("The trunk's domain name is used by another account: report it with this message.", None),
        21247 => ("The trunk is in use: remove its numbers and addresses first.", None),
        21249 => ("The trunk has as many origination URLs as it may have: delete one in Twilio's console.", None),
        21235..=21243 | 21255 => (
            "The account has as many credential lists or credentials as it may have: delete one in Twilio's console.",
            None,
        ),
        _ => ("twilio.com/docs/api/errors explains the code.", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str, changes: bool) -> ProviderError {
        super::refused(status, body, None, changes, &Redactor::basic_auth("AC1", "t0ken"))
    }

    fn coded(status: u16, code: u64) -> ProviderError {
        let body = serde_json::json!({ "code": code, "message": "no t0ken", "status": status }).to_string();
        refused(status, &body, true)
    }

    #[test]
    fn each_code_has_its_remedy() {
        for (status, code, kind, remedy) in [
            (404, 20404, "provider_refused", "check country and type"),
            (400, 21422, "provider_refused", "choose another"),
            (400, 21631, "provider_refused", "registered address"),
            (400, 21649, "provider_refused", "regulatory bundle"),
            (400, 10002, "provider_refused", "trial account"),
            (401, 20003, "provider_credentials_refused", "auth token"),
            (403, 70051, "provider_credentials_refused", "lacks a permission"),
            (403, 20008, "provider_credentials_refused", "live ones"),
            (429, 20429, "provider_rate_limited", "in a minute"),
            (503, 20503, "provider_outcome_unknown", "before you repeat"),
            (400, 99999, "provider_refused", "explains the code"),
        ] {
            let error = coded(status, code);
            assert_eq!(error.code(), kind, "{error}");
            assert!(error.to_string().contains(remedy) && !error.to_string().contains("t0ken"), "{error}");
        }
    }

    #[test]
    fn answers_of_others_may_have_changed_something() {
        let html = "<html><body>Bad Gateway t0ken</body></html>";
        for status in [500, 502, 400] {
            assert!(refused(status, html, true).is_outcome_unknown());
            assert_eq!(refused(status, html, false).code(), "provider_unavailable");
            assert!(!refused(status, html, true).to_string().contains("t0ken"));
        }
        assert_eq!(refused(401, "", true).code(), "provider_credentials_refused");
    }

    #[test]
    fn refusal_without_a_code_is_an_unknown_outcome() {
        for (status, body) in
            [(400, r#"{"message":"Bad Request"}"#), (403, r#"{"message":"Forbidden"}"#), (404, "not found")]
        {
            assert!(refused(status, body, true).is_outcome_unknown(), "{status}");
        }
        assert_eq!(refused(404, "not found", false).code(), "provider_refused");
    }
}
