use domain::Attention;

use crate::components::ui::{BOT, Glyph, HASH, SHIELD_ALERT, WARNING};

/// The heading of its group.
pub fn attention_title(kind: Attention) -> &'static str {
    match kind {
        Attention::SyncError => "Failed Syncs",
        Attention::NoBot => "Numbers Without a Bot",
        Attention::Open => "Open to Any Source",
        Attention::NoNumbers => "Carriers Without Numbers",
    }
}

/// The explanation below the heading.
pub fn attention_text(kind: Attention) -> &'static str {
    match kind {
        Attention::SyncError => {
            "LiveKit refused the last change. It is retried automatically; the error says whether you have to change something."
        }
        Attention::NoBot => "Calls to them are rejected until a bot is assigned.",
        Attention::Open => "Any source can call in: there are no credentials and no allowed IPs.",
        Attention::NoNumbers => "No trunks yet: LiveKit gets trunks for a carrier once it has a number.",
    }
}

pub fn attention_glyph(kind: Attention) -> Glyph {
    match kind {
        Attention::SyncError => WARNING,
        Attention::NoBot => BOT,
        Attention::Open => SHIELD_ALERT,
        Attention::NoNumbers => HASH,
    }
}
