//! The OpenAPI 3.1 document of every route, and a page to read it in.

mod page;

use api_types::Problem;
use axum::{Json, Router, routing::get};
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        self, ContentBuilder, RefOr, ResponseBuilder,
        path::{Operation, PathItem},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::http::AppState;

/// The document without its routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Trunkline",
        description = "Carriers, phone numbers and bots, and their LiveKit trunks. Times are RFC 3339 in UTC. Every \
                       error is `application/problem+json` (RFC 9457) with a stable `code`, and with `errors` for \
                       invalid fields.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "Session", description = "Login, logout and the current user"),
        (name = "Overview", description = "What needs attention"),
        (name = "Carriers", description = "SIP providers, their limits and their LiveKit trunks"),
        (name = "Numbers", description = "A carrier's phone numbers (DIDs)"),
        (name = "Trunks", description = "Outbound trunks, for agent developers; responses are envelopes"),
        (name = "Bots", description = "The LiveKit agents that answer"),
        (name = "Calls", description = "What became of each call, and LiveKit's reports of it"),
        (name = "Numbers API", description = "Numbers of providers: search, purchase, register and map to a bot"),
        (name = "Integrations", description = "The connections to providers' APIs"),
        (name = "Exotel", description = "The account at Exotel, and importing its numbers"),
        (name = "LiveKit", description = "Observed and desired state: drift, dry runs, apply and adoption"),
        (name = "Telephony", description = "What CXB Core asks while it handles a call"),
        (name = "Dialout", description = "Outbound calls, for CRMs and dialers"),
        (name = "Edge", description = "What the SIP edge, media nodes and operators' tools call; gated, not public"),
        (name = "SIP Edge", description = "Domains, users, devices, extensions and whatever else routes calls at the SIP edge"),
        (name = "Fleet", description = "The servers of CXB Core's workers, their health and load"),
        (name = "Users", description = "Who may log in, with which role, and from where"),
        (name = "API keys", description = "Credentials of programs"),
        (name = "Audit", description = "Who changed what"),
        (name = "Events", description = "Changes as server-sent events"),
        (name = "Operation", description = "Health and metrics"),
    ),
    components(schemas(Problem)),
    modifiers(&Credentials)
)]
struct Base;

/// The security scheme of the routes for CXB Core, as their `security` names it.
const CORE_SECRET: &str = "core_secret";
/// The security scheme of the edge's paths.
const EDGE_TOKEN: &str = "edge_token";
/// The security scheme of the live monitor.
const ADMIN_TOKEN: &str = "admin_token";
const PROBLEM: &str = "application/problem+json";

/// The ways to authenticate.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::with_description("access_token", "Set by logging in");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let core =
            ApiKeyValue::with_description("X-CXB-Core-Secret", "The secret that the server shares with CXB Core");
        components.add_security_scheme(CORE_SECRET, SecurityScheme::ApiKey(ApiKey::Header(core)));
        let edge = ApiKeyValue::with_description(
            "X-Edge-Token",
            "The token that the server shares with the SIP edge, if it has one; it may also be sent as bearer",
        );
        components.add_security_scheme(EDGE_TOKEN, SecurityScheme::ApiKey(ApiKey::Header(edge)));
        let admin = ApiKeyValue::with_description("X-Admin-Token", "The token of operators' tools");
        components.add_security_scheme(ADMIN_TOKEN, SecurityScheme::ApiKey(ApiKey::Header(admin)));
        let key = ApiKeyValue::with_description(
            "X-API-Key",
            "A key that an administrator has created; it may also be sent as bearer. It precedes the others.",
        );
        components.add_security_scheme("api_key", SecurityScheme::ApiKey(ApiKey::Header(key)));
        let either = ["api_key", "bearer", "session"].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
        document.security = Some(either.into());
    }
}

pub(in crate::http) fn base() -> openapi::OpenApi {
    Base::openapi()
}

