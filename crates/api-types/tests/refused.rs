//! The table of values that no form takes, `refused.json`, against the parsers. The API's tests and the browser's read the
//! same table: all three refuse the same with the same words.

use std::collections::BTreeMap;

use api_types::input::{
    AdoptInput, ApplyInput, AuditQuery, BotInput, CarrierInput, DidInput, ExotelImportInput, ExotelInput, search,
};
use domain::{Email, FieldErrors, Password, Secret};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Form {
    /// What is right, all but the field in question.
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
    /// Other fields that it takes for the refusal.
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
        Value::Object(body)
    }
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
fn every_value_of_the_table_is_refused_at_its_field_in_the_tables_words() {
    let table: BTreeMap<String, Form> = serde_json::from_str(include_str!("refused.json")).unwrap();
    let mut wrong = Vec::new();
    for (name, form) in &table {
        for row in &form.refused {
            let errors = refusal(name, row.body(form));
            let said = errors.as_ref().and_then(|errors| errors.message(&row.field));
            if said != Some(&row.message) {
                wrong.push(serde_json::json!([name, row.field, row.value(), said]));
            }
        }
    }
    assert!(wrong.is_empty(), "{:#}", Value::Array(wrong));
}

#[test]
fn what_the_table_calls_valid_is() {
    let table: BTreeMap<String, Form> = serde_json::from_str(include_str!("refused.json")).unwrap();
    for (name, form) in table {
        assert_eq!(refusal(&name, Value::Object(form.valid)).map(FieldErrors::into_vec), None, "{name}");
    }
}
