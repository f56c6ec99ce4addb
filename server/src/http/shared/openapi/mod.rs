//! The OpenAPI 3.1 document of every route, and a page to read it in.

mod page;

use api_types::Problem;
use axum::{Json, Router, routing::get};
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        self, ContentBuilder, RefOr, ResponseBuilder,
        path::Operation,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::http::AppState;

/// What stands above the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Trunkline",
        description = "Carriers, phone numbers and bots, and their LiveKit trunks. Times are RFC 3339 in UTC. Every \
                       refusal is `application/problem+json` (RFC 9457) with a stable `code`, and with `errors` that \
                       name the fields in the way.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "Session", description = "Who is there"),
        (name = "Overview", description = "What needs attention"),
        (name = "Carriers", description = "SIP providers, their limits and their LiveKit trunks"),
        (name = "Numbers", description = "A carrier's phone numbers (DIDs)"),
        (name = "Bots", description = "The LiveKit agents that answer"),
        (name = "Exotel", description = "The account at Exotel, and importing its numbers"),
        (name = "LiveKit", description = "What it holds beside what it should: dry runs, and putting it right"),
        (name = "Audit", description = "Who changed what"),
        (name = "Events", description = "What changes, as it changes"),
        (name = "Operation", description = "For whoever runs the server"),
    ),
    components(schemas(Problem)),
    modifiers(&Sessions)
)]
struct Base;

const PROBLEM: &str = "application/problem+json";

/// How a caller says who it is.
struct Sessions;

impl Modify for Sessions {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::with_description("access_token", "Set by logging in");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let either = ["bearer", "session"].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
        document.security = Some(either.into());
    }
}

pub(in crate::http) fn base() -> openapi::OpenApi {
    Base::openapi()
}

/// `/api/openapi.json`, and `/api/docs` to read it.
pub(in crate::http) fn router(mut document: openapi::OpenApi) -> Router<AppState> {
    for path in document.paths.paths.values_mut() {
        let operations =
            [&mut path.get, &mut path.post, &mut path.put, &mut path.delete].into_iter().filter_map(Option::as_mut);
        operations.for_each(complete);
    }
    let read = page::Reader::new(&document);
    Router::new()
        .route("/api/openapi.json", get(async move || Json(document)))
        .route("/api/docs", get(async move || read.page()))
}

/// A name that no other operation has, and what every operation may answer beside what is its own.
fn complete(operation: &mut Operation) {
    let tag = operation.tags.iter().flatten().next().map(|tag| tag.to_lowercase()).unwrap_or_default();
    operation.operation_id = operation.operation_id.as_ref().map(|function| format!("{function}_{tag}"));
    let open = operation.security.as_ref().is_some_and(|security| security.contains(&SecurityRequirement::default()));
    let mut add = |status: &str, description: &str| {
        let schema = RefOr::Ref(openapi::Ref::from_schema_name(Problem::name()));
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new().description(description).content(PROBLEM, content).build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    };
    if !open {
        add("401", "Nobody is logged in, or the token is not good any more");
        add("403", "The role does not allow it, or another site's page asked");
    }
    add("default", "Any other refusal");
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if response.description.is_empty() {
            response.description = usual(status).to_owned();
        }
        // utoipa derives `application/json` from the type.
        if response.content.get("application/json").is_some_and(is_problem)
            && let Some(content) = response.content.swap_remove("application/json")
        {
            response.content.insert(PROBLEM.to_owned(), content);
        }
    }
}

/// What a status means where the operation does not say.
fn usual(status: &str) -> &'static str {
    match status {
        "200" => "As asked",
        "201" => "Added",
        "204" => "Done",
        "401" => "The login is not right",
        "403" => "Not allowed",
        "404" => "There is no such row",
        "409" => "In conflict with what is there; `current` is the row as it is now, where there is one",
        "422" => "A rule is broken; `errors` names the fields",
        "503" => "Not now",
        _ => "",
    }
}

fn is_problem(content: &RefOr<openapi::Content>) -> bool {
    let RefOr::T(content) = content else { return false };
    matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location.ends_with("/Problem"))
}
