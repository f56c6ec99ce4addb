//! The table of values that no form takes (crates/domain/tests/refused.json), as JSON and as native forms.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::harness::{TestServer, answer, id};

#[derive(Deserialize)]
struct Form {
    valid: Map<String, Value>,
    refused: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    field: String,
    #[serde(default)]
    value: String,
    repeat: Option<String>,
    #[serde(default)]
    times: usize,
    #[serde(default)]
    with: Map<String, Value>,
    message: String,
}

impl Row {
    fn body(&self, form: &Form) -> Value {
        let mut body = form.valid.clone();
        body.extend(self.with.clone());
        let value = self.repeat.as_ref().map_or_else(|| self.value.clone(), |text| text.repeat(self.times));
        body.insert(self.field.clone(), Value::String(value));
        Value::Object(body)
    }
}

fn table() -> BTreeMap<String, Form> {
    serde_json::from_str(include_str!("../../../crates/domain/tests/refused.json")).unwrap()
}

/// Where a form's JSON goes, and where its native form does.
struct Addresses {
    api: String,
    page: String,
}

async fn each_row_is_refused(server: &TestServer, form: &Form, create: &Addresses, change: &Addresses) {
    for row in &form.refused {
        let body = row.body(form);
        // Only a change has a version.
        let address = if row.field == "version" { change } else { create };
        let refused = if row.field == "version" {
            server.put(&address.api, body.clone()).await.expect(422)
        } else {
            server.post(&address.api, body.clone()).await.expect(422)
        };
        let errors = refused["errors"].as_array().unwrap();
        let said = errors.iter().find(|error| error["field"] == row.field.as_str());
        assert_eq!(said.map(|error| &error["message"]), Some(&json!(row.message)), "{} {body}", row.field);

        let fields: BTreeMap<_, _> =
            body.as_object().unwrap().iter().map(|(name, value)| (name, value.as_str())).collect();
        let posted = server.client.post(format!("{}{}", server.url, address.page)).form(&fields).send().await.unwrap();
        let page = answer(posted).await.expect(422);
        let page = page.as_str().unwrap();
        // The version is no field that one could mend: it is told above the form, if at all.
        let told = row.message.replace('&', "&amp;").replace('<', "&lt;");
        assert!(row.field == "version" || page.contains(&told), "{}: {told}", row.field);
    }
}

#[tokio::test]
async fn no_form_takes_a_value_of_the_table() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let bot = server.bot("Concierge").await;
    let dids = format!("/api/v1/carriers/{carrier}/dids");
    let did = id(&server.post(&dids, json!({ "number": "+14155550199" })).await.expect(201));
    let table = table();
    let at = |api: &str, page: &str| Addresses { api: api.to_owned(), page: page.to_owned() };

    let (create, change) = (
        at("/api/v1/carriers", "/dashboard/carriers/create"),
        at(&format!("/api/v1/carriers/{carrier}"), &format!("/dashboard/carriers/{carrier}")),
    );
    each_row_is_refused(&server, &table["carrier"], &create, &change).await;

    let page = format!("/dashboard/carriers/{carrier}/dids");
    let (create, change) = (at(&dids, &page), at(&format!("{dids}/{did}"), &format!("{page}/{did}")));
    let mut numbers = table;
    // The number of a row that is there cannot change, and so is left out of a change.
    let form = numbers.get_mut("number").unwrap();
    let (versions, others): (Vec<_>, Vec<_>) = form.refused.drain(..).partition(|row| row.field == "version");
    form.refused = others;
    each_row_is_refused(&server, form, &create, &change).await;
    *form = Form { valid: Map::new(), refused: versions };
    each_row_is_refused(&server, form, &create, &change).await;

    let (create, change) = (
        at("/api/v1/bots", "/dashboard/bots/create"),
        at(&format!("/api/v1/bots/{bot}"), &format!("/dashboard/bots/{bot}")),
    );
    each_row_is_refused(&server, &numbers["bot"], &create, &change).await;

    // Nothing of all that was kept.
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 1);
    assert_eq!(server.get("/api/v1/bots").await.expect(200)["total"], 1);
}

#[tokio::test]
async fn the_first_administrator_takes_no_value_of_the_table_either() {
    let (server, setup) = TestServer::start_empty().await;
    let token = setup.split_once("token=").unwrap().1;
    let mut table = table();
    let form = table.get_mut("administrator").unwrap();
    form.valid.insert("token".to_owned(), json!(token));
    let address = Addresses { api: "/api/v1/setup".to_owned(), page: "/setup".to_owned() };
    each_row_is_refused(&server, form, &address, &address).await;
    // The link is still good.
    server.post("/api/v1/setup", Value::Object(form.valid.clone())).await.expect(201);
    let login = Addresses { api: "/api/v1/auth/login".to_owned(), page: "/login".to_owned() };
    each_row_is_refused(&server, &table["login"], &login, &login).await;
}
