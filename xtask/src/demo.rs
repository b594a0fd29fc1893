//! `cargo xtask demo`: one answer streamed in the terminal, then the playground.

use crate::Result;
use crate::lock::Lock;
use crate::sh::Cmd;
use crate::{build, paths};
use std::io::ErrorKind;
use std::net::TcpListener;
use std::process::ExitCode;

/// Builds the package and hands the terminal to the demo. What serves until somebody ends it keeps nobody waiting.
pub(crate) fn run(flags: &[String], lock: Option<Lock>) -> Result<ExitCode> {
    check_port(flags)?;
    build::run()?;
    let _lock = lock.filter(|_| flags.iter().any(|flag| flag == "--once"));
    let demo = paths::root().join("www").join("demo.mjs");
    let status = Cmd::new("node").arg(demo).args(flags).interactive()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Says before the build what would end the demo after it.
fn check_port(flags: &[String]) -> Result {
    let Some(port) = flags.iter().skip_while(|flag| *flag != "--port").nth(1) else { return Ok(()) };
    match TcpListener::bind(format!("127.0.0.1:{port}")) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Err(format!("Port {port} is in use: choose another with --port."))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_in_use_is_refused_before_the_build() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = taken.local_addr().expect("its address").port().to_string();
        let flags = ["--once".to_owned(), "--port".to_owned(), port];
        assert!(check_port(&flags).expect_err("it is in use").contains("is in use"));
        drop(taken);
        assert!(check_port(&flags).is_ok() && check_port(&[]).is_ok());
    }
}
