//! The table of invalid values (crates/api-types/tests/refused.json), through the API and as native forms.

use std::collections::BTreeMap;

use exotel_fake::Fake;
use reqwest::{Method, RequestBuilder};
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
    serde_json::from_str(include_str!("../../../crates/api-types/tests/refused.json")).unwrap()
}

/// The two addresses of a form: of the API and of its page.
struct Addresses {
    method: Method,
    api: String,
    page: String,
}

fn at(method: Method, api: &str, page: &str) -> Addresses {
    Addresses { method, api: api.to_owned(), page: page.to_owned() }
}

impl Addresses {
    /// Both requests with that body: as JSON and as a native form, or as the query of both.
    fn requests(&self, server: &TestServer, body: &Value) -> [RequestBuilder; 2] {
        let request =
            |method: &Method, path: &str| server.client.request(method.clone(), format!("{}{path}", server.url));
        // A list in JSON is one value in a form.
        let fields: BTreeMap<_, _> =
            body.as_object().unwrap().iter().map(|(name, value)| (name, value.as_str())).collect();
        if self.method == Method::GET {
            let query = serde_urlencoded::to_string(&fields).unwrap();
            [&self.api, &self.page].map(|path| request(&Method::GET, &format!("{path}?{query}")))
        } else {
            let json = nested(body.as_object().unwrap());
            [request(&self.method, &self.api).json(&json), request(&Method::POST, &self.page).form(&fields)]
        }
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

/// Each row of these fields is rejected with its message, by the API and on the page.
async fn refused(server: &TestServer, form: &Form, fields: impl Fn(&str) -> bool, addresses: &Addresses) {
    let rows: Vec<&Row> = form.refused.iter().filter(|row| fields(&row.field)).collect();
    assert!(!rows.is_empty(), "{}", addresses.page);
    for row in rows {
        let body = row.body(form);
        let [api, page] = addresses.requests(server, &body);
        let refused = answer(api.send().await.unwrap()).await.expect(422);
        let errors = refused["errors"].as_array().unwrap();
        let found = errors.iter().find(|error| error["field"] == row.field.as_str());
        assert_eq!(found.map(|error| &error["message"]), Some(&json!(row.message)), "{} {body}", row.field);

        let page = answer(page.send().await.unwrap()).await.expect(422);
        let shown = row.message.replace('&', "&amp;").replace('<', "&lt;");
        // A form's CR LF is parsed as LF, which the message then names.
        let shown = if addresses.method == Method::GET { shown } else { shown.replace("U+000D", "U+000A") };
        assert!(page.as_str().unwrap().contains(&shown), "{} {}: {shown}", addresses.page, row.field);
    }
}

/// Only updates have a version.
fn is_version(field: &str) -> bool {
    field == "version"
}

fn is_no_version(field: &str) -> bool {
    !is_version(field)
}

fn any(_: &str) -> bool {
    true
}

#[tokio::test]
async fn forms_of_rows_reject_the_table() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    let bot = server.bot("Concierge").await;
    let dids = format!("/api/v1/carriers/{carrier}/dids");
    let did = id(&server.post(&dids, json!({ "number": "+14155550199" })).await.expect(201));
    let mut table = table();

    let create = at(Method::POST, "/api/v1/carriers", "/dashboard/carriers/create");
    let change =
        at(Method::PUT, &format!("/api/v1/carriers/{carrier}"), &format!("/dashboard/carriers/{carrier}?edit=1"));
    refused(&server, &table["carrier"], is_no_version, &create).await;
    refused(&server, &table["carrier"], is_version, &change).await;

    let page = format!("/dashboard/carriers/{carrier}?did");
    let create = at(Method::POST, &dids, &format!("{page}=new"));
    let change = at(Method::PUT, &format!("{dids}/{did}"), &format!("{page}={did}"));
    refused(&server, &table["number"], is_no_version, &create).await;
    // Updates leave the number out: it cannot change.
    table.get_mut("number").unwrap().valid = Map::from_iter([("did_id".to_owned(), json!(did))]);
    refused(&server, &table["number"], is_version, &change).await;

    let create = at(Method::POST, "/api/v1/bots", "/dashboard/bots/create");
    let change = at(Method::PUT, &format!("/api/v1/bots/{bot}"), &format!("/dashboard/bots/{bot}"));
    refused(&server, &table["bot"], is_no_version, &create).await;
    refused(&server, &table["bot"], is_version, &change).await;

    let created = server.post("/api/v1/api-keys", json!({ "name": "CRM" })).await.expect(201);
    let key = id(&created);
    let create = at(Method::POST, "/api/v1/api-keys", "/dashboard/api-keys/create");
    let change = at(Method::PATCH, &format!("/api/v1/api-keys/{key}"), &format!("/dashboard/api-keys/{key}"));
    refused(&server, &table["api_key"], is_no_version, &create).await;
    refused(&server, &table["api_key"], is_version, &change).await;

    let invite = at(Method::POST, "/api/v1/users", "/dashboard/users/invite");
    refused(&server, &table["invitation"], any, &invite).await;

    // Nothing was saved.
    assert_eq!(server.get("/api/v1/users").await.expect(200)["total"], 1);
    assert_eq!(server.get("/api/v1/carriers").await.expect(200)["total"], 1);
    assert_eq!(server.get("/api/v1/bots").await.expect(200)["total"], 1);
    assert_eq!(server.get("/api/v1/api-keys").await.expect(200)["total"], 1);
}

#[tokio::test]
async fn searches_and_filters_reject_the_table() {
    let server = TestServer::start().await;
    let table = table();
    refused(&server, &table["search"], any, &at(Method::GET, "/api/v1/carriers", "/dashboard/carriers")).await;
    // The page has no field for the limit.
    let audit = at(Method::GET, "/api/v1/audit", "/dashboard/audit");
    refused(&server, &table["audit"], |field| field != "limit", &audit).await;
    for row in table["audit"].refused.iter().filter(|row| row.field == "limit") {
        let [api, _] = audit.requests(&server, &row.body(&table["audit"]));
        assert_eq!(answer(api.send().await.unwrap()).await.errors(422)[0].0, "limit");
    }
}

#[tokio::test]
async fn exotel_forms_reject_the_table() {
    let server = TestServer::start().await;
    let table = table();
    let (api, page) = ("/api/v1/integrations/exotel", "/dashboard/integrations/exotel");
    refused(&server, &table["exotel"], any, &at(Method::PUT, api, &format!("{page}?edit=1"))).await;
    assert_eq!(server.get(api).await.expect(200)["connected"], false);

    server.put(api, Fake::credentials()).await.expect(200);
    server.exotel.add_number("+911140001000", "Front desk");
    server.carrier(json!({})).await;
    let import = at(Method::POST, &format!("{api}/import"), &format!("{page}?numbers=1"));
    refused(&server, &table["exotel_import"], any, &import).await;
}

#[tokio::test]
async fn drift_forms_reject_the_table() {
    let server = TestServer::start().await;
    let carrier = id(&server.carrier(json!({})).await);
    server.synced(&carrier).await;
    let table = table();
    let page = format!("/dashboard/carriers/{carrier}/drift");
    for name in ["adopt", "apply"] {
        let (api, page) = (format!("/api/v1/carriers/{carrier}/drift/{name}"), format!("{page}?{name}=1"));
        refused(&server, &table[name], any, &at(Method::POST, &api, &page)).await;
    }
    let api = "/api/v1/livekit/orphans/remove";
    refused(&server, &table["apply"], any, &at(Method::POST, api, &format!("{page}?remove={carrier}"))).await;
}

#[tokio::test]
async fn setup_rejects_the_table() {
    let (server, setup) = TestServer::start_empty().await;
    let token = setup.split_once("token=").unwrap().1;
    let mut table = table();
    let form = table.get_mut("administrator").unwrap();
    form.valid.insert("token".to_owned(), json!(token));
    refused(&server, form, any, &at(Method::POST, "/api/v1/setup", "/setup")).await;
    // The setup token is still valid.
    server.post("/api/v1/setup", Value::Object(form.valid.clone())).await.expect(201);
    refused(&server, &table["login"], any, &at(Method::POST, "/api/v1/auth/login", "/login")).await;
}
