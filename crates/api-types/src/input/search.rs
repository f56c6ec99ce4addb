use domain::{Timestamp, field::FieldFault, text};

/// The trimmed value of a filter; None where it is blank.
pub(super) fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// Rows on a page.
pub(super) fn limit(text: &str, most: u32) -> Result<u32, FieldFault> {
    let limit = text.parse().ok().filter(|limit| (1..=most).contains(limit));
    limit.ok_or_else(|| FieldFault::new("out_of_range", format!("The limit is a whole number from 1 to {most}.")))
}

/// The bound of a period: RFC 3339, or what `day` makes of a date.
pub(super) fn time(text: &str, day: fn(&str) -> Option<Timestamp>) -> Result<Timestamp, FieldFault> {
    day(text).or_else(|| Timestamp::parse(text)).ok_or_else(|| {
        FieldFault::new("bad_time", "Enter a day such as 2026-11-20, or a time such as 2026-11-20T18:42:41Z.")
    })
}

/// Parses the text of a search: trimmed, at most 200 characters, without the characters that names cannot contain.
/// PostgreSQL refuses NUL in a text.
pub fn search(typed: &str) -> Result<String, FieldFault> {
    text::plain(typed, "the search", 200)
}
