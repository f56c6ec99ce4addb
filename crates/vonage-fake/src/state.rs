use serde_json::{Value, json};

/// The account's state.
#[derive(Debug)]
pub struct State {
    pub available: Vec<Value>,
    pub owned: Vec<Value>,
    pub page_size: usize,
}

impl Default for State {
    fn default() -> Self {
        let mut available = Vec::new();
        for index in 0..8 {
            available.push(number(
                &format!("1212555{:04}", 100 + index),
                "US",
                "mobile-lvn",
                "0.90",
                &["SMS", "VOICE"],
            ));
            available.push(number(&format!("44207946{:04}", 900 + index), "GB", "landline", "1.25", &["VOICE"]));
        }
        available.push(number("18885550199", "US", "landline-toll-free", "2.00", &["VOICE"]));
        Self { available, owned: Vec::new(), page_size: 100 }
    }
}

fn number(msisdn: &str, country: &str, kind: &str, cost: &str, features: &[&str]) -> Value {
    json!({ "country": country, "msisdn": msisdn, "type": kind, "cost": cost, "features": features })
}

impl State {
    /// The account has the number now.
    pub fn own(&mut self, number: &str, fields: &[(String, String)]) {
        let msisdn = number.trim_start_matches('+');
        let at = self.available.iter().position(|known| known["msisdn"] == msisdn);
        let mut item = at.map_or_else(
            || json!({ "country": "US", "msisdn": msisdn, "type": "landline", "features": ["VOICE"] }),
            |at| self.available.remove(at),
        );
        for (name, value) in fields {
            item[name.as_str()] = value.clone().into();
        }
        self.owned.push(item);
    }
}
