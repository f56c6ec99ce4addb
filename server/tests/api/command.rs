//! The binary, configured by its environment.

use std::process::Command;

/// Standard error of a `trunkline serve` that cannot listen.
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
fn empty_sandbox_variable_counts_as_not_set() {
    let listen = "TRUNKLINE_SANDBOX_LISTEN";
    for on in ["1", "true", "YES"] {
        let stderr = start(&[("TRUNKLINE_SANDBOX", on), (listen, "")]);
        assert!(stderr.contains("Cannot listen on nowhere"), "{on}: {stderr}");
    }
    for off in ["", "0", "false"] {
        let stderr = start(&[("TRUNKLINE_SANDBOX", off)]);
        assert!(stderr.contains("Set LIVEKIT_URL"), "{off}: {stderr}");
    }
    let stderr = start(&[("TRUNKLINE_SANDBOX", "maybe")]);
    assert!(stderr.contains("TRUNKLINE_SANDBOX") || stderr.contains("--sandbox"), "{stderr}");
    assert!(stderr.contains("expected 1 or 0"), "{stderr}");
    assert!(start(&[("TRUNKLINE_SANDBOX", "1"), (listen, "here")]).contains("--sandbox-listen"));
}

#[test]
fn invalid_trusted_proxy_prevents_the_start() {
    let stderr = start(&[("TRUNKLINE_SANDBOX", "1"), ("TRUNKLINE_TRUSTED_PROXIES", "10.0.0.1 nginx")]);
    assert!(stderr.contains("TRUNKLINE_TRUSTED_PROXIES is a list of IP addresses and ranges"), "{stderr}");
}
