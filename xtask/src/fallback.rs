//! The package's program as JavaScript, for where WebAssembly is forbidden: compiled without references, which
//! JavaScript's numbers cannot hold, and translated by binaryen's wasm2js.

use crate::Result;
use crate::build;
use crate::paths::{self, root};
use crate::setup::Tools;
use crate::sh::Cmd;
use std::path::{Path, PathBuf};

const NAME: &str = "openresponses_wasm";

/// A folder of its own: in that of the other build, each would throw away what the other has compiled.
const TARGET: &str = "target/fallback";

/// What the compiler's default target has and wasm2js has not. The rest of that is lowered by wasm-opt.
const WITHOUT: [&str; 2] = ["reference-types", "multivalue"];

/// That lowering.
const OPTIONS: &str = "--enable-bulk-memory --enable-mutable-globals --enable-nontrapping-float-to-int --enable-sign-ext \
                       --llvm-nontrapping-fptoint-lowering --signext-lowering";

/// Expressions laid flat and put together anew make 2 KB less of JavaScript, and functions that stay apart 1 KB; that they are
/// slower for it matters less here.
const PASSES: &str = "-Oz --flatten --rereloop -Oz -Oz --skip-pass=inlining-optimizing";

/// What is made.
#[derive(Debug)]
pub(crate) struct Fallback {
    /// The program and its glue, one module.
    pub(crate) script: PathBuf,
    /// The binary of which it is the translation.
    pub(crate) binary: PathBuf,
}

impl Fallback {
    /// Where both lie.
    pub(crate) fn here() -> Self {
        let output = output();
        Self { script: output.join("fallback.js"), binary: output.join(format!("{NAME}_bg.wasm")) }
    }
}

/// Compiles with these flags, and translates.
pub(crate) fn run(tools: &Tools, mut flags: Vec<String>) -> Result {
    println!("Compiling the package to JavaScript, for where WebAssembly is forbidden");
    let output = output();
    paths::fresh_folder(&output)?;
    flags.push(format!("-Ctarget-feature={}", WITHOUT.map(|feature| format!("-{feature}")).join(",")));
    compile(tools, &flags, &output)?;

    let Fallback { script, binary } = Fallback::here();
    build::optimize(&binary, OPTIONS, PASSES)?;
    let glue = output.join(format!("{NAME}.js"));
    Cmd::new("node").arg(root().join("xtask/scripts/shorten.mjs")).arg(&glue).arg(&binary).stream()?;

    let program = output.join("program.js");
    Cmd::node_modules("binaryen/bin/wasm2js")
        .words("-Oz --skip-pass=inlining-optimizing --enable-bulk-memory --enable-mutable-globals")
        .arg(&binary)
        .arg("-o")
        .arg(&program)
        .stream()?;
    Cmd::new("node").arg(root().join("xtask/scripts/glue.mjs")).arg(&glue).arg(&script).arg(&program).stream()
}

fn output() -> PathBuf {
    root().join(TARGET).join("made")
}

/// Runs cargo and wasm-bindgen.
fn compile(tools: &Tools, flags: &[String], output: &Path) -> Result {
    Cmd::new("cargo")
        .words("build --lib --release --locked --no-default-features --target wasm32-unknown-unknown --target-dir")
        .arg(TARGET)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .folder(&root())
        .stream()?;
    let made = root().join(TARGET).join("wasm32-unknown-unknown/release").join(format!("{NAME}.wasm"));
    let wasm = output.join(format!("{NAME}.wasm"));
    paths::copy(&made, &wasm)?;
    Cmd::new("node").arg(root().join("xtask/scripts/disclaim.mjs")).arg(&wasm).args(WITHOUT).stream()?;
    tools
        .wasm_bindgen()?
        .words("--target web --no-typescript --omit-default-module-path --out-dir")
        .arg(output)
        .arg(&wasm)
        .stream()
}
