use serde_json::{Value, json};

/// The account's state.
#[derive(Debug)]
pub struct State {
    /// Each with its resource: `Local`.
    pub available: Vec<(&'static str, Value)>,
    pub owned: Vec<Value>,
    pub trunks: Vec<Value>,
    pub credential_lists: Vec<Value>,
    pub page_size: usize,
    pub last_id: u32,
}

impl Default for State {
    fn default() -> Self {
        let mut available = Vec::new();
        for index in 0..12 {
            available.push(("Local", number(&format!("+1650555{:04}", 1200 + index), "US", "San Mateo", "none")));
            available.push(("Local", number(&format!("+1415555{:04}", 2600 + index), "US", "San Francisco", "none")));
        }
        for index in 0..4 {
            available.push(("TollFree", number(&format!("+1888555{:04}", 100 + index), "US", "", "none")));
            available.push(("Local", number(&format!("+44207946{:04}", 100 + index), "GB", "London", "any")));
            available.push(("Mobile", number(&format!("+447700900{:03}", 100 + index), "GB", "", "local")));
            available.push(("Local", number(&format!("+4930901820{:02}", index), "DE", "Berlin", "local")));
        }
        Self {
            available,
            owned: Vec::new(),
            trunks: Vec::new(),
            credential_lists: Vec::new(),
            page_size: 1000,
            last_id: 0,
        }
    }
}

fn number(number: &str, country: &str, locality: &str, address: &str) -> Value {
    json!({
        "friendly_name": number, "phone_number": number, "lata": null, "locality": locality, "rate_center": null,
        "latitude": "37.56", "longitude": null, "region": null, "postal_code": null, "iso_country": country,
        "address_requirements": address, "beta": false,
        "capabilities": { "voice": true, "SMS": true, "MMS": country == "US", "fax": false },
    })
}

impl State {
    /// An id with that prefix.
    pub fn id(&mut self, prefix: &str) -> String {
        self.last_id += 1;
        format!("{prefix}{:032x}", self.last_id)
    }

    /// The account has the number now. A number that it has already is updated.
    pub fn own(&mut self, number: &str, fields: &[(String, String)]) -> Value {
        self.available.retain(|(_, known)| known["phone_number"] != number);
        let at = match self.owned.iter().position(|owned| owned["phone_number"] == number) {
            Some(at) => at,
            None => {
                let sid = self.id("PN");
                self.owned
                    .push(json!({ "sid": sid, "phone_number": number, "friendly_name": number, "trunk_sid": null,
                                        "status": "in-use", "origin": "twilio" }));
                self.owned.len() - 1
            }
        };
        update(&mut self.owned[at], fields);
        self.owned[at].clone()
    }
}

/// Applies form fields (`TrunkSid`) to a resource (`trunk_sid`).
pub(crate) fn update(resource: &mut Value, fields: &[(String, String)]) {
    for (name, value) in fields {
        let mut snake = String::new();
        for (index, letter) in name.chars().enumerate() {
            if letter.is_ascii_uppercase() && index > 0 {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
        }
        resource[snake] = value.clone().into();
    }
}
