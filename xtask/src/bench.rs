//! `cargo xtask bench`: the package measured against others, on the same streams.

use crate::Result;
use crate::sh::Cmd;
use crate::{build, paths, setup};
use std::process::ExitCode;

/// Builds the package, gets what it is compared with, and hands the terminal to the benchmark.
pub(crate) fn run(flags: &[String]) -> Result<ExitCode> {
    build::run()?;
    let folder = paths::root().join("bench");
    setup::npm_ci(&folder, "what the package is compared with")?;
    let status = Cmd::new("node").arg(folder.join("run.mjs")).args(flags).interactive()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
