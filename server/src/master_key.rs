//! Where the master key comes from.

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

/// The given key, or the one in `folder`, which the first start makes (mode 0600).
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
            // What lies there now may be another server's that was faster: read it, rather than trust our own.
            let text = fs::read_to_string(path).map_err(io_fault)?;
            decode(&text).ok_or_else(|| Error::File(path.to_path_buf()))
        }
        Err(error) => Err(io_fault(error)),
    }
}

/// All or nothing: a key file is never half written, not even by a server that is killed.
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
    fn the_first_start_makes_a_key_that_only_the_owner_reads_and_the_next_finds_it() {
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
    fn a_broken_key_is_said_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trunkline.key");
        fs::write(&path, "").unwrap();
        assert!(matches!(load(None, folder.path()), Err(Error::File(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
        assert!(matches!(load(Some(&Secret::new("short")), folder.path()), Err(Error::Given)));
    }
}
