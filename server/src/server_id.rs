//! Which server this is among those of one database.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::Path,
};

use tracing::debug;

/// Identifies the server for the LiveKit lease. It is kept in the data folder, so that a server that was killed gets its
/// lease back as soon as it starts again. The file is locked while the server runs; the operating system unlocks it however
/// the server ends. A second server on the same folder gets an id of its own.
pub struct ServerId {
    id: String,
    /// Keeps the lock; None where the id is not the folder's.
    _file: Option<File>,
}

impl ServerId {
    /// The folder's id, which the first start makes; a new one where the file is locked or cannot be used.
    pub fn load(folder: &Path) -> Self {
        match locked(&folder.join("server-id")) {
            Ok((id, file)) => Self { id, _file: Some(file) },
            Err(error) => {
                debug!(%error, "the folder's server id is not available");
                Self { id: fresh(), _file: None }
            }
        }
    }

    pub fn as_str(&self) -> &str {
        &self.id
    }
}

fn locked(path: &Path) -> io::Result<(String, File)> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    file.try_lock()?;
    let mut id = String::new();
    file.read_to_string(&mut id)?;
    // Empty at the first start, and where a server was killed before it had written its id.
    if id.trim().len() != 32 {
        id = fresh();
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{id}")?;
    }
    Ok((id.trim().to_owned(), file))
}

fn fresh() -> String {
    format!("{:032x}", rand::random::<u128>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_keeps_the_id() {
        let folder = tempfile::tempdir().unwrap();
        let first = ServerId::load(folder.path()).as_str().to_owned();
        assert_eq!(ServerId::load(folder.path()).as_str(), first);
    }

    #[test]
    fn two_servers_on_one_folder_have_different_ids() {
        let folder = tempfile::tempdir().unwrap();
        let first = ServerId::load(folder.path());
        let second = ServerId::load(folder.path());
        assert_ne!(first.as_str(), second.as_str());
        drop(first);
        assert_ne!(ServerId::load(folder.path()).as_str(), second.as_str());
    }

    #[test]
    fn a_file_without_an_id_gets_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("server-id"), "not an id").unwrap();
        let first = ServerId::load(folder.path()).as_str().to_owned();
        assert_eq!(ServerId::load(folder.path()).as_str(), first);
    }
}
