use domain::{field::FieldFault, text};

/// What a list is searched for: trimmed, at most 200 characters, and none that no name can have. PostgreSQL knows no NUL
/// in a text.
pub fn search(typed: &str) -> Result<String, FieldFault> {
    text::plain(typed, "the search", 200)
}
