use domain::SourcePolicy;

/// The source policy as a sentence.
pub fn source_policy_sentence(source_policy: SourcePolicy) -> &'static str {
    match source_policy {
        SourcePolicy::Credentials { addresses: false } => "Inbound calls need the same username and password.",
        SourcePolicy::Credentials { addresses: true } => {
            "Inbound calls need an allowed address and the username and password."
        }
        SourcePolicy::Allowlist => "Inbound calls are accepted from the allowed addresses only.",
        SourcePolicy::Any => "Inbound calls are accepted from any source: whoever finds the address can call in.",
        SourcePolicy::Closed => {
            "Inbound calls are blocked: there are neither credentials nor allowed addresses to identify the carrier."
        }
    }
}
