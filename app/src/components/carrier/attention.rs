use domain::Attention;

use crate::components::ui::{BOT, Glyph, HASH, SHIELD_ALERT, WARNING};

/// What is the matter, as a heading.
pub fn attention_title(kind: Attention) -> &'static str {
    match kind {
        Attention::SyncError => "Failed syncs",
        Attention::NoBot => "Numbers without a bot",
        Attention::Open => "Open to any source",
        Attention::NoNumbers => "Carriers without numbers",
    }
}

/// What it means.
pub fn attention_text(kind: Attention) -> &'static str {
    match kind {
        Attention::SyncError => {
            "LiveKit did not take the last change. It is tried again by itself; the reason says if that is enough."
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
