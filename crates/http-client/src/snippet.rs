/// Characters kept: enough to recognise a gateway's error page.
const LENGTH: usize = 160;

/// The first 160 characters of a response for an error message: HTML tags and control characters are left out, runs of
/// blanks become one. "an empty response" where nothing is left.
pub fn snippet(text: &str) -> String {
    let mut in_tag = false;
    let text: String = text
        .chars()
        .take(LENGTH * 8)
        .map(|letter| {
            match letter {
                '<' => in_tag = true,
                '>' if in_tag => {
                    in_tag = false;
                    return ' ';
                }
                _ => {}
            }
            if in_tag || letter.is_control() { ' ' } else { letter }
        })
        .collect();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None if words.is_empty() => "an empty response".to_owned(),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippet_is_short_and_has_no_tags() {
        assert_eq!(snippet(""), "an empty response");
        assert_eq!(snippet("<p class=\"x\">a</p>\n\n<p>b"), "a b");
        assert_eq!(snippet(&"é".repeat(400)).chars().count(), LENGTH + 1);
    }
}
