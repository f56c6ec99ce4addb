use std::collections::BTreeSet;

use domain::{
    CarrierName, CarrierProvider, FieldErrors, FieldFault, PhoneNumber, Secret, SipAddress, SipCredentials,
    SipPassword, secret,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Text, TextList, text::present};

/// The longest address, username and password of a trunk, in characters.
const MAX: usize = 100;
/// The most numbers of one request: they are inserted one by one in a transaction that excludes other changes.
const MAX_NUMBERS: usize = 100;

/// The body of `POST /sip/create-outbound-trunk`. All fields are required.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(example = json!({
    "trunk_name": "Twilio Production", "trunk_address": "example.pstn.twilio.com", "trunk_numbers": ["+15550100000"],
    "trunk_auth_username": "ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "trunk_auth_password": "your_auth_token_here",
    "trunk_type": "twilio",
}))]
pub struct TrunkInput {
    /// The trunk's name, 1 to 100 characters.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100)]
    pub trunk_name: Option<Text>,
    /// The provider's SIP address, `host[:port]`, 1 to 100 characters.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100)]
    pub trunk_address: Option<Text>,
    /// The trunk's phone numbers in E.164 form.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(required = true, value_type = Vec<String>, min_items = 1, max_items = 100)]
    pub trunk_numbers: Option<TextList>,
    /// The SIP username, 1 to 100 characters.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100)]
    pub trunk_auth_username: Option<Text>,
    /// The SIP password, 1 to 100 characters.
    #[serde(serialize_with = "secret::expose_option", skip_serializing_if = "Option::is_none")]
    #[schema(required = true, value_type = String, format = Password, default = json!(null), min_length = 1, max_length = 100)]
    pub trunk_auth_password: Option<Secret>,
    /// The provider: `twilio` or `exotel`.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(required = true, value_type = TrunkType)]
    pub trunk_type: Option<Text>,
}

/// The providers of the trunk API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrunkType {
    /// Twilio Elastic SIP Trunking.
    Twilio,
    /// Exotel.
    Exotel,
}

impl TrunkType {
    /// None for the other providers.
    pub fn of(provider: CarrierProvider) -> Option<Self> {
        match provider {
            CarrierProvider::Twilio => Some(Self::Twilio),
            CarrierProvider::Exotel => Some(Self::Exotel),
            _ => None,
        }
    }
}

/// A trunk to create.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTrunk {
    /// The carrier's name.
    pub name: CarrierName,
    /// Where outbound calls are sent.
    pub address: SipAddress,
    /// In E.164 form, each once, at least one.
    pub numbers: Vec<PhoneNumber>,
    /// For outbound calls.
    pub credentials: SipCredentials,
    /// The carrier's provider.
    pub provider: CarrierProvider,
}

impl TrunkInput {
    /// The trunk to create.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<NewTrunk, FieldErrors> {
        let mut errors = FieldErrors::default();
        let text = |text: &Option<Text>| text.as_ref().map_or(String::new(), |text| text.0.trim().to_owned());
        let name = errors.record("trunk_name", text(&self.trunk_name).parse());
        let address = errors.record("trunk_address", limited(&text(&self.trunk_address), "address", str::parse));
        let numbers = numbers(&mut errors, self.trunk_numbers.as_ref());
        let username =
            errors.record("trunk_auth_username", limited(&text(&self.trunk_auth_username), "username", str::parse));
        let password = self.trunk_auth_password.clone().unwrap_or_default();
        let password = limited(password.expose(), "password", |text| SipPassword::new(Secret::new(text)));
        let password = errors.record("trunk_auth_password", password);
        let provider = errors.record("trunk_type", provider(&text(&self.trunk_type)));
        match (name, address, username, password, provider) {
            (Some(name), Some(address), Some(username), Some(password), Some(provider)) if errors.is_empty() => {
                let credentials: SipCredentials = SipCredentials { username, password };
                Ok(NewTrunk { name, address, numbers, credentials, provider })
            }
            _ => Err(errors),
        }
    }
}

/// The value of a text of at most [`MAX`] characters.
fn limited<T>(text: &str, what: &str, parse: impl FnOnce(&str) -> Result<T, FieldFault>) -> Result<T, FieldFault> {
    let length = text.chars().count();
    if length > MAX {
        let message = format!("Shorten the {what}: it has {length} characters, at most {MAX} fit.");
        return Err(FieldFault::new("too_long", message));
    }
    parse(text)
}

