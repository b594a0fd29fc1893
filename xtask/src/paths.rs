//! Where things are, and reading and writing them with an error that names the file.

use crate::Result;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The checkout. Cargo says where it is now; what was compiled in may have been moved since.
pub(crate) fn root() -> PathBuf {
    let manifest =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), PathBuf::from)
}

/// The path as a reader of the output wants it: from the checkout's root where it lies inside.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The user's home folder, when the system names one.
pub(crate) fn home() -> Option<PathBuf> {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    env::var_os(name).filter(|home| !home.is_empty()).map(PathBuf::from)
}

/// Where cargo keeps what it has downloaded, and the user's configuration.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(home()?.join(".cargo")))
}

/// The first program of this name on PATH.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&path).map(|folder| folder.join(&name)).find(|candidate| is_program(candidate))
}

/// The program that the user names in the environment; one that is not there is an error, not a reason to take another.
pub(crate) fn named(variable: &str) -> Result<Option<PathBuf>> {
    let Some(value) = env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let path = PathBuf::from(value);
    if is_program(&path) {
        return Ok(Some(path));
    }
    Err(format!("{variable} names {}, and there is no such program", path.display()))
}

/// Whether this is a file that can be started.
pub(crate) fn is_program(path: &Path) -> bool {
    let Ok(about) = fs::metadata(path) else {
        return false;
    };
    #[cfg(unix)]
    let executable = {
        use std::os::unix::fs::PermissionsExt as _;
        about.permissions().mode() & 0o111 != 0
    };
    #[cfg(not(unix))]
    let executable = true;
    about.is_file() && executable
}

/// PATH with these folders before the user's own.
pub(crate) fn path_with(first: &[PathBuf]) -> Result<OsString> {
    let own = env::var_os("PATH").unwrap_or_default();
    let folders = first.iter().cloned().chain(env::split_paths(&own));
    env::join_paths(folders).map_err(|error| format!("the checkout's path cannot be put on PATH: {error}"))
}

pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", shown(path)))
}

pub(crate) fn write(path: &Path, content: &str) -> Result {
    fs::write(path, content).map_err(|error| format!("cannot write {}: {error}", shown(path)))
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result {
    fs::copy(from, to).map(drop).map_err(|error| format!("cannot copy {} to {}: {error}", shown(from), shown(to)))
}

/// Makes the folder that the file is to lie in, where it is missing.
pub(crate) fn make_folder_of(file: &Path) -> Result {
    let Some(folder) = file.parent() else { return Ok(()) };
    fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", shown(folder)))
}

/// Makes the folder, empty, whatever was there.
pub(crate) fn fresh_folder(path: &Path) -> Result {
    let removed = match fs::remove_dir_all(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    };
    removed
        .and_then(|()| fs::create_dir_all(path))
        .map_err(|error| format!("cannot make {} afresh: {error}", shown(path)))
}

/// The folder's entries, sorted by name.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>())
        .map_err(|error| format!("cannot list {}: {error}", shown(folder)))?;
    paths.sort();
    Ok(paths)
}

/// Every file below the folder, sorted, without following links.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() && !path.is_symlink() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Copies the folder with everything in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result {
    copy_files(from, to, |_| true)
}

/// Copies the files below the folder that are wanted.
pub(crate) fn copy_files(from: &Path, to: &Path, is_wanted: impl Fn(&Path) -> bool) -> Result {
    for file in files_below(from)?.into_iter().filter(|file| is_wanted(file)) {
        let inner = file.strip_prefix(from).unwrap_or(&file);
        let target = to.join(inner);
        make_folder_of(&target)?;
        copy(&file, &target)?;
    }
    Ok(())
}

/// An empty folder for the test of this name.
#[cfg(test)]
pub(crate) fn scratch(test: &str) -> PathBuf {
    let folder = root().join("target").join("xtask-tests").join(test);
    fresh_folder(&folder).expect("it can be made");
    folder
}
