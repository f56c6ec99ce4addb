//! Responses of the fake.

use axum::{
    Json,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use number_provider_fake::Call;
use serde_json::{Value, json};

use crate::state::{State, update};

const TYPES: [(&str, &str); 4] =
    [("Local", "local"), ("TollFree", "toll_free"), ("Mobile", "mobile"), ("National", "national")];

pub(crate) fn answer(state: &mut State, call: &Call) -> Response {
    let path: Vec<&str> = call.path.trim_matches('/').split('/').collect();
    match path.as_slice() {
        ["2010-04-01", "Accounts", account, rest @ ..] if account.starts_with("AC") => accounts(state, call, rest),
        ["v1", "Trunks", rest @ ..] => trunks(state, call, rest),
        ["v1", "PhoneNumbers", "Countries", country] => Json(prices(country)).into_response(),
        _ => refusal(404),
    }
}

fn accounts(state: &mut State, call: &Call, path: &[&str]) -> Response {
    match (path, &call.method) {
        (["AvailablePhoneNumbers", country], &Method::GET) if country.ends_with(".json") => {
            offered(state, country.trim_end_matches(".json"))
        }
        (["AvailablePhoneNumbers", country, resource], &Method::GET) => {
            search(state, call, country, resource.trim_end_matches(".json"))
        }
        (["IncomingPhoneNumbers.json"], &Method::GET) => {
            // The filter matches parts of numbers.
            let part = call.query("PhoneNumber").unwrap_or_default().trim_start_matches('+').to_owned();
            let matches = |item: &&Value| item["phone_number"].as_str().is_some_and(|number| number.contains(&part));
            let items = state.owned.iter().filter(matches).cloned().collect();
            page(state, call, "incoming_phone_numbers", items, false)
        }
        (["IncomingPhoneNumbers.json"], &Method::POST) => buy(state, call),
        (["IncomingPhoneNumbers", sid], method) => {
            let sid = sid.trim_end_matches(".json");
            let Some(at) = state.owned.iter().position(|owned| owned["sid"] == sid) else { return refusal(404) };
            if *method == Method::DELETE {
                state.owned.remove(at);
                return StatusCode::NO_CONTENT.into_response();
            }
            update(&mut state.owned[at], &call.form);
            Json(state.owned[at].clone()).into_response()
        }
        (["SIP", "CredentialLists.json"], _) => {
            let mut items = std::mem::take(&mut state.credential_lists);
            let response = collection(state, call, &mut items, ("credential_lists", "CL"));
            state.credential_lists = items;
            response
        }
        (["SIP", "CredentialLists", list, rest @ ..], _) => credentials(state, call, list, rest),
        _ => refusal(404),
    }
}

fn offered(state: &State, country: &str) -> Response {
    let uris: serde_json::Map<String, Value> = TYPES
        .iter()
        .filter(|(resource, _)| {
            state.available.iter().any(|(known, item)| known == resource && item["iso_country"] == country)
        })
        .map(|(resource, key)| {
            ((*key).to_owned(), json!(format!("/2010-04-01/AvailablePhoneNumbers/{country}/{resource}.json")))
        })
        .collect();
    if uris.is_empty() {
        return refusal(404);
    }
    Json(json!({ "country_code": country, "country": country, "beta": false, "subresource_uris": uris }))
        .into_response()
}

fn search(state: &State, call: &Call, country: &str, resource: &str) -> Response {
    let of_country = |item: &Value| item["iso_country"] == country;
    if !state.available.iter().any(|(known, item)| *known == resource && of_country(item)) {
        return refusal(404);
    }
    let area_code = call.query("AreaCode").map(|code| format!("+1{code}")).unwrap_or_default();
    let pattern = call.query("Contains").unwrap_or_default();
    let matches = |number: &str| number.starts_with(&area_code) && contains(number, pattern);
    let items = state.available.iter().filter(|(known, item)| *known == resource && of_country(item));
    let items = items.filter(|(_, item)| item["phone_number"].as_str().is_some_and(matches));
    page(state, call, "available_phone_numbers", items.map(|(_, item)| item.clone()).collect(), false)
}

/// Of Twilio's pattern: digits, `+` in front and `$` behind, `*` and `%` as wildcards.
fn contains(number: &str, pattern: &str) -> bool {
    let digits = number.trim_start_matches('+');
    let core = pattern.trim_matches(['+', '$', '%']);
    let at = |start: usize| {
        digits
            .get(start..start + core.len())
            .is_some_and(|part| part.chars().zip(core.chars()).all(|(a, b)| b == '*' || a == b))
    };
    let last = digits.len().saturating_sub(core.len());
    match (pattern.starts_with('+'), pattern.ends_with('$')) {
        (true, _) => at(0),
        (_, true) => at(last),
        _ => (0..=last).any(at),
    }
}

fn buy(state: &mut State, call: &Call) -> Response {
    let Some(number) = call.form("PhoneNumber").map(str::to_owned) else {
        return coded(400, 21421, "Phone number is required");
    };
    let fields: Vec<(String, String)> = call.form.iter().filter(|(name, _)| name != "PhoneNumber").cloned().collect();
    let is_owned = state.owned.iter().any(|owned| owned["phone_number"] == number.as_str());
    let offer = state.available.iter().find(|(_, item)| item["phone_number"] == number.as_str());
    match offer {
        None if !is_owned => coded(400, 21422, &format!("{number} is not available")),
        Some((_, item)) if item["address_requirements"] != "none" && call.form("AddressSid").is_none() => {
            coded(400, 21631, "Phone Number Requires an Address but the AddressSid parameter was empty")
        }
        _ => (StatusCode::CREATED, Json(state.own(&number, &fields))).into_response(),
    }
}

fn credentials(state: &mut State, call: &Call, list: &str, path: &[&str]) -> Response {
    let Some(at) = state.credential_lists.iter().position(|known| known["sid"] == list) else { return refusal(404) };
    let mut items = state.credential_lists[at]["credentials"].as_array().cloned().unwrap_or_default();
    let response = match path {
        ["Credentials.json"] => collection(state, call, &mut items, ("credentials", "CR")),
        ["Credentials", sid] => {
            let sid = sid.trim_end_matches(".json");
            let Some(item) = items.iter_mut().find(|item| item["sid"] == sid) else { return refusal(404) };
            update(item, &call.form);
            Json(item.clone()).into_response()
        }
        _ => return refusal(404),
    };
    state.credential_lists[at]["credentials"] = items.into();
    response
}

fn trunks(state: &mut State, call: &Call, path: &[&str]) -> Response {
    let [trunk, rest @ ..] = path else {
        if call.method == Method::POST {
            let domain = call.form("DomainName").unwrap_or_default();
            if state.trunks.iter().any(|trunk| trunk["domain_name"] == domain) {
                return coded(400, 21245, "Domain name is already taken");
            }
        }
        let mut items = std::mem::take(&mut state.trunks);
        let response = collection(state, call, &mut items, ("trunks", "TK"));
        state.trunks = items;
        return response;
    };
    let Some(at) = state.trunks.iter().position(|known| known["sid"] == *trunk) else { return refusal(404) };
    let (key, prefix) = match rest.first() {
        Some(&"OriginationUrls") => ("origination_urls", "OU"),
        Some(&"CredentialLists") => ("credential_lists", ""),
        _ => return refusal(404),
    };
    let mut items = state.trunks[at][key].as_array().cloned().unwrap_or_default();
    let response = match rest {
        [_] => collection(state, call, &mut items, (key, prefix)),
        [_, sid] => {
            let Some(item) = items.iter_mut().find(|item| item["sid"] == *sid) else { return refusal(404) };
            update(item, &call.form);
            Json(item.clone()).into_response()
        }
        _ => return refusal(404),
    };
    state.trunks[at][key] = items.into();
    response
}

/// GET lists the items; POST creates one. Without a prefix the item is a reference to another one, by `…ListSid`.
fn collection(state: &mut State, call: &Call, items: &mut Vec<Value>, (key, prefix): (&str, &str)) -> Response {
    if call.method != Method::POST {
        return page(state, call, key, items.clone(), call.path.starts_with("/v1/"));
    }
    let mut item = json!({});
    update(&mut item, &call.form);
    item["sid"] = match prefix {
        "" => item["credential_list_sid"].clone(),
        prefix => state.id(prefix).into(),
    };
    items.push(item.clone());
    (StatusCode::CREATED, Json(item)).into_response()
}

/// One page, in the form of the 2010 API, or with `meta` in that of trunking.
fn page(state: &State, call: &Call, key: &str, items: Vec<Value>, has_meta: bool) -> Response {
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("PageSize").unwrap_or(50).min(state.page_size).max(1);
    let at = number("Page").unwrap_or(0);
    let mut query: Vec<(String, String)> = call.query.iter().filter(|(name, _)| name != "Page").cloned().collect();
    query.push(("Page".to_owned(), (at + 1).to_string()));
    let query = serde_urlencoded::to_string(&query).unwrap_or_default();
    let next = ((at + 1) * size < items.len()).then(|| format!("{}?{query}", call.path));
    let items: Vec<Value> = items.into_iter().skip(at * size).take(size).collect();
    let mut body = json!({ key: items });
    match has_meta {
        true => {
            let next = next.map(|next| format!("https://trunking.twilio.com{next}"));
            body["meta"] = json!({ "page": at, "page_size": size, "key": key, "next_page_url": next });
        }
        false => {
            body["next_page_uri"] = next.into();
            body["page"] = at.into();
            body["page_size"] = size.into();
        }
    }
    Json(body).into_response()
}

fn prices(country: &str) -> Value {
    json!({ "country": country, "iso_country": country, "price_unit": "USD", "phone_number_prices": [
        { "number_type": "local", "base_price": "1.15", "current_price": "1.15" },
        { "number_type": "toll free", "base_price": "2.15", "current_price": "2.15" },
        { "number_type": "mobile", "base_price": "3.00", "current_price": "3.00" },
    ] })
}

/// A refusal in Twilio's form.
pub(crate) fn refusal(status: u16) -> Response {
    match status {
        401 => coded(401, 20003, "Authenticate"),
        403 => coded(403, 70051, "Authorization Error: the key lacks a permission"),
        404 => coded(404, 20404, "The requested resource was not found"),
        429 => coded(429, 20429, "Too Many Requests"),
        503 => coded(503, 20503, "Service is unavailable, please try again"),
        other => coded(other, 20500, "Internal Server Error"),
    }
}

fn coded(status: u16, code: u32, message: &str) -> Response {
    let more = format!("https://www.twilio.com/docs/errors/{code}");
    let body = json!({ "code": code, "message": message, "more_info": more, "status": status });
    (StatusCode::from_u16(status).unwrap_or_default(), Json(body)).into_response()
}
