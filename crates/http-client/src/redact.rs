use std::cmp::Reverse;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use crate::snippet;

/// Removes secrets from texts that others wrote: a gateway's error page may repeat the request.
pub struct Redactor {
    /// The longest first, because another may be a part of it.
    secrets: Vec<String>,
}

impl Redactor {
    /// Empty secrets are left out.
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut secrets: Vec<String> = secrets.into_iter().filter(|secret| !secret.is_empty()).collect();
        secrets.sort_unstable_by_key(|secret| Reverse(secret.len()));
        Self { secrets }
    }

    /// For HTTP's basic authentication (RFC 7617): the user, the password, and both as the header has them.
    pub fn basic_auth(user: &str, password: &str) -> Self {
        Self::new([BASE64.encode(format!("{user}:{password}")), user.to_owned(), password.to_owned()])
    }

    /// The same with further secrets.
    #[must_use]
    pub fn with(&self, secrets: impl IntoIterator<Item = String>) -> Self {
        Self::new(self.secrets.iter().cloned().chain(secrets))
    }

    /// The text with `…` for each secret. Apply it before a text is cut: half a secret would not be recognised.
    pub fn redact(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }

    /// [`snippet`] of the redacted text.
    pub fn snippet(&self, text: &str) -> String {
        snippet(&self.redact(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_redacted_in_each_form() {
        let redactor = Redactor::basic_auth("key", "key-and-token");
        let header = BASE64.encode("key:key-and-token");
        assert_eq!(redactor.redact(&format!("key:key-and-token, {header}")), "…:…, …");
    }

    #[test]
    fn added_secret_is_redacted() {
        let redactor = Redactor::basic_auth("key", "token").with(["token-2".to_owned()]);
        assert_eq!(redactor.redact("token, token-2"), "…, …");
    }

    #[test]
    fn empty_secret_redacts_nothing() {
        assert_eq!(Redactor::new([String::new()]).redact("text"), "text");
    }

    #[test]
    fn secret_at_the_cut_is_redacted() {
        let redactor = Redactor::new(["secret-token".to_owned()]);
        for before in 140..160 {
            let text = "x".repeat(before) + "secret-token";
            assert!(!redactor.snippet(&text).contains("xs"), "{before}");
        }
    }
}
