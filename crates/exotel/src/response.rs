//! Parses Exotel's responses in each of their documented forms.

use std::time::Duration;

use http_client::Redactor;
use serde_json::{Map, Value};

use crate::Error;

/// Numbers on a page, where the response does not say; Exotel's default.
pub(crate) const PAGE_SIZE: usize = 50;

/// A number of the account, which Exotel calls an ExoPhone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExoPhone {
    /// As Exotel writes it, mostly E.164; blanks are removed.
    pub number: String,
    /// The name that an operator gave it at Exotel; until then mostly the number.
    pub friendly_name: Option<String>,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Option<String>,
    /// Whether it can have calls; None where Exotel does not say.
    pub voice: Option<bool>,
}

/// The account's numbers in Exotel's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Each number once.
    pub numbers: Vec<ExoPhone>,
    /// False where the account has more than are read.
    pub complete: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub numbers: Vec<ExoPhone>,
    pub more: bool,
}

/// Parses a response of 200.
pub(crate) fn page(body: &str, redactor: &Redactor) -> Result<Page, Error> {
    let answer: Value =
        serde_json::from_str(body).map_err(|error| match error.is_eof() && !body.trim().is_empty() {
            true => Error::Lost { message: "the JSON is cut off".to_owned() },
            false => Error::Unreadable { status: 200, message: redactor.snippet(body) },
        })?;
    let list = match &answer {
        Value::Array(items) => Some(items),
        Value::Object(object) => {
            either(object, "incoming_phone_numbers", "IncomingPhoneNumbers").and_then(Value::as_array)
        }
        _ => None,
    };
    let Some(items) = list else {
        let unreadable = || Error::Unreadable { status: 200, message: redactor.snippet(body) };
        return Err(refusal_in(&answer).map_or_else(unreadable, |refusal| refusal.into_error(200, None, redactor)));
    };
    let next = answer.as_object().and_then(|object| either(object, "next_page_uri", "NextPageUri"));
    let size = answer.get("page_size").and_then(number).and_then(|size| usize::try_from(size).ok());
    let more = match next {
        Some(next) => next.as_str().is_some_and(|next| !next.is_empty()),
        None => answer.is_object() && items.len() >= size.filter(|size| *size > 0).unwrap_or(PAGE_SIZE),
    };
    Ok(Page { numbers: items.iter().filter_map(exo_phone).collect(), more })
}

/// The error of a response that is not 200.
pub(crate) fn refused(status: u16, body: &str, retry_after: Option<Duration>, redactor: &Redactor) -> Error {
    let refusal = serde_json::from_str(body).ok().as_ref().and_then(refusal_in).or_else(|| xml(body));
    let refusal = refusal.unwrap_or_else(|| Refusal { message: body.to_owned(), ..Refusal::default() });
    // The status line wins over the body's status.
    Refusal { status: None, ..refusal }.into_error(status, retry_after, redactor)
}

/// As received: neither shortened nor redacted.
#[derive(Default)]
struct Refusal {
    status: Option<u16>,
    code: Option<String>,
    message: String,
}

impl Refusal {
    fn into_error(self, status: u16, retry_after: Option<Duration>, redactor: &Redactor) -> Error {
        let status = self.status.filter(|status| *status >= 300).unwrap_or(status);
        let code = self.code.map(|code| redactor.snippet(&code));
        Error::Refused { status, code, message: redactor.snippet(&self.message), retry_after }
    }
}

/// `{"RestException": {…}}`; `{"http_code": 401, "response": {"code", "error_data": {"code", "message"}}}`;
/// `{"status", "code", "message"}`.
fn refusal_in(answer: &Value) -> Option<Refusal> {
    let object = answer.as_object()?;
    let read = |object: &Map<String, Value>| Refusal {
        status: either(object, "status", "Status").and_then(number).and_then(|status| u16::try_from(status).ok()),
        code: either(object, "code", "Code").and_then(text),
        message: either(object, "message", "Message")
            .or_else(|| object.get("description"))
            .and_then(text)
            .unwrap_or_default(),
    };
    if let Some(exception) = either(object, "RestException", "rest_exception").and_then(Value::as_object) {
        return Some(read(exception));
    }
    if let Some(status) = object.get("http_code").and_then(number).filter(|status| *status >= 300) {
        let data = object.get("response").and_then(|response| response.get("error_data")).and_then(Value::as_object);
        let refusal = data.map(read).unwrap_or_default();
        return Some(Refusal { status: u16::try_from(status).ok(), ..refusal });
    }
    either(object, "message", "Message").is_some().then(|| read(object))
}

