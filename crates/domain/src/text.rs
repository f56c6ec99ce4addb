//! What every text field has in common.

use crate::field::FieldFault;

/// Trimmed, without control characters and bidirectional overrides, at most `max` characters.
///
/// Control characters would reach SIP headers and logs; an override (U+202A–202E, U+2066–2069) makes a name read as
/// another one.
pub fn plain(text: &str, what: &str, max: usize) -> Result<String, FieldFault> {
    let text = text.trim();
    if let Some(found) = text.chars().find(|&c| is_unprintable(c)) {
        return Err(FieldFault::new(
            "unprintable_character",
            format!(
                "Remove the invisible character U+{:04X}: type {what} again instead of pasting it.",
                u32::from(found)
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

/// A pasted text as one can be shown in a message: at most 40 characters.
pub(crate) fn excerpt(text: &str) -> String {
    let mut shown: String = text.chars().filter(|&c| !is_unprintable(c)).take(40).collect();
    if text.chars().count() > 40 {
        shown.push('…');
    }
    shown
}
