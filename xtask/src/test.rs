//! `cargo xtask test`: the stages, one after the other, and what came of each.

use crate::Result;
use crate::build;
use crate::chrome::Chrome;
use crate::faults;
use crate::pack;
use crate::paths::{self, root, shown};
use crate::setup::{self, Tools};
use crate::sh::{Cmd, clock};
use crate::soak;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// One part of the tests.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// The stage without whose success this one is not run.
    needs: Option<&'static str>,
    /// Why it cannot be run here, when that is no fault of the project's.
    unavailable: fn() -> Option<String>,
    run: fn(&Tools) -> Result,
}

/// All stages, in the order in which they run.
pub(crate) static STAGES: [Stage; 20] = [
    Stage {
        name: "fmt",
        about: "formatting of Rust, JavaScript and TypeScript",
        needs: None,
        unavailable: never,
        run: fmt,
    },
    Stage { name: "lint", about: "clippy, natively and for WebAssembly", needs: None, unavailable: never, run: lint },
    Stage {
        name: "native",
        about: "the Rust tests that need no browser",
        needs: None,
        unavailable: never,
        run: native,
    },
    Stage { name: "edge", about: "the Rust tests in a browser", needs: None, unavailable: never, run: edge },
    Stage {
        name: "examples",
        about: "the front ends in Rust, run, and what they export",
        needs: None,
        unavailable: never,
        run: examples,
    },
    Stage {
        name: "sandbox",
        about: "the sandbox server",
        needs: None,
        unavailable: never,
        run: |_| node_tests("tests/sandbox"),
    },
    Stage {
        name: "build",
        about: "the package and its tarball",
        needs: None,
        unavailable: never,
        run: |_| pack::run().map(drop),
    },
    Stage {
        name: "facade",
        about: "the package's API in Node",
        needs: Some("build"),
        unavailable: never,
        run: |_| node_tests("tests/facade"),
    },
    Stage {
        name: "fallback",
        about: "the same API where WebAssembly is forbidden",
        needs: Some("build"),
        unavailable: never,
        run: |_| entry_tests("tests/facade", "fallback"),
    },
    Stage {
        name: "types",
        about: "the package's declarations",
        needs: Some("build"),
        unavailable: never,
        run: |_| node_tests("tests/types"),
    },
    Stage {
        name: "operations",
        about: "the package's operations in Node, against the sandbox",
        needs: Some("build"),
        unavailable: never,
        run: |_| node_tests("tests/operations"),
    },
    Stage {
        name: "servers",
        about: "the package's API against servers that deviate, over sockets",
        needs: Some("build"),
        unavailable: never,
        run: |_| node_tests("tests/servers"),
    },
    Stage {
        name: "tracing",
        about: "the tracer of the examples, with OpenTelemetry",
        needs: Some("build"),
        unavailable: never,
        run: tracing,
    },
    Stage {
        name: "package",
        about: "the tarball, installed as users do",
        needs: Some("build"),
        unavailable: never,
        run: package,
    },
    Stage {
        name: "sizes",
        about: "what the package weighs, against sizes.json",
        needs: Some("build"),
        unavailable: never,
        run: sizes,
    },
    Stage {
        name: "docs",
        about: "the code of the README, run",
        needs: Some("build"),
        unavailable: never,
        run: |_| node_tests("tests/readme"),
    },
    Stage {
        name: "fuzz",
        about: "the fuzzer of the package, briefly, and the streams it has kept",
        needs: Some("build"),
        unavailable: never,
        run: |_| node_tests("fuzz/javascript"),
    },
    Stage {
        name: "soak",
        about: "memory, sockets and listeners under load, in Node and Chromium, briefly",
        needs: Some("build"),
        unavailable: never,
        run: |_| soak::loads(&["--quick".to_owned()]),
    },
    Stage {
        name: "faults",
        about: "streams and handshakes that are cut, at some of all places, on sockets",
        needs: Some("build"),
        unavailable: never,
        run: faults,
    },
    Stage {
        name: "captures",
        about: "recorded streams of real servers, when they are there",
        needs: Some("build"),
        unavailable: no_captures,
        run: |_| node_tests("tests/captures"),
    },
];

/// The stage of this name.
pub(crate) fn find(name: &str) -> Option<&'static Stage> {
    STAGES.iter().find(|stage| stage.name == name)
}

/// What came of a stage.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed(String),
    NotRun(String),
}

