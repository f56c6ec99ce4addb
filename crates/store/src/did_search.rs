//! The condition of a search among a carrier's DIDs.

use domain::{BotFilter, CarrierId, DidFilter};
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::page::like;

/// No subscriber's number is shorter, with its country code.
const SUBSCRIBER_DIGITS: usize = 7;
/// Digits of a word that may be part of a number on their own.
const PART_DIGITS: usize = 3;
/// The same beside words with letters: "Extension 100" is a label, and not every number with 100 in it.
const PART_DIGITS_BESIDE_LETTERS: usize = 4;

/// DIDs of one carrier.
#[derive(Clone, Debug)]
pub struct DidSearch {
    /// Whose DIDs.
    pub carrier_id: CarrierId,
    /// Which of them.
    pub filter: DidFilter,
    /// Keys ([`PhoneNumber::key`](domain::PhoneNumber::key)) of the numbers that the search may be a spelling of.
    pub number_keys: Vec<String>,
}

impl DidSearch {
    /// Appends which DIDs, on all pages.
    pub(crate) fn push_condition<DB: Database>(&self, query: &mut QueryBuilder<DB>)
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
    {
        query.push(" WHERE dids.carrier_id = ").push_bind(self.carrier_id.to_string());
        push_filter(query, &self.filter);
        push_terms(query, &self.filter.q, &self.number_keys);
    }
}

/// Appends direction and bot.
pub(crate) fn push_filter<DB: Database>(query: &mut QueryBuilder<DB>, filter: &DidFilter)
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    if let Some(direction) = filter.direction {
        query.push(" AND dids.direction = ").push_bind(direction.as_str().to_owned());
    }
    match &filter.bot {
        None => {}
        Some(BotFilter::NoBot) => drop(query.push(" AND dids.bot_id IS NULL")),
        Some(BotFilter::Bot(bot)) => drop(query.push(" AND dids.bot_id = ").push_bind(bot.to_string())),
    }
}

/// Appends the words of the search.
pub(crate) fn push_terms<DB: Database>(query: &mut QueryBuilder<DB>, q: &str, number_keys: &[String])
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    let terms = terms(q);
    if terms.is_empty() {
        return;
    }
    query.push(" AND (");
    if !number_keys.is_empty() {
        query.push("dids.number_key IN (");
        let mut keys = query.separated(", ");
        for key in number_keys {
            keys.push_bind(key.clone());
        }
        query.push(") OR ");
    }
    query.push("(");
    for (index, term) in terms.iter().enumerate() {
        query.push(if index == 0 { "" } else { " AND " });
        term.push(query);
    }
    query.push("))");
}

/// What has to match; all terms of a search do.
#[derive(Debug, PartialEq, Eq)]
enum Term {
    /// Part of a label or of a bot's name.
    Text(String),
    /// Consecutive words of digits: one number with blanks in it, or several parts of numbers and labels.
    Digits { words: Vec<String>, least: usize },
}

/// Words that contain letters are never part of a number.
fn terms(q: &str) -> Vec<Term> {
    let least = if q.chars().any(char::is_alphabetic) { PART_DIGITS_BESIDE_LETTERS } else { PART_DIGITS };
    let mut terms = Vec::new();
    for word in q.split_whitespace().map(str::to_owned) {
        match terms.last_mut() {
            _ if !is_number(&word) => terms.push(Term::Text(word)),
            Some(Term::Digits { words, .. }) => words.push(word),
            _ => terms.push(Term::Digits { words: vec![word], least }),
        }
    }
    terms
}

fn is_number(word: &str) -> bool {
    let punctuation = |c: char| matches!(c, '+' | '-' | '.' | '(' | ')' | '[' | ']' | '/');
    word.contains(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || punctuation(c))
}

fn digits(word: &str) -> String {
    word.chars().filter(char::is_ascii_digit).collect()
}

impl Term {
    fn push<DB: Database>(&self, query: &mut QueryBuilder<DB>)
    where
        String: for<'t> Encode<'t, DB> + Type<DB>,
    {
        match self {
            Self::Text(word) => push_names(query, word, None),
            Self::Digits { words, least } => {
                let joined = digits(&words.concat());
                // A search of digits alone is part of a number, however short it is.
                let alone = *least == PART_DIGITS;
                query.push("(");
                if alone || joined.len() >= *least {
                    // A number in national form, or with an international prefix, starts with zeros that its key lacks. What
                    // is shorter is part of a number, whose zeros may be meant.
                    let rest = joined.trim_start_matches('0');
                    let part = if rest.len() >= SUBSCRIBER_DIGITS { rest } else { &joined };
                    push_like(query, "dids.number_key", part);
                    query.push(" OR ");
                    push_like(query, "dids.number", &joined);
                    query.push(" OR ");
                }
                query.push("(");
                for (index, word) in words.iter().enumerate() {
                    query.push(if index == 0 { "" } else { " AND " });
                    let part = Some(digits(word)).filter(|part| words.len() > 1 && part.len() >= *least);
                    push_names(query, word, part.as_deref());
                }
                query.push("))");
            }
        }
    }
}

/// The word is part of the label or the bot's name, or these digits are part of the number.
fn push_names<DB: Database>(query: &mut QueryBuilder<DB>, word: &str, digits: Option<&str>)
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    query.push("(");
    push_like(query, "dids.label_key", word);
    query.push(" OR ");
    push_like(query, "dids.bot_key", word);
    if let Some(digits) = digits {
        query.push(" OR ");
        push_like(query, "dids.number_key", digits);
    }
    query.push(")");
}

fn push_like<DB: Database>(query: &mut QueryBuilder<DB>, column: &str, part: &str)
where
    String: for<'t> Encode<'t, DB> + Type<DB>,
{
    query.push(column).push(" LIKE ").push_bind(like(part)).push(" ESCAPE '!'");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_digits_are_one_term() {
        let text = |word: &str| Term::Text(word.to_owned());
        let number =
            |words: &[&str], least| Term::Digits { words: words.iter().map(ToString::to_string).collect(), least };
        assert_eq!(terms(" "), []);
        assert_eq!(terms("+1 (415) 555-0134"), [number(&["+1", "(415)", "555-0134"], PART_DIGITS)]);
        assert_eq!(
            terms("Sales 100 200 ext5 #7 3"),
            [
                text("Sales"),
                number(&["100", "200"], PART_DIGITS_BESIDE_LETTERS),
                text("ext5"),
                text("#7"),
                number(&["3"], PART_DIGITS_BESIDE_LETTERS)
            ]
        );
    }
}
