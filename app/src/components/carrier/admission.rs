use domain::Admission;

/// Who may call in, as one plain sentence.
pub fn admission_sentence(admission: Admission) -> &'static str {
    match admission {
        Admission::Guarded { credentials: true, addresses: false } => {
            "Calls come in with the same username and password."
        }
        Admission::Guarded { credentials: true, addresses: true } => {
            "Calls come in from the allowed addresses, with the username and password."
        }
        Admission::Guarded { .. } => "Calls come in from the allowed addresses only.",
        Admission::AnySource => "Any source is accepted: whoever finds the address can call in.",
        Admission::Closed => {
            "No inbound calls: there are neither credentials nor allowed addresses to tell the carrier by."
        }
    }
}
