//! What the package is made of: whatever is not named here may change without the package being made anew.

use crate::Result;
use crate::fingerprint::Fingerprint;
use crate::paths;
use crate::sh::Cmd;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How the package is made, beside this program, and with which tools. Those that are not installed are pinned by their lock
/// files.
const HOW: [&str; 5] =
    ["package-lock.json", "xtask/scripts", "xtask/tools/Cargo.lock", "xtask/tools/Cargo.toml", "xtask/tools/src"];

/// What is compiled to WebAssembly.
const PROGRAM: [&str; 4] = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src"];

/// How the variables begin that change what the tools make.
const SETTINGS: [&str; 3] = ["CARGO_", "RUST", "WASM_BINDGEN_"];

/// What lies among the facade's sources and is made of the programs.
pub(crate) const GENERATED: &str = "pkg-template/src/wasm";

/// The files that the checkout's root lends the package.
pub(crate) const FROM_ROOT: [&str; 5] = ["README.md", "LICENSE-APACHE", "LICENSE-MIT", "CHANGELOG.md", "SECURITY.md"];

/// Of the binary and its translation, compiled with these flags.
pub(crate) fn of_programs(root: &Path, flags: &[String]) -> Result<Fingerprint> {
    made_by(&this_program()?, root, flags)
}

fn made_by(program: &Path, root: &Path, flags: &[String]) -> Result<Fingerprint> {
    let versions = [Cmd::new("rustc").arg("-vV").read()?, Cmd::new("node").arg("--version").read()?];
    let made_with = versions.iter().chain(flags).fold(Fingerprint::new(), |all, text| all.text(text));
    settings(env::vars_os(), made_with)
        .files(&[program.to_owned()])?
        .files(&HOW.map(|name| root.join(name)))?
        .files(&PROGRAM.map(|name| root.join(name)))?
        .files(&configurations(root))
}

/// Of the whole, with these programs.
pub(crate) fn of_package(root: &Path, programs: Fingerprint) -> Result<Fingerprint> {
    let generated = root.join(GENERATED);
    let template = paths::files_below(&root.join("pkg-template"))?;
    let files: Vec<PathBuf> = template.into_iter().filter(|file| !file.starts_with(&generated)).collect();
    programs.files(&FROM_ROOT.map(|name| root.join(name)))?.files(&files)
}

/// Not by its sources, which may have been changed since it was compiled: it may have waited for another command.
fn this_program() -> Result<PathBuf> {
    // Where it lies there may be another one by now.
    let own = Path::new("/proc/self/exe");
    if own.exists() {
        return Ok(own.to_owned());
    }
    env::current_exe().map_err(|error| format!("cannot find the program that runs: {error}"))
}

/// With what the user has set for cargo, the compiler and wasm-bindgen.
fn settings(variables: impl Iterator<Item = (OsString, OsString)>, found: Fingerprint) -> Fingerprint {
    let mut set: Vec<_> = variables
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value))
        .filter(|(name, _)| SETTINGS.iter().any(|prefix| name.starts_with(prefix)))
        .collect();
    set.sort();
    set.iter().fold(found, |all, (name, value)| all.text(name).part(value.as_encoded_bytes()))
}

