//! A Kamailio of one test, with a run folder of its own.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    sync::{Mutex, MutexGuard},
    time::{Instant, sleep},
};

/// Kamailio starts about 50 processes: on a small machine one of them at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

pub struct Edge {
    pub address: SocketAddr,
    kamailio: Child,
    folder: TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Edge {
    /// Starts Kamailio with what `trunkline edge kamailio-config` writes for this API, and waits until it answers.
    pub async fn start(api: &str, options: &[&str]) -> Self {
        let alone = ONE_AT_A_TIME.lock().await;
        let folder = tempfile::tempdir().unwrap();
        let address = free_port();
        let config = folder.path().join("kamailio.cfg");
        let mut command = Command::new(env!("CARGO_BIN_EXE_trunkline"));
        command.args(["edge", "kamailio-config", "--api", api, "--report-interval", "1", "--output"]).arg(&config);
        command.args(["--sip-listen", &address.to_string()]).args(options);
        let written = command.current_dir(folder.path()).env_clear().output().unwrap();
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        let log = std::fs::File::create(folder.path().join("kamailio.log")).unwrap();
        let mut command = Command::new("kamailio");
        command.args(["-DD", "-E", "-m", "64", "-M", "8"]).arg("-Y").arg(folder.path()).arg("-f").arg(&config);
        command.arg("-P").arg(folder.path().join("kamailio.pid")).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        // A group of its own, so that no child outlives the test.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let kamailio = command.spawn().expect("kamailio is installed (make setup-test)");
        let edge = Self { address, kamailio, folder, _alone: alone };
        edge.until_it_answers().await;
        edge
    }

    async fn until_it_answers(&self) {
        let deadline = Instant::now() + Duration::from_secs(15);
        while !answers_options(self.address, Ipv4Addr::LOCALHOST.into()).await {
            assert!(Instant::now() < deadline, "Kamailio does not answer: {}", self.log());
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether OPTIONS from this local address is answered.
    pub async fn answers(&self, from: IpAddr) -> bool {
        answers_options(self.address, from).await
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("kamailio.log")).unwrap_or_default()
    }

    /// No process of Kamailio has crashed.
    pub fn assert_healthy(&mut self) {
        let log = self.log();
        assert!(!log.contains("child process") && !log.contains("signal 11"), "{log}");
        assert!(self.kamailio.try_wait().unwrap().is_none(), "Kamailio has ended: {log}");
    }

    fn signal(&self, signal: &str) {
        // The negative id names the group.
        let group = format!("-{}", self.kamailio.id());
        let _ = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.signal("-TERM");
        for _ in 0..40 {
            if matches!(self.kamailio.try_wait(), Ok(Some(_))) {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.signal("-KILL");
        let _ = self.kamailio.wait();
    }
}

/// A port of loopback that is free for UDP and TCP.
pub fn free_port() -> SocketAddr {
    loop {
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = udp.local_addr().unwrap();
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

/// For branches and Call-IDs.
pub fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{}x{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn answers_options(address: SocketAddr, from: IpAddr) -> bool {
    let socket = tokio::net::UdpSocket::bind((from, 0)).await.unwrap();
    let local = socket.local_addr().unwrap();
    let options = format!(
        "OPTIONS sip:{address} SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK{0}\r\nFrom: <sip:probe@{local}>;tag={0}\r\n\
         To: <sip:{address}>\r\nCall-ID: {0}@probe\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
        unique()
    );
    if socket.send_to(options.as_bytes(), address).await.is_err() {
        return false;
    }
    let mut answer = [0; 2048];
    // A closed port is an error of the next call.
    let received = tokio::time::timeout(Duration::from_millis(500), socket.recv_from(&mut answer)).await;
    matches!(received, Ok(Ok((length, _))) if answer[..length].starts_with(b"SIP/2.0 200"))
}
