//! Formatting of phone numbers.

/// `+14155550134` as `+1 415 555 0134`. Only where a country's groups are known is the rest of the number parted; a
/// number in a carrier's own format stays as it is.
pub fn phone(number: &str) -> String {
    let Some(digits) = number.strip_prefix('+').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    else {
        return number.to_owned();
    };
    let (code, mut rest) = digits.split_at(country_code(digits).min(digits.len()));
    let mut text = format!("+{code}");
    for &length in groups(code, rest) {
        let (group, more) = rest.split_at(length.min(rest.len()));
        text.push(' ');
        text.push_str(group);
        rest = more;
    }
    if !rest.is_empty() {
        text.push(' ');
        text.push_str(rest);
    }
    text
}

/// How long the groups are, but for the last one, which is what is left.
fn groups(code: &str, rest: &str) -> &'static [usize] {
    match (code, rest.len(), rest.as_bytes()) {
        // Area, exchange, line (North American Numbering Plan).
        ("1", 10, _) => &[3, 3],
        // London and the other 02x areas; 011x, 01x1, 03xx and 08xx; other areas, and mobiles (Ofcom, Telephone Numbering).
        ("44", 10, [b'2', ..]) => &[2, 4],
        ("44", 10, [b'1', b'1', ..] | [b'1', _, b'1', ..] | [b'3' | b'8', ..]) => &[3, 3],
        ("44", 10, [b'1' | b'7', ..]) => &[4],
        // Mobiles; the areas of fixed lines are two to four digits long.
        ("91", 10, [b'6'..=b'9', ..]) => &[5],
        _ => &[],
    }
}

/// Whether the number contains what is searched for, however either is punctuated.
#[cfg(feature = "ssr")]
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
    fn known_plans_are_grouped() {
        assert_eq!(phone("+14155550134"), "+1 415 555 0134");
        assert_eq!(phone("+442079460018"), "+44 20 7946 0018");
        assert_eq!(phone("+441134960018"), "+44 113 496 0018");
        assert_eq!(phone("+441914980018"), "+44 191 498 0018");
        assert_eq!(phone("+448081570018"), "+44 808 157 0018");
        assert_eq!(phone("+441632960018"), "+44 1632 960018");
        assert_eq!(phone("+447700900018"), "+44 7700 900018");
        assert_eq!(phone("+919812345678"), "+91 98123 45678");
        assert_eq!(phone("09812345678"), "09812345678");
        assert_eq!(phone("+1"), "+1");
    }

    #[test]
    fn unknown_plans_are_not_grouped() {
        assert_eq!(phone("+31205550142"), "+31 205550142");
        assert_eq!(phone("+912228888888"), "+91 2228888888");
        assert_eq!(phone("+3531234567"), "+353 1234567");
        assert_eq!(phone("+1415555"), "+1 415555");
        assert_eq!(phone("+44800123456"), "+44 800123456");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn same_digits_ignores_punctuation() {
        assert!(same_digits("+14155550134", "(415) 555-01"));
        assert!(!same_digits("+14155550134", "support"));
    }
}
