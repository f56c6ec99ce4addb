//! Counts in sentences.

/// "1 number", "217 numbers", "5,000 numbers".
pub fn counted(amount: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(amount), if amount == 1 { one } else { many })
}

/// `10000` as `10,000`.
pub fn grouped(amount: i64) -> String {
    let digits = amount.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if amount < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_groups_digits_and_picks_singular_or_plural() {
        assert_eq!(counted(1, "number", "numbers"), "1 number");
        assert_eq!(counted(0, "number", "numbers"), "0 numbers");
        assert_eq!(counted(1_234_567, "number", "numbers"), "1,234,567 numbers");
    }
}