/// Where cargo looks for its configuration: in the folders from the checkout upwards, and at home.
fn configurations(root: &Path) -> Vec<PathBuf> {
    root.ancestors()
        .map(|folder| folder.join(".cargo"))
        .chain(paths::cargo_home())
        .flat_map(|folder| [folder.join("config.toml"), folder.join("config")])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::scratch;
    use std::fs;

    const FILES: [&str; 18] = [
        ".cargo/config.toml",
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "SECURITY.md",
        "package-lock.json",
        "pkg-template/package.json",
        "pkg-template/src/index.ts",
        "pkg-template/tsconfig.json",
        "rust-toolchain.toml",
        "src/web/fetch.rs",
        "target/debug/xtask",
        "xtask/scripts/glue.mjs",
        "xtask/tools/Cargo.lock",
        "xtask/tools/src/bin/wasm-pack.rs",
    ];

    fn checkout(name: &str) -> PathBuf {
        let root = scratch(name);
        for file in FILES {
            let path = root.join(file);
            paths::make_folder_of(&path).and_then(|()| paths::write(&path, "as it was")).expect("it can be written");
        }
        root
    }

    fn words(root: &Path) -> [String; 2] {
        let programs = made_by(&root.join("target/debug/xtask"), root, &[]).expect("all is there");
        let package = of_package(root, programs.clone()).expect("all is there");
        [programs, package].map(|found| found.word())
    }

    #[test]
    fn a_change_of_any_file_that_the_package_is_made_of_is_noticed() {
        let root = checkout("changes");
        let before = words(&root);
        assert_eq!(words(&root), before);
        for file in FILES {
            let path = root.join(file);
            fs::write(&path, "as it is").expect("it can be written");
            assert_ne!(words(&root), before, "{file} was changed");
            fs::rename(&path, path.with_extension("other")).expect("it is there");
            assert_ne!(words(&root), before, "{file} was renamed");
            fs::remove_file(path.with_extension("other")).expect("it is there");
            fs::write(&path, "as it was").expect("it can be written");
            assert_eq!(words(&root), before, "{file} is as it was");
        }
        for file in ["src/new.rs", "pkg-template/src/new.ts", ".cargo/config"] {
            fs::write(root.join(file), "").expect("it can be written");
            assert_ne!(words(&root), before, "{file} is new");
            fs::remove_file(root.join(file)).expect("it is there");
        }
    }

    #[test]
    fn of_the_facade_no_program_is_made() {
        let root = checkout("facade");
        let [programs, package] = words(&root);
        fs::write(root.join("pkg-template/src/index.ts"), "").expect("it can be written");
        let [programs_then, package_then] = words(&root);
        assert_eq!(programs, programs_then);
        assert_ne!(package, package_then);
    }

    #[test]
    fn what_is_generated_is_no_input() {
        let root = checkout("generated");
        let before = words(&root);
        let generated = root.join("pkg-template/src/wasm/glue.js");
        paths::make_folder_of(&generated).and_then(|()| paths::write(&generated, "")).expect("it can be written");
        assert_eq!(words(&root), before);
    }

    #[test]
    fn the_program_that_runs_is_known() {
        let own = fs::read(env::current_exe().expect("it has a name")).expect("it is there");
        assert!(fs::read(this_program().expect("it is there")).expect("it is there") == own);
    }

    #[test]
    fn other_flags_are_noticed() {
        let root = checkout("flags");
        let of = |flag: &str| of_programs(&root, &[flag.to_owned()]).expect("all is there").word();
        assert_ne!(of("-Copt-level=3"), of("-Copt-level=z"));
    }

    #[test]
    fn what_is_set_for_the_tools_is_noticed_and_nothing_else() {
        let of = |set: &[(&str, &str)]| {
            let variables = set.iter().map(|(name, value)| ((*name).into(), (*value).into()));
            settings(variables, Fingerprint::new()).word()
        };
        for name in ["CARGO_PROFILE_RELEASE_LTO", "RUSTC_WRAPPER", "RUSTFLAGS", "WASM_BINDGEN_EXTERNREF"] {
            assert_ne!(of(&[(name, "1")]), of(&[]), "{name}");
            assert_ne!(of(&[(name, "1")]), of(&[(name, "0")]), "{name}");
        }
        assert_eq!(of(&[("RUSTFLAGS", "1"), ("CARGO_HOME", "2")]), of(&[("CARGO_HOME", "2"), ("RUSTFLAGS", "1")]));
        assert_eq!(of(&[("TERM", "dumb"), ("INFRON_API_KEY", "key")]), of(&[]));
    }
}
