//! The sandbox's objects, in memory and optionally in a file.

use std::{
    collections::BTreeMap,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use livekit_protocol as proto;
use rand::RngExt;
use serde::{Deserialize, Serialize};

use crate::error::Refusal;

/// Characters of an id after its prefix, and what they are (`guid.New` in livekit/protocol; shortuuid's alphabet).
const ID_LENGTH: usize = 12;
const ID_ALPHABET: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// By id, so that lists are sorted as LiveKit's are.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Objects {
    pub inbound: BTreeMap<String, proto::SipInboundTrunkInfo>,
    pub outbound: BTreeMap<String, proto::SipOutboundTrunkInfo>,
    pub rules: BTreeMap<String, proto::SipDispatchRuleInfo>,
}

pub(crate) struct Store {
    objects: Mutex<Objects>,
    file: Option<PathBuf>,
}

impl Store {
    pub fn open(file: Option<&Path>) -> io::Result<Self> {
        let objects = match file.map(fs::read) {
            None => Objects::default(),
            Some(Ok(bytes)) => serde_json::from_slice(&bytes)?,
            Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => Objects::default(),
            Some(Err(error)) => return Err(error),
        };
        Ok(Self { objects: Mutex::new(objects), file: file.map(Path::to_owned) })
    }

    pub fn read<T>(&self, read: impl FnOnce(&Objects) -> T) -> T {
        read(&self.lock())
    }

    /// Applies the whole change or none of it. The file is written before the change becomes visible.
    pub fn change<T>(&self, change: impl FnOnce(&mut Objects) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut objects = self.lock();
        let mut next = objects.clone();
        let answer = change(&mut next)?;
        if let Some(file) = &self.file {
            save(file, &next)
                .map_err(|error| Refusal::new("internal", format!("the sandbox cannot write its file: {error}")))?;
        }
        *objects = next;
        Ok(answer)
    }

    fn lock(&self) -> MutexGuard<'_, Objects> {
        // A change that panicked was not stored.
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a second file and renames it, so that a crash leaves the old or the new state.
fn save(file: &Path, objects: &Objects) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&beside)?;
    written.write_all(&serde_json::to_vec_pretty(objects)?)?;
    written.sync_all()?;
    fs::rename(beside, file)
}

pub(crate) fn new_id(prefix: &str) -> String {
    let mut random = rand::rng();
    let rest: String =
        (0..ID_LENGTH).map(|_| char::from(ID_ALPHABET[random.random_range(0..ID_ALPHABET.len())])).collect();
    format!("{prefix}{rest}")
}
