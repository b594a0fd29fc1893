//! A short word for the contents of many things, by which a change of any of them is noticed.

use crate::Result;
use crate::paths::{self, shown};
use std::fs;
use std::path::{Path, PathBuf};

/// FNV-1a over the parts and their lengths: enough to notice a change, and the same on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    pub(crate) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn part(mut self, bytes: &[u8]) -> Self {
        for byte in bytes.iter().chain(&bytes.len().to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.part(text.as_bytes())
    }

    /// The names and contents of files, and of all files below folders. What is not there counts as such.
    pub(crate) fn files(mut self, paths: &[PathBuf]) -> Result<Self> {
        for path in paths {
            self = if path.is_dir() { self.files(&paths::entries(path)?)? } else { self.file(path)? };
        }
        Ok(self)
    }

    fn file(self, path: &Path) -> Result<Self> {
        let named = self.text(&shown(path));
        match fs::read(path) {
            Ok(content) => Ok(named.text("is").part(&content)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(named.text("is not")),
            Err(error) => Err(format!("cannot read {}: {error}", shown(path))),
        }
    }

    pub(crate) fn word(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    #[test]
    fn parts_are_told_apart() {
        let of = |parts: &[&str]| parts.iter().fold(Fingerprint::new(), |all, part| all.text(part)).word();
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    }
}
