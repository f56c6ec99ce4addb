//! What no message may repeat.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use domain::ExotelSettings;

/// The key, the token, and both as the request's header has them. A gateway's page may repeat the request.
pub(crate) struct Secrets([String; 3]);

impl Secrets {
    pub fn of(settings: &ExotelSettings) -> Self {
        let (key, token) = (settings.api_key.expose(), settings.api_token.expose());
        // The longest first: the others may be a part of it.
        let mut secrets = [BASE64.encode(format!("{key}:{token}")), token.to_owned(), key.to_owned()];
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    /// For text as it came, before anything is cut off: of a secret that is cut in two, neither half would be known.
    pub fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }
}