/// `<RestException><Status>401</Status><Message>…</Message></RestException>`, as v1 answers.
fn xml(body: &str) -> Option<Refusal> {
    let inner = between(body, "<RestException>", "</RestException>")?;
    let code = between(inner, "<Code>", "</Code>").map(str::to_owned);
    Some(Refusal { status: None, code, message: between(inner, "<Message>", "</Message>").unwrap_or(inner).to_owned() })
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inner, _)| inner.trim())
}

fn exo_phone(item: &Value) -> Option<ExoPhone> {
    let object = item.as_object()?;
    // XML converted to JSON wraps each item once more.
    let object = object.get("IncomingPhoneNumber").and_then(Value::as_object).unwrap_or(object);
    let field = |snake: &str, pascal: &str| either(object, snake, pascal).and_then(text);
    let number: String = field("phone_number", "PhoneNumber")?.split_whitespace().collect();
    if number.is_empty() {
        return None;
    }
    let capabilities = either(object, "capabilities", "Capabilities").and_then(Value::as_object);
    Some(ExoPhone {
        number,
        friendly_name: field("friendly_name", "FriendlyName"),
        country: field("country", "Country").map(|country| country.to_ascii_uppercase()),
        voice: capabilities.and_then(|object| either(object, "voice", "Voice")).and_then(flag),
    })
}

fn either<'a>(object: &'a Map<String, Value>, first: &str, second: &str) -> Option<&'a Value> {
    object.get(first).or_else(|| object.get(second))
}

