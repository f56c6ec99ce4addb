//! How phone numbers are written for people.

/// `+14155550134` as `+1 415 555 0134`; a number in a carrier's own format stays as it is.
pub fn phone(number: &str) -> String {
    let Some(digits) = number.strip_prefix('+').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    else {
        return number.to_owned();
    };
    let (code, mut rest) = digits.split_at(country_code(digits).min(digits.len()));
    let mut text = format!("+{code}");
    while !rest.is_empty() {
        // Threes, and what is left of up to four at the end.
        let (group, more) = rest.split_at(if rest.len() <= 4 { rest.len() } else { 3 });
        text.push(' ');
        text.push_str(group);
        rest = more;
    }
    text
}

/// Whether the number contains what is searched for, however either is punctuated.
pub fn same_digits(number: &str, search: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let search = digits(search);
    !search.is_empty() && digits(number).contains(&search)
}

/// Digits of the country code that a number starts with (ITU-T E.164, annex to OB 1114).
fn country_code(digits: &str) -> usize {
    const TWO: &str = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 \
                       81 82 84 86 90 91 92 93 94 95 98";
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [_, _, ..] if TWO.split(' ').any(|code| digits.starts_with(code)) => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_groups() {
        assert_eq!(phone("+14155550134"), "+1 415 555 0134");
        assert_eq!(phone("+31205550142"), "+31 205 550 142");
        assert_eq!(phone("+919812345678"), "+91 981 234 5678");
        assert_eq!(phone("+3531234567"), "+353 123 4567");
        assert_eq!(phone("09812345678"), "09812345678");
        assert_eq!(phone("+1"), "+1");
    }

    #[test]
    fn a_number_is_found_in_any_spelling() {
        assert!(same_digits("+14155550134", "(415) 555-01"));
        assert!(!same_digits("+14155550134", "support"));
    }
}
