//! Scenarios of `edge/kamailio/sipp`.

use std::{fs, net::SocketAddr, path::PathBuf, process::Stdio};

use tempfile::TempDir;
use tokio::process::{Child, Command};

pub const DOMAIN: &str = "acme.test";
pub const PASSWORD: &str = "device-s3cret";

/// One run of sipp: one call, unless told otherwise.
pub struct Sipp {
    scenario: String,
    command: Command,
    folder: TempDir,
}

impl Sipp {
    /// A caller that sends to the edge.
    pub fn caller(scenario: &str, edge: SocketAddr, user: &str) -> Self {
        let mut sipp = Self::new(scenario);
        sipp.command
            .args(["-key", "domain", DOMAIN, "-key", "caller", user, "-au", user, "-d", "100"])
            .arg(edge.to_string());
        sipp
    }

    /// A callee that listens on this address.
    pub fn callee(scenario: &str, at: SocketAddr) -> Self {
        let mut sipp = Self::new(scenario);
        sipp.command.arg("-p").arg(at.port().to_string());
        sipp
    }

    fn new(scenario: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../edge/kamailio/sipp/{scenario}.xml"));
        // sipp does not end by itself in every case.
        let mut command = Command::new("timeout");
        command.args([
            "25",
            "sipp",
            "-nostdin",
            "-m",
            "1",
            "-i",
            "127.0.0.1",
            "-timeout",
            "20",
            "-trace_err",
            "-trace_msg",
        ]);
        command.args(["-error_file", "errors", "-message_file", "messages", "-sf"]).arg(file.canonicalize().unwrap());
        command.current_dir(folder.path()).env("TERM", "dumb").stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null()).kill_on_drop(true);
        Self { scenario: scenario.to_owned(), command, folder }
    }

    pub fn arg(mut self, name: &str, value: &str) -> Self {
        self.command.args([name, value]);
        self
    }

    /// Replaces a `[key]` of the scenario.
    pub fn key(mut self, key: &str, value: &str) -> Self {
        self.command.args(["-key", key, value]);
        self
    }

    pub fn password(self, password: &str) -> Self {
        self.arg("-ap", password)
    }

    pub fn start(mut self) -> Running {
        let child = self.command.spawn().expect("sipp is installed (make setup-test)");
        Running { scenario: self.scenario, child, folder: self.folder }
    }

    /// Runs to the end, which has to be that of the scenario. Returns the messages.
    pub async fn run(self) -> String {
        self.start().finish().await
    }
}

pub struct Running {
    scenario: String,
    child: Child,
    folder: TempDir,
}

impl Running {
    pub async fn finish(mut self) -> String {
        let status = self.child.wait().await.unwrap();
        let read = |name: &str| fs::read(self.folder.path().join(name)).unwrap_or_default();
        let (errors, messages) = (read("errors"), String::from_utf8_lossy(&read("messages")).into_owned());
        assert!(status.success(), "{}: {status}\n{}\n{messages}", self.scenario, String::from_utf8_lossy(&errors));
        messages
    }
}
