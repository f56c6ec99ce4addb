use std::error::Error;

/// An error and its causes in one line, separated by colons. reqwest's own message leaves its cause out. A cause whose
/// words are already in the line is not repeated.
pub fn error_chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let message = error.to_string();
        if !line.contains(&message) {
            line = format!("{line}: {message}");
        }
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("sending failed")]
    struct Outer(#[source] io::Error);

    #[derive(Debug, thiserror::Error)]
    #[error("sending failed: no route")]
    struct Repeating(#[source] io::Error);

    #[test]
    fn each_cause_is_named_once() {
        assert_eq!(error_chain(&Outer(io::Error::other("no route"))), "sending failed: no route");
        assert_eq!(error_chain(&Repeating(io::Error::other("no route"))), "sending failed: no route");
    }
}
