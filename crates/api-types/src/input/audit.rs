use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::search::{given, limit, search, time};
use domain::{ActorFilter, AuditFilter, AuditKind, FieldErrors, FieldFault, Timestamp, field::one_of};

/// The query of `GET /api/v1/audit` and of the audit page. A blank value is the same as an absent one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct AuditQuery {
    /// Part of the row's name, in any case; or a phone number with any punctuation, with its country code or, where the
    /// carrier has a country, with a 0 in its place.
    pub q: String,
    /// The id of a user or an API key, an e-mail address, or `system` for the server itself.
    pub actor: String,
    /// See [`AuditKind`].
    pub kind: String,
    /// A row's id. A carrier's history includes its DIDs.
    pub subject: String,
    /// See [`AuditAction`].
    pub action: String,
    /// Inclusive: RFC 3339, or the start of a day (`2026-11-20`) in UTC.
    pub from: String,
    /// Exclusive: RFC 3339, or the end of a day in UTC.
    pub to: String,
    /// 1 to 200; 50 where absent.
    pub limit: String,
    /// `next_cursor` of the page before.
    pub cursor: String,
}

impl AuditQuery {
    /// Parses all fields but the cursor, which the store reads.
    ///
    /// # Errors
    /// All faults.
    pub fn parse(&self) -> Result<AuditFilter, FieldErrors> {
        let mut errors = FieldErrors::default();
        let q = errors.record("q", search(&self.q)).unwrap_or_default();
        let mut filter = AuditFilter { q, ..AuditFilter::default() };
        filter.actor = given(&self.actor).and_then(|text| errors.record("actor", actor(text)));
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
            filter.limit = errors.record("limit", limit(text, AuditFilter::MAX_LIMIT)).unwrap_or(filter.limit);
        }
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }
}

fn actor(text: &str) -> Result<ActorFilter, FieldFault> {
    let known = match text {
        "system" => Some(ActorFilter::System),
        _ => text.parse().ok().map(ActorFilter::Id).or_else(|| text.parse().ok().map(ActorFilter::Email)),
    };
    known.ok_or_else(|| {
        FieldFault::new("unknown_actor", "Enter a user's e-mail address or id, or system for the server itself.")
    })
}

/// A whole id of one of Trunkline's rows, or LiveKit's id of an adopted trunk, `ST_…`.
fn subject(text: &str) -> Result<String, FieldFault> {
    let parts = text.split_once('_').map(|(prefix, rest)| (prefix.len(), rest.len()));
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let ours = AuditKind::of(text) != AuditKind::Other;
    match parts {
        Some((1..=4, 26)) if plain => Ok(text.to_owned()),
        Some((1..=4, 1..=40)) if plain && !ours => Ok(text.to_owned()),
        _ => {
            Err(FieldFault::new("bad_id", "Enter the id of a row, such as car_… with 26 letters and digits after it."))
        }
    }
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
    fn blank_values_are_no_filter() {
        let blank = query(&[("q", " "), ("actor", ""), ("kind", ""), ("from", " "), ("limit", "")]);
        assert_eq!(blank.parse().unwrap(), AuditFilter::default());
    }

    #[test]
    fn each_filter_is_parsed() {
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
        assert_eq!(filter.actor, Some(ActorFilter::Email("ops@example.com".parse().unwrap())));
        assert_eq!((filter.kind, filter.action), (Some(AuditKind::Did), Some(AuditAction::Deleted)));
        assert_eq!((filter.subject.as_deref(), filter.limit), (Some(subject), 7));
        // The whole day.
        let day = 24 * 60 * 60 * 1000;
        assert_eq!(filter.before.unwrap().millis() - filter.from.unwrap().millis(), day);
        assert_eq!(filter.from.unwrap().rfc3339(), "2026-11-20T00:00:00.000Z");
        let foreign = query(&[("subject", "ST_9Xb2LqTc4Rf7")]).parse().unwrap();
        assert_eq!(foreign.subject.as_deref(), Some("ST_9Xb2LqTc4Rf7"));
        assert_eq!(query(&[("actor", "system")]).parse().unwrap().actor, Some(ActorFilter::System));
        let to = query(&[("to", "2026-11-20T19:42:41+01:00")]).parse().unwrap().before.unwrap();
        assert_eq!(to.rfc3339(), "2026-11-20T18:42:41.000Z");
    }

    #[test]
    fn invalid_values_are_rejected_by_field() {
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
            let reported: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
            assert_eq!(reported, [(field, code)], "{value}");
        }
        let reversed = query(&[("from", "2026-11-21"), ("to", "2026-11-20")]).parse().unwrap_err();
        assert_eq!(reversed.iter().next().unwrap().code, "before_from");
        assert_eq!(query(&[("q", &"x".repeat(201))]).parse().unwrap_err().iter().next().unwrap().code, "too_long");
    }
}
