//! Rules of all text fields.

use crate::field::FieldFault;

/// Trims the text, and checks that it has at most `max` characters and no invisible ones. `what` is the field's name in
/// messages.
///
/// Control characters would reach SIP headers and logs. A bidirectional override (U+202A–202E, U+2066–2069) makes a name
/// look like another one.
///
/// # Errors
/// `unprintable_character` or `too_long`.
pub fn plain(text: &str, what: &str, max: usize) -> Result<String, FieldFault> {
    let text = text.trim();
    if let Some(character) = text.chars().find(|&c| is_unprintable(c)) {
        return Err(FieldFault::new(
            "unprintable_character",
            format!(
                "Remove the invisible character U+{:04X}: type {what} again instead of pasting it.",
                u32::from(character)
            ),
        ));
    }
    let length = text.chars().count();
    if length > max {
        return Err(FieldFault::new(
            "too_long",
            format!("Shorten {what}: it has {length} characters, at most {max} fit."),
        ));
    }
    Ok(text.to_owned())
}

fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The text as part of a message: at most 40 characters, without invisible ones.
pub(crate) fn excerpt(text: &str) -> String {
    let mut shown: String = text.chars().filter(|&c| !is_unprintable(c)).take(40).collect();
    if text.chars().count() > 40 {
        shown.push('…');
    }
    shown
}