/// `/api/openapi.json`, and `/api/docs` to read it.
pub(in crate::http) fn router(mut document: openapi::OpenApi) -> Router<AppState> {
    complete_all(&mut document);
    let reader = page::Reader::new(&document);
    Router::new()
        .route("/api/openapi.json", get(async move || Json(document)))
        .route("/api/docs", get(async move || reader.page()))
}

fn complete_all(document: &mut openapi::OpenApi) {
    for path in document.paths.paths.values_mut() {
        let PathItem { get, put, post, delete, options, head, patch, trace, query, .. } = path;
        [get, put, post, delete, options, head, patch, trace, query].into_iter().flatten().for_each(complete);
    }
}

/// Adds a unique operation id, and the responses that every operation may have.
fn complete(operation: &mut Operation) {
    let tag = operation.tags.iter().flatten().next().map(|tag| tag.to_lowercase()).unwrap_or_default();
    operation.operation_id = operation.operation_id.as_ref().map(|function| format!("{function}_{tag}"));
    let accepts = |scheme: SecurityRequirement| operation.security.as_ref().is_some_and(|list| list.contains(&scheme));
    let open = accepts(SecurityRequirement::default());
    let core = accepts(SecurityRequirement::new(CORE_SECRET, Vec::<String>::new()));
    let edge = accepts(SecurityRequirement::new(EDGE_TOKEN, Vec::<String>::new()));
    let mut add = |status: &str, description: &str| {
        let schema = RefOr::Ref(openapi::Ref::from_schema_name(Problem::name()));
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new().description(description).content(PROBLEM, content).build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    };
    if core {
        add("403", "X-CXB-Core-Secret is missing, doubled or wrong, or the server has no core secret");
    } else if edge {
        add("403", "The edge's paths are closed, or the gate refuses the source address, the token or a proxy");
        add("503", "Another server of the database serves the edge, and there is no Redis to share its state");
    } else if !open {
        add("401", "No valid session or API key");
        add(
            "403",
            "The role does not allow it, the API key is not accepted, or the request came from another site's page",
        );
    }
    add("default", "Any other error");
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

/// The description of a status for operations that give none.
fn usual(status: &str) -> &'static str {
    match status {
        "200" => "Success",
        "201" => "Created",
        "204" => "Success, without content",
        "401" => "Wrong e-mail address or password",
        "403" => "Not allowed",
        "404" => "Not found",
        "409" => "Conflict with the current state; `current` is the row as it is now, if there is one",
        "422" => "Invalid input; `errors` names the fields",
        "503" => "Temporarily unavailable; `Retry-After` says when to try again",
        _ => "",
    }
}

fn is_problem(content: &RefOr<openapi::Content>) -> bool {
    let RefOr::T(content) = content else { return false };
    matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location.ends_with("/Problem"))
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::{
        OpenApiBuilder,
        path::{HttpMethod, OperationBuilder, PathsBuilder},
    };

    use super::*;

    #[test]
    fn every_method_is_completed() {
        let methods = [
            HttpMethod::Get,
            HttpMethod::Put,
            HttpMethod::Post,
            HttpMethod::Delete,
            HttpMethod::Options,
            HttpMethod::Head,
            HttpMethod::Patch,
            HttpMethod::Trace,
        ];
        let operation = OperationBuilder::new().operation_id(Some("update")).tag("Bots").build();
        let paths = PathsBuilder::new().path("/bots", PathItem::from_http_methods(methods, operation)).build();
        let mut document = OpenApiBuilder::new().paths(paths).build();
        complete_all(&mut document);
        let document = serde_json::to_value(document).unwrap();
        let operations = document["paths"]["/bots"].as_object().unwrap();
        assert_eq!(operations.len(), 8);
        for (method, operation) in operations {
            assert_eq!(operation["operationId"], "update_bots", "{method}");
            assert!(operation["responses"]["401"]["content"][PROBLEM].is_object(), "{method}");
        }
    }
}
