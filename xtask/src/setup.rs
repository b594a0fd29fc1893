//! What building needs: checked, and fetched where it is missing. Everything fetched stays in the checkout.

use crate::Result;
use crate::fingerprint::Fingerprint;
use crate::paths::{self, is_program, root, shown, which};
use crate::sh::Cmd;
use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::fs;
use std::path::{Path, PathBuf};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The oldest Node.js that runs the package and the tools.
const NODE: (u32, u32) = (20, 19);

/// The tools of the pinned versions.
#[derive(Debug)]
pub(crate) struct Tools {
    /// The folders that go before the user's PATH.
    folders: Vec<PathBuf>,
}

impl Tools {
    /// wasm-pack, which finds the other tools on PATH. Its wasm-opt is the one of `node_modules` and no other: some
    /// distributions ship one that breaks modules with reference types.
    pub(crate) fn wasm_pack(&self) -> Result<Cmd> {
        self.program("wasm-pack")
    }

    pub(crate) fn wasm_bindgen(&self) -> Result<Cmd> {
        self.program("wasm-bindgen")
    }

    fn program(&self, name: &str) -> Result<Cmd> {
        let program = self
            .folders
            .iter()
            .map(|folder| folder.join(format!("{name}{EXE_SUFFIX}")))
            .find(|candidate| is_program(candidate))
            .or_else(|| which(name))
            .ok_or_else(|| format!("{name} has gone away since it was found"))?;
        Ok(Cmd::new(program)
            .env("PATH", paths::path_with(&self.folders)?)
            // Its errors say enough; a trace of its own innards below them helps nobody.
            .env("RUST_LIB_BACKTRACE", "0"))
    }
}

/// Gets what is missing, saying so, and nothing else.
pub(crate) fn run() -> Result<Tools> {
    node_and_npm()?;
    wasm_target()?;
    npm_ci(&root(), "the compiler of the TypeScript sources, wasm-opt and the formatter")?;
    tools()
}

fn node_and_npm() -> Result {
    let (major, minor) = NODE;
    let get = "get it from https://nodejs.org or your system's packages, and start again";
    let version = Cmd::new("node")
        .arg("--version")
        .probe()
        .ok_or_else(|| format!("Node.js is missing: the build needs version {major}.{minor} or later of it; {get}"))?;
    if version_of(&version).is_none_or(|found| found < NODE) {
        return Err(format!(
            "Node.js {} is too old: the build needs version {major}.{minor} or later; {get}",
            version.trim()
        ));
    }
    if Cmd::npm().arg("--version").probe().is_none() {
        return Err(format!(
            "npm is missing: the build gets its compilers with it, and it usually comes with Node.js; {get}"
        ));
    }
    Ok(())
}

/// The first two numbers of a version, wherever they stand in the line.
fn version_of(line: &str) -> Option<(u32, u32)> {
    let start = line.find(|letter: char| letter.is_ascii_digit())?;
    let mut numbers = line.get(start..)?.split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?;
    let digits = minor.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(minor.len());
    Some((major, minor.get(..digits)?.parse().ok()?))
}

fn wasm_target() -> Result {
    let there = Cmd::new("rustc")
        .words("--print target-libdir --target")
        .arg(WASM_TARGET)
        .probe()
        .is_some_and(|folder| Path::new(folder.trim()).is_dir());
    if there {
        return Ok(());
    }
    if which("rustup").is_none() {
        return Err(format!(
            "Rust's standard library for {WASM_TARGET} is missing, which the package is compiled for: install it with \
             the package manager that Rust came from, or use rustup, https://rustup.rs"
        ));
    }
    Cmd::new("rustup")
        .words("target add")
        .arg(WASM_TARGET)
        .watch("Getting Rust's standard library for WebAssembly, the package's target (some seconds, once)")
}

/// Installs the packages of the folder's lock file into its `node_modules`, unless they are there.
pub(crate) fn npm_ci(folder: &Path, what: &str) -> Result {
    let lock = paths::read(&folder.join("package-lock.json"))?;
    // Some packages are native programs, so the system counts as well.
    let wanted = format!("{OS} {ARCH} {}\n", Fingerprint::new().text(&lock).word());
    let modules = folder.join("node_modules");
    let stamp = modules.join(".lock-stamp");
    let installed = modules.join(".package-lock.json").is_file();
    if installed && paths::read(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    Cmd::npm()
        .arg("ci")
        .folder(folder)
        .watch(&format!("Installing {what} into {} (under a minute, once)", shown(&modules)))?;
    // A lock file that names no packages leaves no folder.
    fs::create_dir_all(&modules).map_err(|error| format!("cannot make {}: {error}", shown(&modules)))?;
    paths::write(&stamp, &wanted)
}

/// The versions that the build insists on.
#[derive(Debug, PartialEq, Eq)]
struct Pinned {
    wasm_bindgen: String,
    wasm_pack: String,
}

impl Pinned {
    fn of(manifest: &str) -> Option<Self> {
        let exact = |name: &str| {
            let line = manifest
                .lines()
                .find(|line| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('=')))?;
            let (_, rest) = line.split_once("\"=")?;
            let (version, _) = rest.split_once('"')?;
            Some(version.to_owned())
        };
        Some(Self { wasm_bindgen: exact("wasm-bindgen-cli")?, wasm_pack: exact("wasm-pack")? })
    }
}

