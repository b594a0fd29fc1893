//! `cargo xtask demo`: one answer streamed in the terminal, then the playground.

use crate::Result;
use crate::sh::Cmd;
use crate::{build, paths};
use std::process::ExitCode;

/// Builds the package and hands the terminal to the demo.
pub(crate) fn run(flags: &[String]) -> Result<ExitCode> {
    build::run()?;
    let demo = paths::root().join("www").join("demo.mjs");
    let status = Cmd::new("node").arg(demo).args(flags).interactive()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
