//! One command at a time: two that write the same folders would break each other.

use crate::Result;
use crate::paths::{self, shown};
use std::env;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// Tells what a command starts which lock that command has taken for it.
pub(crate) const INHERITED: &str = "OPENRESPONSES_XTASK_LOCK";

/// The lock of this checkout, by the same name whichever links lead here: who started us may have come by another.
pub(crate) fn path() -> PathBuf {
    let root = paths::root();
    root.canonicalize().unwrap_or(root).join("target").join("xtask.lock")
}

/// The right to write into the checkout, until it is dropped. The system takes it from a program that ends, however it does.
#[derive(Debug)]
pub(crate) struct Lock {
    /// None where whoever has started this command holds it.
    _file: Option<File>,
}

impl Lock {
    /// Waits until nobody else holds it, saying for whom. `command` is what others are told.
    pub(crate) fn take(command: &str) -> Result<Self> {
        Self::of(&path(), env::var_os(INHERITED).as_deref(), command, |holder| {
            println!("Waiting for {holder}, which is at work in this checkout");
        })
    }

    fn of(path: &Path, inherited: Option<&OsStr>, command: &str, waits: impl FnOnce(&str)) -> Result<Self> {
        if inherited.is_some_and(|held| held == path) {
            return Ok(Self { _file: None });
        }
        let failed = |error: std::io::Error| format!("cannot lock {}: {error}", shown(path));
        paths::make_folder_of(path)?;
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => (),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Some systems let nobody read what is locked, and the other may not have written yet.
                let is_known = file.read_to_string(&mut holder).is_ok() && !holder.is_empty();
                waits(if is_known { &holder } else { "another command" });
                file.lock().map_err(failed)?;
            }
        }
        let name = format!("`cargo xtask {command}` (process {})", std::process::id());
        file.rewind().and_then(|()| file.set_len(0)).and_then(|()| file.write_all(name.as_bytes())).map_err(failed)?;
        Ok(Self { _file: Some(file) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::scratch;
    use std::sync::mpsc;
    use std::thread;

    #[test]
    fn the_second_waits_for_the_first_and_says_for_what() {
        let path = scratch("lock").join("target").join("xtask.lock");
        let never = |holder: &str| panic!("nobody holds it, not even {holder}");
        let first = Lock::of(&path, None, "pack", never).expect("it is free");
        let (sender, told) = mpsc::channel();
        let second = {
            let path = path.clone();
            thread::spawn(move || {
                let waits = |holder: &str| sender.send(Some(holder.to_owned())).expect("somebody listens");
                let lock = Lock::of(&path, None, "demo", waits);
                sender.send(None).expect("somebody listens");
                lock
            })
        };
        let holder = told.recv().expect("it waits").expect("it has nothing yet");
        assert_eq!(holder, format!("`cargo xtask pack` (process {})", std::process::id()));
        assert!(told.try_recv().is_err(), "it has got nothing while the first goes on");
        drop(first);
        assert_eq!(told.recv(), Ok(None));
        let second = second.join().expect("it does not panic").expect("it was its turn");
        assert!(File::open(&path).expect("it is there").try_lock().is_err(), "the second has it now");
        drop(second);
        Lock::of(&path, None, "build", never).expect("it is free again");
    }

    #[test]
    fn what_the_holder_starts_does_not_wait_for_it() {
        let path = scratch("inherited").join("xtask.lock");
        let never = |holder: &str| panic!("it waits for {holder}");
        let parent = Lock::of(&path, None, "test", never).expect("it is free");
        let child = Lock::of(&path, Some(path.as_os_str()), "build", never).expect("it is its parent's");
        drop(child);
        let file = File::open(&path).expect("it is there");
        assert!(file.try_lock().is_err(), "it is still the parent's");
        drop(parent);
        file.try_lock().expect("nobody has it");
    }

    #[test]
    fn what_the_holder_of_another_checkout_starts_takes_its_own() {
        let (here, there) = (scratch("here").join("xtask.lock"), scratch("there").join("xtask.lock"));
        let never = |holder: &str| panic!("it waits for {holder}");
        let _lock = Lock::of(&here, Some(there.as_os_str()), "build", never).expect("it is free");
        assert!(File::open(&here).expect("it is there").try_lock().is_err());
    }
}
