//! Start-up time and memory of the release binary.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use crate::{Error, MANY, console};

const START_TIMEOUT: Duration = Duration::from_secs(30);

/// Uses the database of the other measurements.
pub async fn print(folder: &TempDir) -> Result<(), Error> {
    let binary = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/trunkline");
    let mut bare = 0.0;
    // The first run reads the binary from disk.
    for _ in 0..2 {
        let start = Instant::now();
        Command::new(&binary).arg("--version").stdout(Stdio::null()).status().await?;
        bare = start.elapsed().as_secs_f64();
    }

    let start = Instant::now();
    let mut server = serve(&binary, folder)?;
    // Kept open: the server must be able to write to its standard output.
    let (url, _printed) = ready(&mut server).await?;
    let started = start.elapsed().as_secs_f64();
    let idle = resident_kilobytes(&server)?;
    for _ in 0..200 {
        reqwest::get(format!("{url}/login")).await?.error_for_status()?.bytes().await?;
    }
    let busy = resident_kilobytes(&server)?;
    server.kill().await?;

    println!("### The process, on SQLite with {MANY} carriers\n");
    println!("- ready after {:.0} ms, {:.0} times what `trunkline --version` takes", started * 1000.0, started / bare);
    println!("- resident memory: {:.0} MB when ready, {:.0} MB after 200 pages\n", idle / 1000.0, busy / 1000.0);
    Ok(())
}

fn serve(binary: &PathBuf, folder: &TempDir) -> Result<Child, Error> {
    let child = Command::new(binary)
        .args(["serve", "--sandbox", "--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0"])
        .env("DATABASE_URL", console::database_url(folder))
        .env("TRUNKLINE_LOG", "warn")
        .env("TRUNKLINE_DRIFT_INTERVAL", "0")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    Ok(child)
}

/// The printed address, once the server is ready.
async fn ready(server: &mut Child) -> Result<(String, Lines<BufReader<ChildStdout>>), Error> {
    let since = Instant::now();
    let mut printed = BufReader::new(server.stdout.take().ok_or("no output")?).lines();
    let url = loop {
        let line =
            tokio::time::timeout(START_TIMEOUT, printed.next_line()).await??.ok_or("the server did not start")?;
        if let Some(url) = line.trim().strip_prefix("Console") {
            break url.trim().to_owned();
        }
    };
    while since.elapsed() < START_TIMEOUT {
        if reqwest::get(format!("{url}/readyz")).await.is_ok_and(|answer| answer.status().is_success()) {
            return Ok((url, printed));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Err("the server does not become ready".into())
}

/// Linux: `VmRSS` of proc(5).
fn resident_kilobytes(child: &Child) -> Result<f64, Error> {
    let id = child.id().ok_or("the server has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}
