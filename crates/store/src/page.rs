//! Cursors: where a page of a list ends and the next one begins.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use thiserror::Error;

/// The last row of a page, by its sort key: rows that are added or deleted later move no other row to another page.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// Name of the order, so that a list does not accept another one's cursor.
    pub sort: String,
    /// The row's value in the column of the order.
    pub key: Key,
    /// Orders rows with the same key.
    pub id: String,
}

/// A sort key, by the type of its column.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// TEXT.
    Text(String),
    /// BIGINT.
    Integer(i64),
    /// DOUBLE PRECISION.
    Real(f64),
}

/// The text is not a cursor.
#[derive(Debug, Error)]
#[error("this is no cursor of this list")]
pub struct BadCursor;

impl Cursor {
    /// Opaque to clients: URL-safe base64 of JSON.
    pub fn encode(&self) -> String {
        let key = match &self.key {
            Key::Text(text) => serde_json::json!(["t", text]),
            Key::Integer(number) => serde_json::json!(["i", number]),
            Key::Real(number) => serde_json::json!(["r", number]),
        };
        BASE64.encode(serde_json::json!([self.sort, key, self.id]).to_string())
    }

    /// Reads what [`Cursor::encode`] wrote.
    ///
    /// # Errors
    /// [`BadCursor`] for any other text.
    pub fn decode(text: &str) -> Result<Self, BadCursor> {
        let bytes = BASE64.decode(text).map_err(|_| BadCursor)?;
        let (sort, (kind, value), id): (String, (String, serde_json::Value), String) =
            serde_json::from_slice(&bytes).map_err(|_| BadCursor)?;
        let key = match kind.as_str() {
            "t" => value.as_str().map(|text| Key::Text(text.to_owned())),
            "i" => value.as_i64().map(Key::Integer),
            "r" => value.as_f64().map(Key::Real),
            _ => None,
        };
        let key = key.ok_or(BadCursor)?;
        // PostgreSQL refuses NUL in a text.
        let nul = |text: &str| text.contains('\0');
        if nul(&id) || matches!(&key, Key::Text(text) if nul(text)) {
            return Err(BadCursor);
        }
        Ok(Self { sort, key, id })
    }
}

/// `%part%` for LIKE … ESCAPE '!', in lower case.
pub(crate) fn like(part: &str) -> String {
    let escaped = part.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_cursor_is_decoded_and_other_text_rejected() {
        for key in [Key::Text("ünï \"quoted\"".into()), Key::Integer(-3), Key::Real(2.0)] {
            let cursor = Cursor { sort: "name".into(), key, id: "car_1".into() };
            assert_eq!(Cursor::decode(&cursor.encode()).unwrap(), cursor);
        }
        let with_nul = Cursor { sort: "name".into(), key: Key::Text("a\0b".into()), id: "car_1".into() }.encode();
        for text in ["", "!!", "e30", "W10", &with_nul] {
            assert!(Cursor::decode(text).is_err());
        }
    }
}
