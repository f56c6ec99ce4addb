//! The binary itself, with what its environment says.

use std::process::Command;

/// What `trunkline serve` ends with, where it cannot listen.
fn start(variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_trunkline"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .env("TRUNKLINE_LISTEN", "nowhere")
        .env("TRUNKLINE_LOG", "error")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_sandbox_is_switched_by_its_variable_and_an_empty_one_is_not_set() {
    let listen = "TRUNKLINE_SANDBOX_LISTEN";
    for on in ["1", "true", "YES"] {
        let said = start(&[("TRUNKLINE_SANDBOX", on), (listen, "")]);
        assert!(said.contains("Cannot listen on nowhere"), "{on}: {said}");
    }
    for off in ["", "0", "false"] {
        let said = start(&[("TRUNKLINE_SANDBOX", off)]);
        assert!(said.contains("Set LIVEKIT_URL"), "{off}: {said}");
    }
    let said = start(&[("TRUNKLINE_SANDBOX", "maybe")]);
    assert!(said.contains("TRUNKLINE_SANDBOX") || said.contains("--sandbox"), "{said}");
    assert!(said.contains("expected 1 or 0"), "{said}");
    assert!(start(&[("TRUNKLINE_SANDBOX", "1"), (listen, "here")]).contains("--sandbox-listen"));
}

#[test]
fn a_proxy_that_cannot_be_read_ends_the_start() {
    let said = start(&[("TRUNKLINE_SANDBOX", "1"), ("TRUNKLINE_TRUSTED_PROXIES", "10.0.0.1 nginx")]);
    assert!(said.contains("TRUNKLINE_TRUSTED_PROXIES is a list of IP addresses and ranges"), "{said}");
}
