//! Texts as HTML.

/// Escapes a text for an attribute in double quotes or for `inner_html` of a text area. (An empty text as a child would be
/// rendered as a blank.)
pub fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
