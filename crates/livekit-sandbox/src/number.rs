//! How LiveKit makes spellings of a number equal (`NormalizeNumber` in `livekit/sip.go`).

/// Digits with blanks, dashes and parentheses, a `+` first or not, become `+` and digits; anything else stays as it is.
/// A national number gets its `+`, too, and so stays different from its international form.
pub(crate) fn normalize(number: &str) -> String {
    let rest = number.strip_prefix('+').unwrap_or(number);
    let formatted = |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | ' ' | '(' | ')');
    if rest.is_empty() || !rest.chars().all(formatted) {
        return number.to_owned();
    }
    format!("+{}", rest.chars().filter(char::is_ascii_digit).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_become_equal() {
        for spelling in ["+15550100", "15550100", "1 (555) 01-00", "+1-555-0100"] {
            assert_eq!(normalize(spelling), "+15550100", "{spelling}");
        }
        for other in ["", "+", "alice", "1.555.0100", "+1555x", "++1"] {
            assert_eq!(normalize(other), other);
        }
        assert_eq!(normalize("09876543210"), "+09876543210");
    }
}