fn provider(text: &str) -> Result<CarrierProvider, FieldFault> {
    match text {
        "twilio" => Ok(CarrierProvider::Twilio),
        "exotel" => Ok(CarrierProvider::Exotel),
        _ => Err(FieldFault::new("unknown_type", "Choose one of twilio or exotel.")),
    }
}

/// Each number once.
fn numbers(errors: &mut FieldErrors, list: Option<&TextList>) -> Vec<PhoneNumber> {
    let texts = list.map(|list| list.0.as_slice()).unwrap_or_default();
    if texts.is_empty() {
        errors.add("trunk_numbers", FieldFault::required("Enter at least one phone number, such as +14155551234."));
    } else if texts.len() > MAX_NUMBERS {
        let message = format!("Send at most {MAX_NUMBERS} phone numbers; add further ones to the carrier.");
        errors.add("trunk_numbers", FieldFault::new("too_many", message));
        return Vec::new();
    }
    let mut keys = BTreeSet::new();
    let mut numbers = Vec::new();
    for text in texts {
        if let Some(number) = errors.record("trunk_numbers", e164(text))
            && keys.insert(number.key().to_owned())
        {
            numbers.push(number);
        }
    }
    numbers
}

fn e164(text: &str) -> Result<PhoneNumber, FieldFault> {
    let number = PhoneNumber::parse(text, None)?;
    if text.trim().starts_with('+') && number.e164().is_some() {
        return Ok(number);
    }
    let message = format!(
        "{} is not in E.164 form: a plus, the country code and the number, such as +14155551234.",
        number.canonical()
    );
    Err(FieldFault::new("not_e164", message))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn body() -> Value {
        json!({"trunk_name": " Twilio Production ", "trunk_address": "example.pstn.twilio.com",
               "trunk_numbers": ["+1 555 010 0000", "+15550100001", "+15550100000"], "trunk_auth_username": "AC1",
               "trunk_auth_password": "token", "trunk_type": "twilio"})
    }

    fn parse(body: Value) -> Result<NewTrunk, FieldErrors> {
        serde_json::from_value::<TrunkInput>(body).unwrap().parse()
    }

    fn refused(field: &str, value: Value) -> Vec<(String, String)> {
        let mut body = body();
        body[field] = value;
        parse(body).unwrap_err().into_vec().into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn number_that_is_repeated_counts_once() {
        let trunk = parse(body()).unwrap();
        let numbers: Vec<_> = trunk.numbers.iter().map(PhoneNumber::canonical).collect();
        assert_eq!((trunk.name.as_str(), trunk.provider), ("Twilio Production", CarrierProvider::Twilio));
        assert_eq!(numbers, ["+15550100000", "+15550100001"]);
    }

    #[test]
    fn every_missing_field_is_reported() {
        let fields: Vec<_> = parse(json!({})).unwrap_err().into_vec().into_iter().map(|error| error.field).collect();
        let expected = [
            "trunk_name",
            "trunk_address",
            "trunk_numbers",
            "trunk_auth_username",
            "trunk_auth_password",
            "trunk_type",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn texts_of_more_than_100_characters_are_refused() {
        for field in ["trunk_name", "trunk_address", "trunk_auth_username", "trunk_auth_password"] {
            assert_eq!(refused(field, json!("a".repeat(101))), [(field.to_owned(), "too_long".to_owned())]);
            let mut longest = body();
            longest[field] = "a".repeat(if field == "trunk_address" { 63 } else { 100 }).into();
            assert!(parse(longest).is_ok(), "{field}");
        }
    }

    #[test]
    fn more_than_100_numbers_are_refused() {
        let numbers = |count: u64| (0..count).map(|index| format!("+1{}", 4_155_550_000 + index)).collect::<Vec<_>>();
        let mut most = body();
        most["trunk_numbers"] = json!(numbers(100));
        assert_eq!(parse(most).unwrap().numbers.len(), 100);
        assert_eq!(
            refused("trunk_numbers", json!(numbers(101))),
            [("trunk_numbers".to_owned(), "too_many".to_owned())]
        );
    }

    #[test]
    fn number_without_plus_and_unknown_type_are_refused() {
        for (number, code) in
            [("15550100000", "not_e164"), ("09812345678", "not_e164"), ("0015550100000", "needs_plus")]
        {
            assert_eq!(
                refused("trunk_numbers", json!(["+15550100001", number])),
                [("trunk_numbers".to_owned(), code.to_owned())],
                "{number}"
            );
        }
        for unknown in ["plivo", "Twilio", "custom", ""] {
            assert_eq!(refused("trunk_type", json!(unknown)), [("trunk_type".to_owned(), "unknown_type".to_owned())]);
        }
    }
}
