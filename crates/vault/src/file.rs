//! Files that are there whole or not at all: a key file that a power failure cut in half would lock a workspace.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use tempfile::Builder;

use crate::error::Error;

/// How the name of a file ends that is not in its place yet. One that is left over holds nothing that counts and may
/// be removed when nobody writes in the folder.
pub const UNFINISHED: &str = ".part";

/// Writes a file that is not there yet, readable by its owner only, durably and at once: after a crash it is whole or
/// absent.
///
/// # Errors
/// `Io`, also when the file exists; it is left as it was.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    place(path, bytes, false)
}

/// Writes a file over the one that is there, if any, durably and at once: after a crash it is the old or the new one.
///
/// # Errors
/// `Io`.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    place(path, bytes, true)
}

fn place(path: &Path, bytes: &[u8], over: bool) -> Result<(), Error> {
    let io = |e: std::io::Error| Error::Io(e.to_string());
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Made with mode 0600.
    let mut new = Builder::new().suffix(UNFINISHED).tempfile_in(folder).map_err(io)?;
    new.write_all(bytes).and_then(|()| new.as_file().sync_all()).map_err(io)?;
    let placed = if over { new.persist(path) } else { new.persist_noclobber(path) };
    placed.map_err(|e| io(e.error))?;
    File::open(folder).and_then(|f| f.sync_all()).map_err(io)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_written_once_replaced_on_purpose_and_leaves_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("one");
        write_new(&path, b"first").unwrap();
        assert!(write_new(&path, b"second").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        replace(&path, b"third").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"third");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["one"]);
    }
}
