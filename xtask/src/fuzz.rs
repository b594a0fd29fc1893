//! `cargo xtask fuzz`: looks for inputs for which something does not hold that must hold for all.
//!
//! The Rust targets are libFuzzer programs, built by the project's own toolchain: the compiler counts the branches for
//! them, and the address sanitizer, which needs a nightly one, would find nothing in a crate without `unsafe`.

use crate::pack;
use crate::paths::{self, root};
use crate::sh::Cmd;
use crate::{Result, setup};
use std::fs;

/// What can be fuzzed, in the order in which it is: the built package first, then the targets of `tests/targets`.
pub(crate) const TARGETS: [&str; 7] = ["javascript", "event", "exchange", "json", "partial", "response", "sse"];

/// How the compiler counts branches, as cargo-fuzz asks it to.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
                        -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Fuzzes each target for so many seconds; one that fails does not keep the others from their turn.
pub(crate) fn run(targets: &[&str], seconds: u32) -> Result {
    let mut failures = Vec::new();
    for target in targets {
        println!("\n=== {target}: {seconds} s");
        let outcome = if *target == "javascript" { javascript(seconds) } else { rust(target, seconds) };
        failures.extend(outcome.err());
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) }
}

fn javascript(seconds: u32) -> Result {
    setup::run()?;
    pack::run()?;
    let script = root().join("fuzz").join("javascript").join("fuzz.mjs");
    Cmd::new("node").arg(script).arg("--seconds").arg(seconds.to_string()).stream()
}

fn rust(target: &str, seconds: u32) -> Result {
    let host = Cmd::new("rustc").words("--print host-tuple").read()?;
    let built = root().join("target").join("fuzz");
    // With `--target`, so that the programs that build are not counted.
    Cmd::new("cargo")
        .words("build --release --locked --manifest-path")
        .arg(root().join("fuzz").join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&built)
        .words("--target")
        .arg(host.trim())
        .words("--bin")
        .arg(target)
        .env("RUSTFLAGS", COVERAGE)
        .stream()?;
    let kept = root().join("fuzz").join("corpus").join(target);
    let found = built.join("corpus").join(target);
    fs::create_dir_all(&found).map_err(|error| format!("cannot make {}: {error}", paths::shown(&found)))?;
    // What it fails at is put where the tests will replay it.
    Cmd::new(built.join(host.trim()).join("release").join(target))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", kept.display()))
        .arg(format!("-dict={}", root().join("fuzz").join("dictionary.txt").display()))
        .words("-timeout=10 -rss_limit_mb=1024 -max_len=2000 -print_final_stats=1 -print_funcs=0 -verbosity=0")
        .args([found, kept])
        .stream()
}
