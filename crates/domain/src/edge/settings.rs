//! The settings of an account's edge.

use super::{
    Bounded, CallerName, CallerNumber, EdgeKind, EdgeNoun, Reference, Target,
    field::{Rules, choices, settings, texts},
    references,
    target::is_token,
};
use crate::{Action, Country, EdgeSettingsId, TimeZone};

/// How long devices ring, in seconds, where nothing else is set.
pub const DEFAULT_RING_TIMEOUT: Bounded<1, 600> = Bounded::new(25);

texts! {
    /// A language tag (RFC 5646) such as `en-US`.
    Language: "the language", max 16, example "en-US",
    |text| is_token(text) && !text.contains(['.', '_']), "bad_language", "Write a language tag, such as en-US.";
}

choices! {
    /// The voice of prompts.
    VoiceGender (unknown_voice_gender) {
        /// A male voice.
        Male = "male",
        /// A female voice.
        Female = "female",
    }
}

settings! {
    /// What holds for all calls of the account at the edge.
    EdgeSettings, EdgeSettingsInput {
        /// The time zone of schedules without one of their own.
        timezone: TimeZone = TimeZone::default(),
        /// The country whose national numbers and emergency numbers devices dial; absent: numbers are dialled in
        /// international form, and the emergency numbers are those of all countries.
        country: Option<Country> = None,
        /// The inbound calls that the account may have at once; absent: no limit.
        max_in: Option<Bounded<0, 100_000>> = None,
        /// The outbound calls that the account may have at once; absent: no limit.
        max_out: Option<Bounded<0, 100_000>> = None,
        /// The dialouts that the account may have at once; absent: no limit.
        max_dialer: Option<Bounded<0, 100_000>> = None,
        /// The caller ID of outbound calls whose user has none.
        default_cid_number: Option<CallerNumber> = None,
        /// The caller ID's name of outbound calls whose user has none.
        default_cid_name: Option<CallerName> = None,
        /// The language of prompts.
        language: Language = "en-US".parse().expect("it is a language tag"),
        /// The voice of prompts.
        voice_gender: VoiceGender = VoiceGender::Male,
        /// Where the calls of DIDs go that have neither a target nor a bot; absent: they are rejected.
        did_default_target: Option<Target> = None,
    }
}

impl Rules for EdgeSettings {}

impl Default for EdgeSettings {
    fn default() -> Self {
        use super::EdgeInput;
        EdgeSettingsInput::default().parse(None).expect("every field has a default")
    }
}

impl EdgeNoun for EdgeSettings {
    type Id = EdgeSettingsId;
    type Input = EdgeSettingsInput;
    const KIND: EdgeKind = EdgeKind::Settings;
    const MANAGE: Action = Action::ManageEdgeSecurity;

    fn name(&self) -> String {
        "Edge settings".to_owned()
    }

    fn references(&self) -> Vec<Reference> {
        references([self.did_default_target.as_ref().and_then(|target| target.reference("did_default_target"))])
    }
}