/// The version of a crate in a Cargo.lock.
fn locked_version<'lock>(lock: &'lock str, name: &str) -> Option<&'lock str> {
    let mut lines = lock.lines();
    let wanted = format!("name = \"{name}\"");
    lines.find(|line| *line == wanted)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

fn tools() -> Result<Tools> {
    let home = root().join("xtask").join("tools");
    let manifest = paths::read(&home.join("Cargo.toml"))?;
    let pinned =
        Pinned::of(&manifest).ok_or("xtask/tools/Cargo.toml does not pin wasm-bindgen-cli and wasm-pack with `=`")?;
    let lock = paths::read(&root().join("Cargo.lock"))?;
    let library = locked_version(&lock, "wasm-bindgen").unwrap_or("missing");
    if library != pinned.wasm_bindgen {
        return Err(format!(
            "the crate wasm-bindgen is {library} in Cargo.lock and its tool is {} in xtask/tools/Cargo.toml: they must \
             be equal",
            pinned.wasm_bindgen
        ));
    }
    let wasm_opt = root().join("node_modules").join(".bin");
    if !wasm_opt.join("wasm-opt").exists() {
        return Err("node_modules has no wasm-opt: remove node_modules and start again".to_owned());
    }
    if installed_by_the_user(&pinned) {
        return Ok(Tools { folders: vec![wasm_opt] });
    }
    Ok(Tools { folders: vec![built_here(&home, &pinned)?, wasm_opt] })
}

/// Whether PATH has the tools in exactly the pinned versions, the test runner beside its sibling.
fn installed_by_the_user(pinned: &Pinned) -> bool {
    let right = |program: &Path, version: &str| {
        Cmd::new(program).arg("--version").probe().is_some_and(|line| line.split_whitespace().nth(1) == Some(version))
    };
    let (Some(pack), Some(bindgen)) = (which("wasm-pack"), which("wasm-bindgen")) else {
        return false;
    };
    let runner = bindgen.with_file_name(format!("wasm-bindgen-test-runner{EXE_SUFFIX}"));
    is_program(&runner) && right(&pack, &pinned.wasm_pack) && right(&bindgen, &pinned.wasm_bindgen)
}

/// Compiles the tools from their libraries, unless that was done from the same sources; hands back their folder.
fn built_here(home: &Path, pinned: &Pinned) -> Result<PathBuf> {
    let target = home.join("target");
    let folder = target.join("debug");
    let mut sources = vec![home.join("Cargo.toml"), home.join("Cargo.lock")];
    sources.extend(paths::files_below(&home.join("src"))?);
    let contents = sources.iter().map(|path| paths::read(path)).collect::<Result<Vec<_>>>()?;
    let of_all = contents.iter().fold(Fingerprint::new(), |all, content| all.text(content));
    let wanted = format!("{OS} {ARCH} {}\n", of_all.word());
    let stamp = target.join("built-from");
    let there = ["wasm-bindgen", "wasm-bindgen-test-runner", "wasm-pack"]
        .iter()
        .all(|name| is_program(&folder.join(format!("{name}{EXE_SUFFIX}"))));
    if there && paths::read(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(folder);
    }
    Cmd::new("cargo")
        .words("build --locked --manifest-path")
        .arg(home.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .watch(&format!(
            "Compiling wasm-pack {} and wasm-bindgen {}, which make the package (about two minutes on two cores, once)",
            pinned.wasm_pack, pinned.wasm_bindgen
        ))?;
    paths::write(&stamp, &wanted)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version_of("v20.20.2\n"), Some((20, 20)));
        assert_eq!(version_of("v9.11.2"), Some((9, 11)));
        assert_eq!(version_of("node 24.1-nightly"), Some((24, 1)));
        assert_eq!(version_of("v20"), None);
        assert_eq!(version_of("none"), None);
        assert!(version_of("v9.11.2") < Some(NODE));
        assert!(version_of("v20.18.9") < Some(NODE));
        assert!(version_of("v20.19.0") >= Some(NODE));
        assert!(version_of("v100.0.0") >= Some(NODE));
    }

    #[test]
    fn pinned_versions_come_from_the_manifest() {
        let manifest = "[dependencies]\nwasm-pack-plugin = \"=9.9.9\"\nwasm-bindgen-cli = { version = \"=0.2.130\" }\n\
                        wasm-pack = \"=0.15.1\"\n";
        let pinned = Pinned { wasm_bindgen: "0.2.130".to_owned(), wasm_pack: "0.15.1".to_owned() };
        assert_eq!(Pinned::of(manifest), Some(pinned));
        assert_eq!(Pinned::of("wasm-bindgen-cli = \"0.2.130\"\n"), None);
    }

    #[test]
    fn the_projects_own_pins_agree() {
        let manifest = paths::read(&root().join("xtask/tools/Cargo.toml")).expect("it is there");
        let pinned = Pinned::of(&manifest).expect("both are pinned");
        let lock = paths::read(&root().join("xtask/tools/Cargo.lock")).expect("it is there");
        assert_eq!(locked_version(&lock, "wasm-bindgen-cli"), Some(pinned.wasm_bindgen.as_str()));
        assert_eq!(locked_version(&lock, "wasm-pack"), Some(pinned.wasm_pack.as_str()));
    }

    #[test]
    fn locked_versions_are_of_the_very_crate() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n[[package]]\n\
                    name = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
