//! The master key: from the configuration, or from a file beside the database.

use std::{
    fs,
    io::{self, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use domain::Secret;
use services::MasterKey;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    #[error("TRUNKLINE_MASTER_KEY is not 32 bytes in base64. Make one with: openssl rand -base64 32")]
    Given,
    #[error("{}: this is no key file. Restore it from your backup; without it, stored passwords cannot be read.", .0.display())]
    File(PathBuf),
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
}

/// The given key, or the one in `folder`, which the first start creates with mode 0600.
pub fn load(given: Option<&Secret>, folder: &Path) -> Result<MasterKey, Error> {
    match given {
        Some(given) => decode(given.expose()).ok_or(Error::Given),
        None => from_file(&folder.join("trunkline.key")),
    }
}

fn from_file(path: &Path) -> Result<MasterKey, Error> {
    let io_fault = |error| Error::Io { path: path.to_path_buf(), error };
    match fs::read_to_string(path) {
        Ok(text) => decode(&text).ok_or_else(|| Error::File(path.to_path_buf())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            create(path).map_err(io_fault)?;
            // Another server may have created the file first: the one on disk counts.
            let text = fs::read_to_string(path).map_err(io_fault)?;
            decode(&text).ok_or_else(|| Error::File(path.to_path_buf()))
        }
        Err(error) => Err(io_fault(error)),
    }
}

/// Atomic: a server that is killed leaves no incomplete key file.
fn create(path: &Path) -> io::Result<()> {
    let draft = path.with_extension(format!("key.{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    writeln!(file, "{}", BASE64.encode(rand::random::<[u8; 32]>()))?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn decode(text: &str) -> Option<MasterKey> {
    let bytes = BASE64.decode(text.trim()).ok()?;
    bytes.try_into().ok().map(MasterKey::new)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn key_file_is_created_once_with_mode_0600() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trunkline.key");
        load(None, folder.path()).unwrap();
        let first = fs::read_to_string(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        load(None, folder.path()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), first);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn invalid_key_is_reported_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trunkline.key");
        fs::write(&path, "").unwrap();
        assert!(matches!(load(None, folder.path()), Err(Error::File(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
        assert!(matches!(load(Some(&Secret::new("short")), folder.path()), Err(Error::Given)));
    }
}
