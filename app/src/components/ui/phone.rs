//! Formatting of phone numbers.

use domain::PhoneNumber;

/// `+14155550134` as `+1 415-555-0134`: libphonenumber's international format. A carrier's local number stays as it is.
pub fn phone(number: &str) -> String {
    match number.strip_prefix('+') {
        Some(key) => PhoneNumber::restore(number.to_owned(), Some(number.to_owned()), key.to_owned()).formatted(),
        None => number.to_owned(),
    }
}

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
    fn e164_is_grouped_by_its_numbering_plan() {
        assert_eq!(phone("+14155550134"), "+1 415-555-0134");
        assert_eq!(phone("+442079460018"), "+44 20 7946 0018");
        assert_eq!(phone("+919812345678"), "+91 98123 45678");
        assert_eq!(phone("+31205550142"), "+31 20 555 0142");
        // Stored by an earlier version, with the trunk zero: it is shown as it is.
        assert_eq!(phone("+9102267890123"), "+9102267890123");
    }

    #[test]
    fn local_number_is_not_grouped() {
        assert_eq!(phone("09812345678"), "09812345678");
        assert_eq!(phone("88001234"), "88001234");
    }

    #[test]
    fn same_digits_ignores_punctuation() {
        assert!(same_digits("+14155550134", "(415) 555-01"));
        assert!(!same_digits("+14155550134", "support"));
    }
}