/// Text or a number, trimmed; None for what is empty.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        other => match text(other)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
    use exotel_fake::Fake;
    use serde_json::json;

    use super::*;

    /// Length of a snippet.
    const SNIPPET: usize = 160;

    fn page(body: &str) -> Result<Page, Error> {
        super::page(body, &redactor())
    }

    fn refused(status: u16, body: &str) -> Error {
        super::refused(status, body, None, &redactor())
    }

    fn redactor() -> Redactor {
        Redactor::basic_auth(Fake::API_KEY, Fake::API_TOKEN)
    }

    fn numbers(body: &str) -> Vec<String> {
        page(body).unwrap().numbers.into_iter().map(|phone| phone.number).collect()
    }

    #[test]
    fn documented_page_is_parsed() {
        let body = r#"{"page": 0, "page_size": 50, "uri": "http://twilix.exotel.com/x", "next_page_uri": null,
            "incoming_phone_numbers": [{"sid": "0111", "phone_number": "+91114000 1000", "friendly_name": "Sales",
            "capabilities": {"voice": true, "sms": true}, "country": "in", "region": "DL", "voice_url": null}]}"#;
        let expected = ExoPhone {
            number: "+911140001000".to_owned(),
            friendly_name: Some("Sales".to_owned()),
            country: Some("IN".to_owned()),
            voice: Some(true),
        };
        assert_eq!(page(body).unwrap(), Page { numbers: vec![expected], more: false });
    }

    #[test]
    fn pascal_case_and_wrappers_are_parsed() {
        let pascal = r#"{"IncomingPhoneNumbers": [{"IncomingPhoneNumber": {"PhoneNumber": "0801", "Country": null}},
            {"PhoneNumber": 8022, "Capabilities": {"Voice": "false"}}, {"Sid": "no number"}, 7]}"#;
        assert_eq!(numbers(pascal), ["0801", "8022"]);
        assert_eq!(page(pascal).unwrap().numbers[1].voice, Some(false));
        assert_eq!(numbers(r#"[{"phone_number": "+911140001000"}]"#), ["+911140001000"]);
        assert_eq!(numbers(r#"{"incoming_phone_numbers": []}"#), [""; 0]);
    }

    #[test]
    fn more_follows_from_next_page_uri_or_page_size() {
        let more = |rest: &str| {
            page(&format!(r#"{{"incoming_phone_numbers": [{{"phone_number": "1"}}]{rest}}}"#)).unwrap().more
        };
        assert!(more(r#", "next_page_uri": "http://twilix.exotel.com/x?Page=1""#));
        assert!(!more(r#", "next_page_uri": null, "page_size": 1"#));
        assert!(more(r#", "page_size": 1"#) && more(r#", "page_size": "1""#));
        assert!(!more(r#", "page_size": 2"#) && !more(""));
    }

    #[test]
    fn other_bodies_are_lost_unreadable_or_refused() {
        assert_eq!(page(r#"{"incoming_phone_numbers": [{"#).unwrap_err().code(), "exotel_lost");
        for foreign in ["<html>Log in</html>", "", "\"hello\"", "{}", r#"{"incoming_phone_numbers": "none"}"#] {
            assert_eq!(page(foreign).unwrap_err().code(), "exotel_unreadable", "{foreign}");
        }
        let refused =
            page(r#"{"RestException": {"Status": 401, "Message": "no", "Code": "UNAUTHORIZED"}}"#).unwrap_err();
        assert_eq!((refused.status(), refused.code()), (Some(401), "exotel_unauthorized"));
    }

    #[test]
    fn refusals_keep_code_and_message_in_each_form() {
        for (body, code, message) in [
            (
                r#"{"RestException": {"Status": 401, "Message": "Bad key", "Code": "UNAUTHORIZED"}}"#,
                Some("UNAUTHORIZED"),
                "Bad key",
            ),
            (r#"{"RestException": {"Status": "401", "Message": "Bad key"}}"#, None, "Bad key"),
            (
                r#"{"http_code": 401, "response": {"code": 401, "error_data": {"code": 1010, "message": "Bad key"}}}"#,
                Some("1010"),
                "Bad key",
            ),
            (r#"{"message": "Bad key", "code": 7}"#, Some("7"), "Bad key"),
            (
                "<?xml version=\"1.0\"?><TwilioResponse><RestException><Status>401</Status><Message>Bad key</Message>\
                 </RestException></TwilioResponse>",
                None,
                "Bad key",
            ),
            ("<html><body>Bad key</body></html>", None, "Bad key"),
            ("", None, "an empty response"),
        ] {
            let expected = Error::Refused {
                status: 401,
                code: code.map(str::to_owned),
                message: message.to_owned(),
                retry_after: None,
            };
            assert_eq!(refused(401, body), expected, "{body}");
        }
    }

    #[test]
    fn secret_is_redacted_wherever_the_text_is_cut() {
        let (key, token) = (Fake::API_KEY, Fake::API_TOKEN);
        let basic = BASE64.encode(format!("{key}:{token}"));
        for secret in [key, token, &basic] {
            for before in (0..SNIPPET + 2).chain(SNIPPET * 8 - 40..SNIPPET * 8 + 2) {
                let words = format!("{}{secret} as sent", "a ".repeat(before / 2) + &"b".repeat(before % 2));
                let escaped: String = secret.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
                for body in [
                    format!("<p>{words}</p>"),
                    json!({ "RestException": { "Message": words, "Code": words } }).to_string(),
                    format!("<RestException><Message>{words}</Message><Code>{words}</Code></RestException>"),
                    json!({ "message": words }).to_string().replace(secret, &escaped),
                ] {
                    for error in [refused(502, &body), page(&body).unwrap_err()] {
                        let shown = format!("{error} {error:?}");
                        // Four characters of a secret are too many.
                        assert!(!shown.contains(&secret[..4]), "{before}: {shown}");
                    }
                }
            }
        }
    }
}
