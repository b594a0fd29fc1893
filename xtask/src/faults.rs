//! `cargo xtask faults`: the packed package against faults at every place of its streams and handshakes.

use crate::paths::root;
use crate::sh::Cmd;
use crate::{Result, pack, setup};

/// Builds the package and runs the cases.
pub(crate) fn run(flags: &[String]) -> Result {
    setup::run()?;
    pack::run()?;
    cases(flags)
}

/// Runs the cases against the tarball that is there.
pub(crate) fn cases(flags: &[String]) -> Result {
    let script = root().join("tests").join("faults").join("main.mjs");
    Cmd::new("node").arg(script).args(flags).stream()
}
