use domain::{field::FieldFault, text};

/// A filter that is not blank.
pub(super) fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// Rows on a page.
pub(super) fn limit(text: &str, most: u32) -> Result<u32, FieldFault> {
    let limit = text.parse().ok().filter(|limit| (1..=most).contains(limit));
    limit.ok_or_else(|| FieldFault::new("out_of_range", format!("The limit is a whole number from 1 to {most}.")))
}

/// What a list is searched for: trimmed, at most 200 characters, and none that no name can have. PostgreSQL knows no NUL
/// in a text.
pub fn search(typed: &str) -> Result<String, FieldFault> {
    text::plain(typed, "the search", 200)
}
