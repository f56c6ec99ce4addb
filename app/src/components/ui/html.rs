//! Texts as HTML.

/// A host name as HTML that may break after each dot.
#[cfg(feature = "ssr")]
pub fn breakable(host: &str) -> String {
    escape_html(host).replace('.', ".<wbr>")
}

/// Escapes a text for an attribute in double quotes or for `inner_html` of a text area. (An empty text as a child would be
/// rendered as a blank.)
pub fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
