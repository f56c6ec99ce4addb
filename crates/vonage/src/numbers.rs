//! Numbers for sale and the account's numbers.

use std::collections::HashSet;

use domain::{Country, E164, NumberCapability, NumberType};
use number_provider::{AvailableNumber, AvailableNumbers, NumberSearch, OwnedNumber, Price, ProviderError, Result};
use serde_json::{Map, Value};

use crate::{Account, account::VONAGE};

/// The largest page.
const PAGE_SIZE: usize = 100;
/// Pages of a search.
const SEARCH_PAGES: usize = 2;
/// Pages of the numbers that begin with the digits of one number: it is one number, or a few.
const OWNED_PAGES: usize = 20;
/// The specification describes `cost` as euros.
const CURRENCY: &str = "EUR";

impl Account {
    pub(crate) async fn available_numbers(&self, search: &NumberSearch) -> Result<AvailableNumbers> {
        let mut query = vec![("country", search.country.to_string())];
        if let Some(number_type) = search.number_type {
            query.push(("type", type_name(number_type)?.to_owned()));
        }
        match (&search.area_code, &search.pattern) {
            // The United States and Canada have the country code 1.
            (Some(area_code), _) => {
                query.extend([("pattern", format!("1{}", area_code.as_str())), ("search_pattern", "0".to_owned())])
            }
            (None, Some(pattern)) => {
                let position = match (pattern.is_at_start(), pattern.is_at_end()) {
                    (true, _) => "0",
                    (_, true) => "2",
                    _ => "1",
                };
                query.extend([("pattern", pattern.core().to_owned()), ("search_pattern", position.to_owned())]);
            }
            (None, None) => {}
        }
        let (items, complete) = self.list(["number", "search"], &query, SEARCH_PAGES).await?;
        let mut known = HashSet::new();
        let numbers = items.iter().filter_map(|item| available(item, search.country));
        let numbers = numbers.filter(|number| known.insert(number.phone_number.clone())).collect();
        Ok(AvailableNumbers { numbers, complete })
    }

    pub(crate) async fn owned_number(&self, number: &E164) -> Result<Option<OwnedNumber>> {
        let query = [("pattern", number.digits().to_owned()), ("search_pattern", "0".to_owned())];
        let (items, complete) = self.list(["account", "numbers"], &query, OWNED_PAGES).await?;
        let found = items.iter().filter_map(owned).find(|item| item.phone_number == *number);
        if found.is_none() && !complete {
            return Err(ProviderError::failed(VONAGE, "its list of the account's numbers did not end", false));
        }
        Ok(found)
    }

    /// All items, up to `most_pages` pages; whether these are all. Nothing found is `{}`.
    async fn list(&self, path: [&str; 2], query: &[(&str, String)], most_pages: usize) -> Result<(Vec<Value>, bool)> {
        let mut items: Vec<Value> = Vec::new();
        for index in 1..=most_pages {
            let (size, index) = (PAGE_SIZE.to_string(), index.to_string());
            let mut all: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
            all.extend([("size", size.as_str()), ("index", index.as_str())]);
            let answer = self.get(path, &all).await?;
            let page = match answer.get("numbers") {
                Some(Value::Array(page)) => page.clone(),
                None if is_empty(&answer) => Vec::new(),
                _ => return Err(self.unreadable(&Value::Object(answer).to_string(), false)),
            };
            let is_last = page.is_empty();
            items.extend(page);
            let count = answer.get("count").and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
            if is_last || count.is_none_or(|count| items.len() >= count) {
                return Ok((items, true));
            }
        }
        Ok((items, false))
    }
}

fn is_empty(answer: &Map<String, Value>) -> bool {
    answer.keys().all(|key| key == "count" || key.starts_with("error-code"))
}

fn type_name(number_type: NumberType) -> Result<&'static str> {
    match number_type {
        NumberType::Local => Ok("landline"),
        NumberType::Mobile => Ok("mobile-lvn"),
        NumberType::TollFree => Ok("landline-toll-free"),
        other => Err(ProviderError::Refused {
            code: "unknown_type".to_owned(),
            message: format!("Vonage has no numbers of the type {}: choose Local, Mobile or Toll-Free.", other.label()),
            field: Some("number_type"),
        }),
    }
}

fn available(item: &Value, country: Country) -> Option<AvailableNumber> {
    let field = |name: &str| item.get(name).and_then(text);
    let features: Vec<String> = item.get("features").and_then(Value::as_array).map_or_else(Vec::new, |features| {
        features.iter().filter_map(Value::as_str).map(str::to_ascii_uppercase).collect()
    });
    let all = [NumberCapability::Voice, NumberCapability::Sms, NumberCapability::Mms, NumberCapability::Fax];
    Some(AvailableNumber {
        phone_number: number(&field("msisdn")?)?,
        number_type: match field("type").as_deref() {
            Some("landline") => Some(NumberType::Local),
            Some("mobile-lvn") => Some(NumberType::Mobile),
            Some("landline-toll-free") => Some(NumberType::TollFree),
            _ => None,
        },
        country: field("country").and_then(|code| code.parse().ok()).unwrap_or(country),
        locality: None,
        price: field("cost").map(|amount| Price { amount, currency: CURRENCY.to_owned() }),
        capabilities: all.into_iter().filter(|one| features.contains(&one.label().to_ascii_uppercase())).collect(),
        requirements: Vec::new(),
    })
}

fn owned(item: &Value) -> Option<OwnedNumber> {
    let field = |name: &str| item.get(name).and_then(text);
    let phone_number = number(&field("msisdn")?)?;
    let is_sip = field("voiceCallbackType").is_some_and(|kind| kind.eq_ignore_ascii_case("sip"));
    Some(OwnedNumber {
        reference: phone_number.digits().to_owned(),
        country: field("country").and_then(|code| code.parse().ok()),
        attached_to: field("voiceCallbackValue").filter(|_| is_sip),
        phone_number,
    })
}

/// Vonage writes numbers without `+`.
fn number(digits: &str) -> Option<E164> {
    format!("+{}", digits.trim_start_matches('+')).parse().ok()
}

/// Text or a number; None for what is empty.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}
