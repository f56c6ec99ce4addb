use domain::Attention;

use crate::components::ui::{BOT, Glyph, HASH, SHIELD_ALERT, WARNING};

/// The heading of its group.
pub fn attention_title(kind: Attention) -> &'static str {
    match kind {
        Attention::SyncError => "Failed syncs",
        Attention::NoBot => "Numbers without a bot",
        Attention::Open => "Open to any source",
        Attention::NoNumbers => "Carriers without numbers",
    }
}

/// The explanation below the heading.
pub fn attention_text(kind: Attention) -> &'static str {
    match kind {
        Attention::SyncError => {
            "LiveKit refused the last change. It is retried automatically; the reason says if that is enough."
        }
        Attention::NoBot => "Their callers are rejected until a bot answers.",
        Attention::Open => "Whoever finds the address can call in: there are no credentials and no allowed addresses.",
        Attention::NoNumbers => "LiveKit gets trunks for a carrier once it has a number.",
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
