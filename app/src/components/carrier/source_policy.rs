use domain::SourcePolicy;

/// The source policy as a sentence.
pub fn source_policy_sentence(source_policy: SourcePolicy) -> &'static str {
    match source_policy {
        SourcePolicy::Credentials { addresses: false } => "Calls come in with the same username and password.",
        SourcePolicy::Credentials { addresses: true } => {
            "Calls come in from the allowed addresses, with the username and password."
        }
        SourcePolicy::Allowlist => "Calls come in from the allowed addresses only.",
        SourcePolicy::Any => "Any source is accepted: whoever finds the address can call in.",
        SourcePolicy::Closed => {
            "No inbound calls: there are neither credentials nor allowed addresses that identify the carrier."
        }
    }
}
