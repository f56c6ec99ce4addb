//! The table of invalid values, `refused.json`, against the parsers. The tests of the API and of the browser read the same
//! table: all three refuse the same values with the same messages.

use std::collections::BTreeMap;

use api_types::input::{
    AdoptInput, ApiKeyInput, ApplyInput, AuditQuery, BotInput, CarrierInput, DidInput, ExotelImportInput, ExotelInput,
    InvitationInput, search,
};
use domain::{Email, FieldErrors, Password, Secret};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct Form {
    /// A valid body.
    valid: Map<String, Value>,
    refused: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    field: String,
    #[serde(default)]
    value: String,
    /// A value that is too long to be written out.
    repeat: Option<String>,
    #[serde(default)]
    times: usize,
    /// Other fields of the refused body.
    #[serde(default)]
    with: Map<String, Value>,
    message: String,
}

impl Row {
    fn value(&self) -> String {
        self.repeat.as_ref().map_or_else(|| self.value.clone(), |text| text.repeat(self.times))
    }

    fn body(&self, form: &Form) -> Value {
        let mut body = form.valid.clone();
        body.extend(self.with.clone());
        body.insert(self.field.clone(), Value::String(self.value()));
        nested(&body)
    }
}

/// The body in JSON: a field with a dot is part of a nested object.
fn nested(flat: &Map<String, Value>) -> Value {
    let mut body = json!({});
    for (name, value) in flat {
        match name.split_once('.') {
            Some((object, field)) => body[object][field] = value.clone(),
            None => body[name] = value.clone(),
        }
    }
    body
}

fn refusal(form: &str, body: Value) -> Option<FieldErrors> {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    match form {
        "carrier" => {
            let input: CarrierInput = serde_json::from_value(body).unwrap();
            input.version().err().or_else(|| input.parse(None).err())
        }
        "number" => {
            let input: DidInput = serde_json::from_value(body).unwrap();
            input.version().err().or_else(|| input.parse_new(None).err())
        }
        "bot" => {
            let input: BotInput = serde_json::from_value(body).unwrap();
            input.version().err().or_else(|| input.parse(None).err())
        }
        "api_key" => {
            let input: ApiKeyInput = serde_json::from_value(body).unwrap();
            input.version().err().or_else(|| input.parse(None).err())
        }
        "invitation" => serde_json::from_value::<InvitationInput>(body).unwrap().parse().err(),
        "exotel" => {
            let input: ExotelInput = serde_json::from_value(body).unwrap();
            input.version().err().or_else(|| input.parse(None).err())
        }
        "exotel_import" => serde_json::from_value::<ExotelImportInput>(body).unwrap().parse().err(),
        "adopt" => serde_json::from_value::<AdoptInput>(body).unwrap().parse().err(),
        "apply" => serde_json::from_value::<ApplyInput>(body).unwrap().parse().err(),
        "audit" => serde_json::from_value::<AuditQuery>(body).unwrap().parse().err(),
        "search" => search(&text("q")).err().map(|fault| FieldErrors::one("q", fault)),
        "login" | "administrator" => {
            let mut errors = FieldErrors::default();
            errors.record("email", text("email").parse::<Email>());
            errors.record("password", Password::new(Secret::new(text("password"))));
            Some(errors).filter(|errors| !errors.is_empty())
        }
        other => panic!("no form {other}"),
    }
}

#[test]
fn each_value_is_refused_with_its_message() {
    let table: BTreeMap<String, Form> = serde_json::from_str(include_str!("refused.json")).unwrap();
    let mut wrong = Vec::new();
    for (name, form) in &table {
        for row in &form.refused {
            let errors = refusal(name, row.body(form));
            let message = errors.as_ref().and_then(|errors| errors.message(&row.field));
            if message != Some(&row.message) {
                wrong.push(serde_json::json!([name, row.field, row.value(), message]));
            }
        }
    }
    assert!(wrong.is_empty(), "{:#}", Value::Array(wrong));
}

#[test]
fn valid_bodies_are_accepted() {
    let table: BTreeMap<String, Form> = serde_json::from_str(include_str!("refused.json")).unwrap();
    for (name, form) in table {
        assert_eq!(refusal(&name, Value::Object(form.valid)).map(FieldErrors::into_vec), None, "{name}");
    }
}
