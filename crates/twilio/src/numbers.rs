//! Numbers for sale and the account's numbers.

use std::collections::{HashMap, HashSet};

use domain::{Country, E164, IntoEnumIterator, NumberCapability, NumberRequirement, NumberType};
use number_provider::{
    AvailableNumber, AvailableNumbers, NumberSearch, OwnedNumber, Price, ProviderError, Purchase, Result,
};
use serde_json::Value;

use crate::{Account, account::TWILIO, error::NOT_FOUND};

const PAGE_SIZE: &str = "50";
/// Pages of one type of numbers.
const SEARCH_PAGES: usize = 4;
/// Pages of the numbers that contain the digits of one number.
const OWNED_PAGES: usize = 20;
/// Refusals of one type in a search over all: there is no such type, or it has no area codes, or none with numbers.
const NO_RESULTS: [&str; 3] = [NOT_FOUND, "21452", "21457"];

impl Account {
    pub(crate) async fn available_numbers(&self, search: &NumberSearch) -> Result<AvailableNumbers> {
        let types = match search.number_type {
            Some(one) => vec![one],
            None => self.types(search.country).await?,
        };
        let mut found = AvailableNumbers { numbers: Vec::new(), complete: true };
        for number_type in types {
            match self.of_type(search, number_type).await {
                Ok((numbers, complete)) => {
                    found.numbers.extend(numbers);
                    found.complete &= complete;
                }
                Err(ProviderError::Refused { code, .. }) if code == "21452" => {}
                Err(ProviderError::Refused { code, .. })
                    if search.number_type.is_none() && NO_RESULTS.contains(&code.as_str()) => {}
                Err(ProviderError::Refused { code, .. }) if code == NOT_FOUND => {
                    let (label, country) = (number_type.label(), search.country.name());
                    return Err(ProviderError::Refused {
                        code,
                        message: format!(
                            "Twilio has no numbers of the type {label} in {country}: choose another type, or any."
                        ),
                        field: Some("number_type"),
                    });
                }
                Err(error) => return Err(error),
            }
        }
        let mut known = HashSet::new();
        found.numbers.retain(|number| known.insert(number.phone_number.clone()));
        if !found.numbers.is_empty() {
            let prices = self.prices(search.country).await;
            for number in &mut found.numbers {
                number.price = number.number_type.and_then(|number_type| prices.get(&number_type)).cloned();
            }
        }
        Ok(found)
    }

    /// The types that a country offers.
    async fn types(&self, country: Country) -> Result<Vec<NumberType>> {
        let answer = match self.get(self.api(&["AvailablePhoneNumbers", &format!("{country}.json")])).await {
            Err(ProviderError::Refused { code, .. }) if code == NOT_FOUND => {
                return Err(ProviderError::Refused {
                    code,
                    message: format!("Twilio sells no numbers in {}: choose another country.", country.name()),
                    field: Some("country_code"),
                });
            }
            answer => answer?,
        };
        let offered = answer.get("subresource_uris").and_then(Value::as_object);
        let offered = offered.ok_or_else(|| self.unreadable(&answer.to_string(), false))?;
        Ok(NumberType::iter().filter(|number_type| offered.contains_key(number_type.as_str())).collect())
    }

