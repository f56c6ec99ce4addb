use api_types::input::AuditQuery;
use leptos_router::params::ParamsMap;

use crate::urls;

/// The filters and the page in the address.
pub fn read(params: &ParamsMap) -> AuditQuery {
    let get = |name| params.get(name).unwrap_or_default();
    AuditQuery {
        q: get("q"),
        actor: get("actor"),
        kind: get("kind"),
        subject: get("subject"),
        action: get("action"),
        from: get("from"),
        to: get("to"),
        limit: String::new(),
        cursor: get("cursor"),
    }
}

/// The address with these filters.
pub fn href(query: &AuditQuery) -> String {
    let pairs = [
        ("q", query.q.as_str()),
        ("actor", &query.actor),
        ("kind", &query.kind),
        ("subject", &query.subject),
        ("action", &query.action),
        ("from", &query.from),
        ("to", &query.to),
        ("cursor", &query.cursor),
    ];
    urls::AUDIT.to_owned() + &urls::query(&pairs)
}
