//! JSON as LiveKit writes it: the protobufs' field names, not camel case.

use serde::Serialize;
use serde_json::Value;

/// Fields whose own keys are the user's.
const MAPS: [&str; 6] =
    ["headers", "headersToAttributes", "attributesToHeaders", "attributes", "participantAttributes", "tags"];

pub(crate) fn render(message: &impl Serialize) -> Result<Value, serde_json::Error> {
    serde_json::to_value(message).map(snake_case)
}

fn snake_case(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(snake_case).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                let value = if MAPS.contains(&name.as_str()) { value } else { snake_case(value) };
                (snake_name(&name), value)
            })
            .collect(),
        plain => plain,
    }
}

fn snake_name(name: &str) -> String {
    name.chars().fold(String::new(), |mut snake, letter| {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        snake
    })
}
