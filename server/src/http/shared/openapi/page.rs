//! The OpenAPI document as a page: plain HTML, which needs no script, no other host and no exception from the
//! Content-Security-Policy.

use app::urls;
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

use crate::assets;

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; frame-ancestors 'none'",
);

/// The document as JSON, to render from.
#[derive(Clone)]
pub(super) struct Reader(std::sync::Arc<Value>);

impl Reader {
    pub fn new(document: &OpenApi) -> Self {
        Self(serde_json::to_value(document).unwrap_or_default().into())
    }

    /// Rendered per request, which is rare: the style sheet's name changes with the build.
    pub fn page(&self) -> Response {
        let html = format!("<!DOCTYPE html>{}", document(&self.0).to_html());
        ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response()
    }
}

/// One method at one path.
struct Operation<'a> {
    id: String,
    method: String,
    path: &'a str,
    tag: &'a str,
    body: &'a Value,
}

fn document(document: &Value) -> AnyView {
    let operations = operations(document);
    let tags = list(&document["tags"]);
    let sections = tags.iter().map(|tag| {
        let name = text(&tag["name"]);
        let rows = operations.iter().filter(|operation| operation.tag == name).map(operation).collect_view();
        view! {
            <section class="api-section" id=anchor(name) aria-labelledby=format!("{}-title", anchor(name))>
                <h2 class="api-title" id=format!("{}-title", anchor(name))>{name.to_owned()}</h2>
                <p class="api-lead">{text(&tag["description"]).to_owned()}</p>
                {rows}
            </section>
        }
        .into_any()
    });
    let schemas = object(&document["components"]["schemas"]).iter().map(|(name, schema)| self::schema(name, schema));
    let contents = tags.iter().map(|tag| text(&tag["name"]).to_owned()).chain(["Schemas".to_owned()]).map(|name| {
        let href = format!("#{}", anchor(&name));
        view! { <li><a class="link" href=href>{name}</a></li> }
    });
    view! {
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>"API · Trunkline"</title>
                <link rel="stylesheet" href=assets::names().css/>
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
            </head>
            <body>
                <main class="api">
                    <header>
                        <h1 class="api-head">"Trunkline API"</h1>
                        <p class="api-lead">{text(&document["info"]["description"]).to_owned()}</p>
                        <p class="api-lead">
                            "As an OpenAPI 3.1 document: "
                            <a class="link" href="/api/openapi.json">"/api/openapi.json"</a>
                            ". Back to the " <a class="link" href=urls::HOME>"console"</a> "."
                        </p>
                        <nav aria-label="Contents"><ul class="api-contents">{contents.collect_view()}</ul></nav>
                    </header>
                    {sections.collect_view()}
                    <section class="api-section" id="schemas" aria-labelledby="schemas-title">
                        <h2 class="api-title" id="schemas-title">"Schemas"</h2>
                        {schemas.collect_view()}
                    </section>
                </main>
            </body>
        </html>
    }
    .into_any()
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut all = Vec::new();
    for (path, item) in object(&document["paths"]) {
        for (method, body) in object(item).iter().filter(|(_, body)| body.get("responses").is_some()) {
            let tag = body["tags"].get(0).map_or("", text);
            let id = anchor(&format!("{method}-{path}"));
            all.push(Operation { id, method: method.to_uppercase(), path, tag, body });
        }
    }
    all
}