    async fn of_type(&self, search: &NumberSearch, number_type: NumberType) -> Result<(Vec<AvailableNumber>, bool)> {
        let (country, resource) = (search.country, resource(number_type));
        let mut url = self.api(&["AvailablePhoneNumbers", country.as_str(), &format!("{resource}.json")]);
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("PageSize", PAGE_SIZE);
            if let Some(area_code) = &search.area_code {
                query.append_pair("AreaCode", area_code.as_str());
            }
            if let Some(pattern) = &search.pattern {
                query.append_pair("Contains", pattern.as_str());
            }
        }
        let (items, complete) = self.list(url, "available_phone_numbers", SEARCH_PAGES).await?;
        Ok((items.iter().filter_map(|item| available(item, country, number_type)).collect(), complete))
    }

    /// Monthly prices. They are a help to the reader: without them the search is shown all the same.
    async fn prices(&self, country: Country) -> HashMap<NumberType, Price> {
        let Ok(answer) = self.get(self.pricing(country.as_str())).await else { return HashMap::new() };
        let currency = answer.get("price_unit").and_then(Value::as_str).unwrap_or("USD").to_ascii_uppercase();
        let rows = answer.get("phone_number_prices").and_then(Value::as_array).cloned().unwrap_or_default();
        let price = |row: &Value| {
            let name = row.get("number_type")?.as_str()?.to_ascii_lowercase().replace([' ', '-'], "_");
            let amount = text(row.get("current_price").or_else(|| row.get("base_price"))?)?;
            Some((name.parse().ok()?, Price { amount, currency: currency.clone() }))
        };
        rows.iter().filter_map(price).collect()
    }

    pub(crate) async fn owned_number(&self, number: &E164) -> Result<Option<OwnedNumber>> {
        let mut url = self.api(&["IncomingPhoneNumbers.json"]);
        url.query_pairs_mut().append_pair("PhoneNumber", number.as_str()).append_pair("PageSize", PAGE_SIZE);
        let (items, complete) = self.list(url, "incoming_phone_numbers", OWNED_PAGES).await?;
        let found = items.iter().filter_map(owned).find(|item| item.phone_number == *number);
        if found.is_none() && !complete {
            return Err(ProviderError::failed(TWILIO, "its list of the account's numbers did not end", false));
        }
        Ok(found)
    }

    pub(crate) async fn buy_number(&self, purchase: &Purchase) -> Result<OwnedNumber> {
        let form = [("PhoneNumber", purchase.phone_number.as_str()), ("FriendlyName", purchase.friendly_name.as_str())];
        let answer = self.post(self.api(&["IncomingPhoneNumbers.json"]), &form).await?;
        let bought = owned(&answer).filter(|bought| bought.phone_number == purchase.phone_number);
        let bought = bought.ok_or_else(|| self.unreadable(&answer.to_string(), true))?;
        Ok(OwnedNumber { country: Some(purchase.country), ..bought })
    }
}

fn resource(number_type: NumberType) -> &'static str {
    match number_type {
        NumberType::Local => "Local",
        NumberType::TollFree => "TollFree",
        NumberType::Mobile => "Mobile",
        NumberType::National => "National",
        NumberType::Voip => "Voip",
        NumberType::SharedCost => "SharedCost",
        NumberType::MachineToMachine => "MachineToMachine",
    }
}

fn available(item: &Value, country: Country, number_type: NumberType) -> Option<AvailableNumber> {
    let field = |name: &str| item.get(name).and_then(text);
    let has = |capability: &NumberCapability| {
        let capabilities = item.get("capabilities").and_then(Value::as_object);
        let name: &str = capability.into();
        // The keys are in either case.
        capabilities.is_some_and(|all| {
            all.iter().any(|(key, value)| key.eq_ignore_ascii_case(name) && *value == Value::Bool(true))
        })
    };
    let requirement = match field("address_requirements").as_deref() {
        Some("any") => Some(NumberRequirement::AddressAny),
        Some("local") => Some(NumberRequirement::AddressLocal),
        Some("foreign") => Some(NumberRequirement::AddressForeign),
        _ => None,
    };
    let place: Vec<String> = ["locality", "region"].iter().filter_map(|name| field(name)).collect();
    Some(AvailableNumber {
        phone_number: field("phone_number")?.parse().ok()?,
        number_type: Some(number_type),
        country: field("iso_country").and_then(|code| code.parse().ok()).unwrap_or(country),
        locality: (!place.is_empty()).then(|| place.join(", ")),
        price: None,
        capabilities: NumberCapability::iter().filter(has).collect(),
        requirements: requirement.into_iter().collect(),
    })
}

fn owned(item: &Value) -> Option<OwnedNumber> {
    let field = |name: &str| item.get(name).and_then(text);
    Some(OwnedNumber {
        reference: field("sid").filter(|sid| is_sid(sid))?,
        phone_number: field("phone_number")?.parse().ok()?,
        country: None,
        attached_to: field("trunk_sid"),
    })
}

/// It becomes a segment of a path.
pub(crate) fn is_sid(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
