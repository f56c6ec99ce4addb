//! Search for phone numbers.

/// Whether the number contains the searched digits, regardless of punctuation.
pub fn same_digits(number: &str, search: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let search = digits(search);
    !search.is_empty() && digits(number).contains(&search)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_digits_ignores_punctuation() {
        assert!(same_digits("+14155550134", "(415) 555-01"));
        assert!(!same_digits("+14155550134", "support"));
    }
}