fn operation(operation: &Operation<'_>) -> AnyView {
    let body = operation.body;
    let parameters = list(&body["parameters"]);
    let rows = parameters.iter().map(|parameter| {
        let name = text(&parameter["name"]).to_owned();
        field(name, parameter["required"] == true, kind(&parameter["schema"]), text(&parameter["description"]))
    });
    let parameters = (!parameters.is_empty()).then(|| table("Parameters", rows.collect()));
    let input = body["requestBody"]["content"].as_object().and_then(|content| content.iter().next());
    let input = input.map(|(media, content)| {
        view! { <p class="api-takes">"Request body: " {kind(&content["schema"])} " as " <code>{media.clone()}</code></p> }
    });
    let responses = object(&body["responses"]).iter().map(|(status, response)| {
        let content = object(&response["content"]).iter().next();
        let what = content.map(|(_, content)| kind(&content["schema"]));
        view! {
            <tr>
                <td><code>{status.clone()}</code></td>
                <td>{what}</td>
                <td>{text(&response["description"]).to_owned()}</td>
            </tr>
        }
        .into_any()
    });
    view! {
        <details class="api-operation" id=operation.id.clone()>
            <summary>
                <span class=format!("api-method api-{}", operation.method.to_lowercase())>{operation.method.clone()}</span>
                <code class="api-path">{operation.path.to_owned()}</code>
                <span class="api-summary">{text(&body["summary"]).to_owned()}</span>
            </summary>
            <div class="api-body">
                <p>{text(&body["description"]).to_owned()}</p>
                {parameters}
                {input}
                {table("Responses", responses.collect())}
            </div>
        </details>
    }
    .into_any()
}

fn schema(name: &str, schema: &Value) -> AnyView {
    let required = list(&schema["required"]);
    let fields = object(&schema["properties"]).iter().map(|(field_name, property)| {
        let required = required.iter().any(|required| required == field_name.as_str());
        field(field_name.clone(), required, kind(property), text(&property["description"]))
    });
    let fields: Vec<_> = fields.collect();
    let shape = if fields.is_empty() {
        view! { <p class="api-takes">{kind(schema)}</p> }.into_any()
    } else {
        table("Fields", fields)
    };
    view! {
        <details class="api-operation" id=anchor(&format!("schema-{name}"))>
            <summary><code class="api-path">{name.to_owned()}</code></summary>
            <div class="api-body"><p>{text(&schema["description"]).to_owned()}</p>{shape}</div>
        </details>
    }
    .into_any()
}

fn table(title: &'static str, rows: Vec<AnyView>) -> AnyView {
    view! {
        <h3 class="api-table-title">{title}</h3>
        <div class="api-scroll" tabindex="0" role="region" aria-label=title><table class="api-table"><tbody>{rows}</tbody></table></div>
    }
    .into_any()
}

fn field(name: String, required: bool, kind: AnyView, description: &str) -> AnyView {
    view! {
        <tr>
            <td><code>{name}</code> {required.then_some(" required")}</td>
            <td>{kind}</td>
            <td>{description.to_owned()}</td>
        </tr>
    }
    .into_any()
}

/// A schema in a few words, with a link to one that has a name.
fn kind(schema: &Value) -> AnyView {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        let (href, name) = (format!("#{}", anchor(&format!("schema-{name}"))), name.to_owned());
        return view! { <a class="link" href=href>{name}</a> }.into_any();
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        let parts = list(&schema[several]);
        if !parts.is_empty() {
            let parts = parts.iter().enumerate().map(|(index, part)| (if index > 0 { " or " } else { "" }, kind(part)));
            return parts.collect_view().into_any();
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<_> = values.iter().map(|value| value.to_string().replace('"', "")).collect();
        return values.join(" | ").into_any();
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect::<Vec<_>>().join(" or "),
        one => text(one).to_owned(),
    };
    let items = (!schema["items"].is_null()).then(|| (" of ", kind(&schema["items"])));
    let bounds: String = [("minimum", " from "), ("maximum", " to "), ("pattern", " like "), ("format", ", ")]
        .iter()
        .filter_map(|(key, word)| {
            let value = &schema[*key];
            (!value.is_null())
                .then(|| format!("{word}{}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        })
        .collect();
    (types, items, bounds).into_any()
}

fn anchor(name: &str) -> String {
    let plain = name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn object(value: &Value) -> &Map<String, Value> {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&EMPTY)
}
