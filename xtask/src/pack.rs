//! `cargo xtask pack`: the tarball that npm would publish.

use crate::Result;
use crate::build;
use crate::paths::{self, root, shown};
use crate::sh::Cmd;
use std::fs;
use std::path::PathBuf;

/// Where the tarball of this version lies once it is packed.
pub(crate) fn tarball() -> Result<PathBuf> {
    let name = format!("openresponses-wasm-{}.tgz", build::version()?);
    Ok(root().join("target").join("pack").join(name))
}

/// Builds, packs and tells the size. What must and must not be in the tarball is a golden file of the package's tests.
pub(crate) fn run() -> Result<PathBuf> {
    build::run()?;
    let tarball = tarball()?;
    let folder = root().join("target").join("pack");
    paths::fresh_folder(&folder)?;
    let list = Cmd::npm()
        .words("pack --json --ignore-scripts --pack-destination")
        .arg(&folder)
        .folder(&build::package())
        .read()?;
    let files = file_names(&list);
    let size = fs::metadata(&tarball).map_err(|error| format!("npm pack left no {}: {error}", shown(&tarball)))?.len();
    println!("{}: {} files, {size} bytes", shown(&tarball), files.len());
    Ok(tarball)
}

/// The names of the packed files, from what `npm pack --json` prints.
fn file_names(json: &str) -> Vec<&str> {
    json.lines()
        .filter_map(|line| {
            let (_, name) = line.trim().split_once("\"path\": \"")?;
            name.split_once('"').map(|(name, _)| name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_out_of_the_list() {
        let json = "[\n  {\n    \"files\": [\n      {\n        \"path\": \"README.md\",\n        \"size\": 1\n      },\n\
                    \x20     {\n        \"path\": \"dist/index.js\"\n      }\n    ],\n    \"entryCount\": 2\n  }\n]\n";
        assert_eq!(file_names(json), ["README.md", "dist/index.js"]);
    }
}
