use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::search::{given, limit, search};
use domain::{AuditFilter, AuditKind, AuditWho, FieldErrors, FieldFault, Timestamp, field::one_of};

/// The query of `GET /api/v1/audit`, and of the audit page, which keeps it in its URL. Blank is as good as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct AuditQuery {
    /// Part of what the row was called, any case; a phone number however it is punctuated, with its country's code or, where
    /// the country is known, with a 0 in its place.
    pub q: String,
    /// A user's id, an e-mail address, or `system` for the server itself.
    pub actor: String,
    /// See [`AuditKind`].
    pub kind: String,
    /// A row's id. A carrier's history has its numbers' too.
    pub subject: String,
    /// See [`AuditAction`].
    pub action: String,
    /// From then on: RFC 3339, or a day (`2026-11-20`) in UTC.
    pub from: String,
    /// Before then: RFC 3339, or to the end of a day in UTC.
    pub to: String,
    /// 1 to 200; 50 where absent.
    pub limit: String,
    pub cursor: String,
}

impl AuditQuery {
    /// The cursor is left to whoever made it.
    pub fn parse(&self) -> Result<AuditFilter, FieldErrors> {
        let mut errors = FieldErrors::default();
        let q = errors.record("q", search(&self.q)).unwrap_or_default();
        let mut filter = AuditFilter { q, ..AuditFilter::default() };
        filter.actor = given(&self.actor).and_then(|text| errors.record("actor", who(text)));
        filter.kind = given(&self.kind).and_then(|text| {
            let kind = AuditKind::filters().find(|kind| kind.as_str() == text);
            let fault = || FieldFault::new("unknown_kind", one_of(AuditKind::filters()));
            errors.record("kind", kind.ok_or_else(fault))
        });
        filter.action = given(&self.action).and_then(|text| errors.record("action", text.parse()));
        filter.subject = given(&self.subject).and_then(|text| errors.record("subject", subject(text)));
        filter.from = given(&self.from).and_then(|text| errors.record("from", time(text, Timestamp::day_start)));
        filter.before = given(&self.to).and_then(|text| errors.record("to", time(text, Timestamp::day_end)));
        if let (Some(from), Some(before)) = (filter.from, filter.before)
            && from >= before
        {
            errors.add("to", FieldFault::new("before_from", "The end has to be after the beginning."));
        }
        if let Some(text) = given(&self.limit) {
            filter.limit = errors.record("limit", limit(text, AuditFilter::MOST)).unwrap_or(filter.limit);
        }
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }
}

fn who(text: &str) -> Result<AuditWho, FieldFault> {
    let known = match text {
        "system" => Some(AuditWho::System),
        _ => text.parse().ok().map(AuditWho::User).or_else(|| text.parse().ok().map(AuditWho::Email)),
    };
    known.ok_or_else(|| {
        FieldFault::new("unknown_actor", "Give a person's e-mail address or id, or system for the server itself.")
    })
}

/// The id of one of our rows in full, or of anything else that leaves a record: LiveKit's `ST_…`.
fn subject(text: &str) -> Result<String, FieldFault> {
    let parts = text.split_once('_').map(|(prefix, rest)| (prefix.len(), rest.len()));
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let ours = AuditKind::of(text) != AuditKind::Other;
    match parts {
        Some((1..=4, 26)) if plain => Ok(text.to_owned()),
        Some((1..=4, 1..=40)) if plain && !ours => Ok(text.to_owned()),
        _ => Err(FieldFault::new("bad_id", "Give the id of a row, such as car_… with 26 letters and digits after it.")),
    }
}

fn time(text: &str, day: fn(&str) -> Option<Timestamp>) -> Result<Timestamp, FieldFault> {
    day(text).or_else(|| Timestamp::parse(text)).ok_or_else(|| {
        FieldFault::new("bad_time", "Give a day such as 2026-11-20, or a time such as 2026-11-20T18:42:41Z.")
    })
}

#[cfg(test)]
mod tests {
    use domain::AuditAction;

    use super::*;

    fn query(pairs: &[(&str, &str)]) -> AuditQuery {
        let fields = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        serde_json::from_value(serde_json::Value::Object(fields)).unwrap()
    }

    #[test]
    fn blank_filters_are_none() {
        let blank = query(&[("q", " "), ("actor", ""), ("kind", ""), ("from", " "), ("limit", "")]);
        assert_eq!(blank.parse().unwrap(), AuditFilter::default());
    }

    #[test]
    fn each_filter_is_read() {
        let subject = "car_01hf7yat000000000000000000";
        let filter = query(&[
            ("q", " Twilio "),
            ("actor", "Ops@Example.com"),
            ("kind", "did"),
            ("subject", subject),
            ("action", "deleted"),
            ("from", "2026-11-20"),
            ("to", "2026-11-20"),
            ("limit", "7"),
        ]);
        let filter = filter.parse().unwrap();
        assert_eq!(filter.q, "Twilio");
        assert_eq!(filter.actor, Some(AuditWho::Email("ops@example.com".parse().unwrap())));
        assert_eq!((filter.kind, filter.action), (Some(AuditKind::Did), Some(AuditAction::Deleted)));
        assert_eq!((filter.subject.as_deref(), filter.limit), (Some(subject), 7));
        // The day counts whole.
        let day = 24 * 60 * 60 * 1000;
        assert_eq!(filter.before.unwrap().millis() - filter.from.unwrap().millis(), day);
        assert_eq!(filter.from.unwrap().rfc3339(), "2026-11-20T00:00:00.000Z");
        let foreign = query(&[("subject", "ST_9Xb2LqTc4Rf7")]).parse().unwrap();
        assert_eq!(foreign.subject.as_deref(), Some("ST_9Xb2LqTc4Rf7"));
        assert_eq!(query(&[("actor", "system")]).parse().unwrap().actor, Some(AuditWho::System));
        let to = query(&[("to", "2026-11-20T19:42:41+01:00")]).parse().unwrap().before.unwrap();
        assert_eq!(to.rfc3339(), "2026-11-20T18:42:41.000Z");
    }

    #[test]
    fn nonsense_is_refused_by_field() {
        for (field, value, code) in [
            ("actor", "nobody", "unknown_actor"),
            ("actor", "usr_1", "unknown_actor"),
            ("kind", "trunk", "unknown_kind"),
            ("kind", "other", "unknown_kind"),
            ("subject", "car_1", "bad_id"),
            ("subject", "%' OR 1=1 --", "bad_id"),
            ("action", "create", "unknown_action"),
            ("from", "yesterday", "bad_time"),
            ("to", "2026-13-01", "bad_time"),
            ("limit", "0", "out_of_range"),
            ("limit", "201", "out_of_range"),
            ("limit", "ten", "out_of_range"),
        ] {
            let errors = query(&[(field, value)]).parse().unwrap_err().into_vec();
            let found: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
            assert_eq!(found, [(field, code)], "{value}");
        }
        let turned = query(&[("from", "2026-11-21"), ("to", "2026-11-20")]).parse().unwrap_err();
        assert_eq!(turned.iter().next().unwrap().code, "before_from");
        assert_eq!(query(&[("q", &"x".repeat(201))]).parse().unwrap_err().iter().next().unwrap().code, "too_long");
    }
}
