//! Vonage's errors, each with what to do.

use std::time::Duration;

use http_client::Redactor;
use number_provider::ProviderError;
use serde_json::Value;

use crate::account::VONAGE;

/// The error of a response: `{"error-code", "error-code-label"}`, a map of fields, nothing, or a gateway's page.
pub(crate) fn refused(
    status: u16,
    body: &str,
    retry_after: Option<Duration>,
    changes: bool,
    redactor: &Redactor,
) -> ProviderError {
    let answer: Option<Value> = serde_json::from_str(body).ok();
    let inner = answer.as_ref().and_then(|answer| answer.get("error-code")).and_then(code);
    let label = answer.as_ref().and_then(|answer| answer.get("error-code-label")).and_then(Value::as_str);
    let field = answer.as_ref().filter(|_| inner.is_none()).and_then(first_field);
    let words = match (label, &field) {
        (Some(label), _) => label.to_owned(),
        (None, Some((name, fault))) => format!("{name}: {fault}"),
        (None, None) => body.to_owned(),
    };
    // The HTTP status may be 200 while the code in the body is not, and the other way round.
    let code = inner.filter(|code| *code != 200).unwrap_or(status);
    let reason = format!("{code}: {}", redactor.snippet(&words));
    let refused = |remedy: &str, field: Option<&'static str>| ProviderError::Refused {
        code: code.to_string(),
        message: format!("Vonage refused ({reason}). {remedy}"),
        field,
    };
    match code {
        401 => ProviderError::CredentialsRefused {
            code: code.to_string(),
            message: format!(
                "Vonage does not accept the request of this account ({reason}). Copy API key and secret again from Vonage's API \
                 settings; a trial account cannot buy numbers."
            ),
        },
        403 => ProviderError::CredentialsRefused {
            code: code.to_string(),
            message: format!("The Vonage account may not do this ({reason}). Ask Vonage's support."),
        },
        429 => ProviderError::RateLimited {
            message: format!("Vonage had too many requests of this account ({reason}). Try again in a minute."),
            retry_after,
        },
        _ if status >= 500 || code >= 500 => ProviderError::failed(VONAGE, &reason, changes),
        _ if answer.is_none() && !matches!(code, 404 | 420) => ProviderError::failed(VONAGE, &reason, changes),
        420 => refused(
            "Check in Vonage's dashboard that the account has enough credit, and that the country's requirements are met; the number \
             may also be sold by now: search again.",
            Some("phone_number"),
        ),
        404 => refused("The number is not available any more: search again, and choose another.", Some("phone_number")),
        400 => refused("Correct the field, and try again.", field.as_ref().map(|(name, _)| our_field(name))),
        300..=399 => refused("The server redirects elsewhere: check TRUNKLINE_VONAGE_URL.", None),
        _ => refused("Vonage's dashboard may say more.", None),
    }
}

/// A code as text or as a number.
pub(crate) fn code(value: &Value) -> Option<u16> {
    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())?;
    u16::try_from(number).ok()
}

/// Of `{"country": "Is required."}`.
fn first_field(answer: &Value) -> Option<(String, String)> {
    answer.as_object()?.iter().find_map(|(name, fault)| Some((name.clone(), fault.as_str()?.to_owned())))
}

fn our_field(name: &str) -> &'static str {
    match name {
        "country" => "country_code",
        "pattern" | "search_pattern" => "pattern",
        "type" => "number_type",
        _ => "phone_number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> ProviderError {
        super::refused(status, body, None, true, &Redactor::basic_auth("key", "s3cret"))
    }

    #[test]
    fn each_refusal_has_its_remedy() {
        for (status, body, kind, remedy) in [
            (
                401,
                r#"{"error-code":"401","error-code-label":"authentication failed"}"#,
                "provider_credentials_refused",
                "API key",
            ),
            (
                200,
                r#"{"error-code":"401","error-code-label":"authentication failed"}"#,
                "provider_credentials_refused",
                "trial",
            ),
            (420, r#"{"error-code":"420","error-code-label":"method failed"}"#, "provider_refused", "enough credit"),
            (200, r#"{"error-code":"420","error-code-label":"method failed"}"#, "provider_refused", "enough credit"),
            (420, "", "provider_refused", "enough credit"),
            (
                404,
                r#"{"error-code":"404","error-code-label":"number not found"}"#,
                "provider_refused",
                "choose another",
            ),
            (400, r#"{"country":"Is required."}"#, "provider_refused", "country: Is required"),
            (429, "", "provider_rate_limited", "in a minute"),
            (500, "<html>s3cret</html>", "provider_outcome_unknown", "before you repeat"),
            (400, "<html>proxy</html>", "provider_outcome_unknown", "before you repeat"),
        ] {
            let error = refused(status, body);
            assert_eq!(error.code(), kind, "{status} {body}");
            assert!(error.to_string().contains(remedy) && !error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn map_of_fields_names_our_field() {
        let ProviderError::Refused { field, .. } = refused(400, r#"{"country":"Is required."}"#) else {
            panic!("it was refused")
        };
        assert_eq!(field, Some("country_code"));
    }
}