/// Gets what is needed, runs the stages, and tells of each; none named means all.
pub(crate) fn run(named: &[&str]) -> Result<ExitCode> {
    let begin = Instant::now();
    let tools = setup::run()?;
    let mut results: Vec<(&Stage, Outcome, Duration)> = Vec::new();
    for stage in chosen(named) {
        println!("\n=== {}: {}", stage.name, stage.about);
        let start = Instant::now();
        let broken = stage.needs.filter(|needed| {
            results.iter().any(|(stage, outcome, _)| stage.name == *needed && *outcome != Outcome::Passed)
        });
        let outcome = if let Some(needed) = broken {
            Outcome::NotRun(format!("it needs {needed}"))
        } else if let Some(reason) = (stage.unavailable)() {
            // Somebody who names a stage wants it run.
            if named.contains(&stage.name) { Outcome::Failed(reason) } else { Outcome::NotRun(reason) }
        } else {
            (stage.run)(&tools).map_or_else(Outcome::Failed, |()| Outcome::Passed)
        };
        let time = start.elapsed();
        match &outcome {
            Outcome::Passed => println!("--- {}: passed in {}", stage.name, clock(time)),
            Outcome::Failed(reason) => {
                println!("--- {}: FAILED after {}: {reason}", stage.name, clock(time));
            }
            Outcome::NotRun(reason) => println!("{}: NOT RUN, {reason}", stage.name),
        }
        results.push((stage, outcome, time));
    }
    println!("\n=== stages, in {}", clock(begin.elapsed()));
    for (stage, outcome, time) in &results {
        println!("  {}", row(stage.name, outcome, *time));
    }
    let (line, good) = verdict(results.iter().map(|(_, outcome, _)| outcome));
    println!("{line}");
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The stages to run, in their own order: those named and those that they need, or all.
fn chosen(named: &[&str]) -> Vec<&'static Stage> {
    let wanted = |name: &str| named.is_empty() || named.contains(&name);
    STAGES
        .iter()
        .filter(|stage| {
            wanted(stage.name) || STAGES.iter().any(|other| other.needs == Some(stage.name) && wanted(other.name))
        })
        .collect()
}

fn row(name: &str, outcome: &Outcome, time: Duration) -> String {
    match outcome {
        Outcome::Passed => format!("{name:<10} passed   {:>12}", clock(time)),
        Outcome::Failed(reason) => format!("{name:<10} FAILED   {:>12}  {reason}", clock(time)),
        Outcome::NotRun(reason) => format!("{name:<10} NOT RUN  {:>12}  {reason}", "-"),
    }
}

/// The closing line, and whether the whole is a success: something passed and nothing failed. What did not run is in it.
fn verdict<'outcome>(outcomes: impl Iterator<Item = &'outcome Outcome>) -> (String, bool) {
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for outcome in outcomes {
        match outcome {
            Outcome::Passed => passed += 1,
            Outcome::Failed(_) => failed += 1,
            Outcome::NotRun(_) => skipped += 1,
        }
    }
    let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
    (format!("{passed} passed, {failed} failed{skipped}"), passed > 0 && failed == 0)
}

fn never() -> Option<String> {
    None
}

fn no_captures() -> Option<String> {
    let folder = root().join("../shared/captures");
    (!folder.is_dir()).then(|| "../shared/captures is not there".to_owned())
}

/// Runs every step and reports all that failed, so that one run shows everything there is to mend.
fn all<const N: usize>(steps: [Cmd; N]) -> Result {
    let failures: Vec<String> = steps.into_iter().filter_map(|step| step.stream().err()).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) }
}

fn fmt(_: &Tools) -> Result {
    all([
        Cmd::new("cargo").words("fmt --all --check"),
        Cmd::new("cargo").words("fmt --check --manifest-path").arg(root().join("xtask/tools/Cargo.toml")),
        Cmd::new("cargo").words("fmt --check --manifest-path").arg(root().join("fuzz/Cargo.toml")),
        Cmd::node_modules("@biomejs/biome/bin/biome").words("ci --error-on-warnings"),
    ])
}

fn lint(_: &Tools) -> Result {
    all([
        Cmd::new("cargo").words("clippy --workspace --all-targets --all-features --locked -- -D warnings"),
        // The library as crates have it, and as the package has it.
        Cmd::new("cargo").words("clippy --lib --locked -- -D warnings"),
        // With the tests of what it exports to JavaScript, which the feature `typed` leaves out.
        Cmd::new("cargo").words("clippy --lib --tests --target wasm32-unknown-unknown --locked -- -D warnings"),
        Cmd::new("cargo")
            .words("clippy --lib --no-default-features --target wasm32-unknown-unknown --locked -- -D warnings")
            .env("RUSTFLAGS", build::TARGET_FEATURE),
        Cmd::new("cargo").words(
            "clippy --package openresponses-wasm --all-targets --all-features --target wasm32-unknown-unknown --locked \
             -- -D warnings",
        ),
    ])
}

fn native(_: &Tools) -> Result {
    Cmd::new("cargo").words("test --workspace --all-features --locked").stream()
}

fn edge(tools: &Tools) -> Result {
    let chrome = Chrome::get()?;
    // The browser leaves its profiles behind; in the system's folder, since a socket's path must be short.
    let scratch = std::env::temp_dir().join(format!("openresponses-wasm-{}", std::process::id()));
    paths::fresh_folder(&scratch)?;
    let run = |tests: &str| {
        // No `--quiet` anywhere: cargo would hand it on to the test runner, which refuses it.
        let command = tools
            .wasm_pack()?
            .words("test --headless --chrome --chromedriver")
            .arg(&chrome.driver)
            .words("--mode no-install -- --locked")
            .words(tests);
        chrome.tell(command).env("TMPDIR", &scratch).stream()
    };
    // What is for JavaScript, which the feature leaves out, and what is for Rust.
    let outcome = run("--test web --test worker").and_then(|()| run("--features typed --test typed"));
    std::fs::remove_dir_all(&scratch).map_err(|error| format!("cannot remove {}: {error}", shown(&scratch)))?;
    outcome
}

