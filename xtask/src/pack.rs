//! `cargo xtask pack`: the tarball that npm would publish.

use crate::Result;
use crate::build;
use crate::fingerprint::Fingerprint;
use crate::made;
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
    let npm = Cmd::npm().arg("--version").read()?;
    let inputs = Fingerprint::new().text(&npm).files(&[build::package()])?;
    made::unless_made("tarball", &inputs, std::slice::from_ref(&folder), || {
        paths::fresh_folder(&folder)?;
        let pack = Cmd::npm().words("pack --silent --ignore-scripts --pack-destination").arg(&folder);
        pack.folder(&build::package()).read().map(drop)
    })?;
    let size = fs::metadata(&tarball).map_err(|error| format!("npm pack left no {}: {error}", shown(&tarball)))?.len();
    println!("{}: {size} bytes", shown(&tarball));
    Ok(tarball)
}
