//! `cargo xtask soak`: whether the package's memory, sockets and listeners stay flat under load, in Node and in Chromium.

use crate::Result;
use crate::chrome::Chrome;
use crate::paths::root;
use crate::sh::Cmd;
use crate::{pack, setup};

/// Builds the package, gets what is missing, and runs the loads.
pub(crate) fn run(flags: &[String]) -> Result {
    setup::run()?;
    pack::run()?;
    loads(flags)
}

/// Runs the loads with the package that is packed.
pub(crate) fn loads(flags: &[String]) -> Result {
    let tests = root().join("tests");
    setup::npm_ci(&tests.join("package"), "what the package's tests need")?;
    let command = Cmd::new("node").arg(tests.join("soak").join("run.mjs")).args(flags);
    Chrome::get()?.tell(command).stream()
}