fn examples(tools: &Tools) -> Result {
    let target = root().join("target");
    for example in ["page", "tools"] {
        Cmd::new("cargo")
            .words("build --locked --features typed --target wasm32-unknown-unknown --example")
            .arg(example)
            .arg("--target-dir")
            .arg(&target)
            .stream()?;
        tools
            .wasm_bindgen()?
            .words("--target web --out-dir")
            .arg(target.join("examples"))
            .arg(target.join(format!("wasm32-unknown-unknown/debug/examples/{example}.wasm")))
            .stream()?;
    }
    node_tests("tests/examples")
}

fn package(_: &Tools) -> Result {
    let folder = root().join("tests").join("package");
    setup::npm_ci(&folder, "what the package's tests need")?;
    let command = Cmd::new("node").arg(folder.join("run.mjs")).arg(pack::tarball()?);
    Chrome::get()?.tell(command).stream()
}

fn tracing(_: &Tools) -> Result {
    setup::npm_ci(&root().join("examples/tracing"), "OpenTelemetry")?;
    node_tests("examples/tracing")
}

fn sizes(_: &Tools) -> Result {
    setup::npm_ci(&root().join("tests").join("package"), "what the package's tests need")?;
    Cmd::new("node").arg(root().join("xtask/scripts/budget.mjs")).arg(root().join("pkg")).stream()
}

fn faults(_: &Tools) -> Result {
    node_tests("tests/faults")?;
    faults::cases(&["--quick".to_owned()])
}

/// Runs the folder's tests. Their files are named one by one: what a folder means to `node --test` differs between its
/// versions, and a run without tests must not pass.
fn node_tests(folder: &str) -> Result {
    entry_tests(folder, "index")
}

/// Tests that entry of the package.
fn entry_tests(folder: &str, entry: &str) -> Result {
    let folder = root().join(folder);
    if !folder.is_dir() {
        return Err(format!("there is no {}", shown(&folder)));
    }
    let files: Vec<_> = paths::files_below(&folder)?.into_iter().filter(|file| is_node_test(file)).collect();
    if files.is_empty() {
        return Err(format!("{} has no test files", shown(&folder)));
    }
    Cmd::new("node").arg("--test").args(files).env("PACKAGE_ENTRY", entry).stream()
}

/// Whether the file is one that `node --test` would find by its name.
fn is_node_test(file: &Path) -> bool {
    let text = |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).unwrap_or("").to_owned();
    let stem = text(file.file_stem());
    let named = stem == "test"
        || stem.starts_with("test-")
        || [".test", "-test", "_test"].iter().any(|ending| stem.ends_with(ending));
    let installed = file.components().any(|part| part.as_os_str() == "node_modules");
    named && !installed && ["js", "cjs", "mjs"].contains(&text(file.extension()).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(named: &[&str]) -> Vec<&'static str> {
        chosen(named).iter().map(|stage| stage.name).collect()
    }

    #[test]
    fn stages_run_in_their_order_with_what_they_need() {
        assert_eq!(names(&[]).len(), STAGES.len());
        assert_eq!(names(&["native", "fmt"]), ["fmt", "native"]);
        assert_eq!(names(&["package"]), ["build", "package"]);
    }

    #[test]
    fn what_is_needed_stands_before() {
        for (place, stage) in STAGES.iter().enumerate() {
            if let Some(needed) = stage.needs {
                let at = STAGES.iter().position(|other| other.name == needed);
                assert!(at.is_some_and(|at| at < place), "{}", stage.name);
            }
        }
    }

    #[test]
    fn a_stage_that_did_not_run_is_neither_passed_nor_failed() {
        let failed = Outcome::Failed("it broke".to_owned());
        let not_run = Outcome::NotRun("it needs build".to_owned());
        let of = |outcomes: &[&Outcome]| verdict(outcomes.iter().copied());
        assert_eq!(of(&[&Outcome::Passed, &not_run]), ("1 passed, 0 failed, 1 skipped".to_owned(), true));
        assert_eq!(of(&[&Outcome::Passed, &failed, &not_run]), ("1 passed, 1 failed, 1 skipped".to_owned(), false));
        assert_eq!(of(&[&not_run]), ("0 passed, 0 failed, 1 skipped".to_owned(), false));
    }

    #[test]
    fn test_files_are_known_by_their_names() {
        for name in ["a/stream.test.mjs", "test.js", "x/test-it.cjs", "x/it_test.mjs"] {
            assert!(is_node_test(Path::new(name)), "{name}");
        }
        for name in ["a/helper.mjs", "a/latest.mjs", "a/stream.test.json", "node_modules/a/test.js"] {
            assert!(!is_node_test(Path::new(name)), "{name}");
        }
    }
}
