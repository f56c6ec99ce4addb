//! The files of the journal.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

use tracing::warn;

use super::record::Entry;

/// One file of entries, a JSON object on each line. It is locked as long as its server runs; the operating system unlocks it
/// however the server ends, so that the next server of the folder can apply it.
pub(super) struct Segment {
    path: PathBuf,
    file: File,
    length: u64,
    /// The last write failed: the file may end within a line.
    torn: bool,
}

impl Segment {
    /// A new file. `name` orders it among the others.
    pub fn create(folder: &Path, name: &str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        // Locked before it has its name: another server that starts adopts what has the name and no lock.
        let (draft, path) = (folder.join(format!("{name}.new")), folder.join(format!("{name}.jsonl")));
        let mut options = OpenOptions::new();
        options.append(true).read(true).create_new(true);
        // Entries name callers.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&draft)?;
        file.try_lock()?;
        fs::rename(&draft, &path)?;
        Ok(Self { path, file, length: 0, torn: false })
    }

    /// The files of the folder that no running server has, the oldest first.
    pub fn abandoned(folder: &Path) -> io::Result<Vec<Self>> {
        let mut paths = match fs::read_dir(folder) {
            Ok(files) => files.map(|file| Ok(file?.path())).collect::<io::Result<Vec<_>>>()?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        paths.sort();
        let mut segments = Vec::new();
        for path in paths {
            let file = OpenOptions::new().append(true).read(true).open(&path)?;
            match file.try_lock() {
                Ok(()) => {
                    let length = file.metadata()?.len();
                    segments.push(Self { path, file, length, torn: false });
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(segments)
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// Appends whole lines with one write, so that a killed server leaves at most one incomplete line, the last.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.torn {
            self.file.write_all(b"\n")?;
            self.length += 1;
            self.torn = false;
        }
        self.file.write_all(lines).inspect_err(|_| self.torn = true)?;
        self.length += lines.len() as u64;
        Ok(())
    }

    /// All entries. What is no entry, such as an incomplete last line, was never answered.
    pub fn entries(&mut self) -> io::Result<Vec<Entry>> {
        let mut bytes = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut bytes)?;
        let mut entries = Vec::new();
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(entry) => entries.push(entry),
                Err(error) => warn!(%error, file = %self.path.display(), "ignored an incomplete line of the journal"),
            }
        }
        Ok(entries)
    }

    pub fn delete(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::journal::Record;

    fn entry(id: &str) -> Entry {
        Entry { id: id.to_owned(), record: Record::Reset { call_id: "a@b".to_owned() } }
    }

    fn line(id: &str) -> Vec<u8> {
        let mut line = serde_json::to_vec(&entry(id)).unwrap();
        line.push(b'\n');
        line
    }

    #[test]
    fn incomplete_last_line_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let mut segment = Segment::create(folder.path(), "1").unwrap();
        segment.append(&line("1")).unwrap();
        segment.append(&line("2")).unwrap();
        let torn = line("3");
        segment.file.write_all(&torn[..torn.len() / 2]).unwrap();
        drop(segment);
        let mut segments = Segment::abandoned(folder.path()).unwrap();
        assert_eq!(segments[0].entries().unwrap(), [entry("1"), entry("2")]);
    }

    #[test]
    fn file_of_a_running_server_is_not_abandoned() {
        let folder = tempfile::tempdir().unwrap();
        let running = Segment::create(folder.path(), "1").unwrap();
        drop(Segment::create(folder.path(), "2").unwrap());
        let abandoned = Segment::abandoned(folder.path()).unwrap();
        assert_eq!(abandoned.len(), 1);
        assert!(abandoned[0].path.ends_with("2.jsonl"));
        drop(running);
    }
}
