//! `cargo xtask pack`: the tarball that npm would publish.

use crate::Result;
use crate::build;
use crate::paths::{self, root, shown};
use crate::sh::Cmd;
use std::fs;
use std::path::PathBuf;

/// Where the tarball of this version lies once it is packed.
pub(crate) fn tarball() -> Result<PathBuf> {
    let name = format!("openresponses-wasm-{}.tgz", build::version()?);
    Ok(root().join("target").join("pack").join(name))
}

/// Builds, packs, checks the list of files and tells the size.
pub(crate) fn run() -> Result<PathBuf> {
    build::run()?;
    let tarball = tarball()?;
    let folder = root().join("target").join("pack");
    paths::fresh_folder(&folder)?;
    let list = Cmd::npm()
        .words("pack --json --ignore-scripts --pack-destination")
        .arg(&folder)
        .folder(&build::package())
        .read()?;
    let files = file_names(&list);
    check_list(&files)?;
    let size = fs::metadata(&tarball).map_err(|error| format!("npm pack left no {}: {error}", shown(&tarball)))?.len();
    println!("{}: {} files, {size} bytes", shown(&tarball), files.len());
    Ok(tarball)
}

/// The names of the packed files, from what `npm pack --json` prints.
fn file_names(json: &str) -> Vec<&str> {
    json.lines()
        .filter_map(|line| {
            let (_, name) = line.trim().split_once("\"path\": \"")?;
            name.split_once('"').map(|(name, _)| name)
        })
        .collect()
}

/// Whether exactly what a user needs is packed: everything of the root by name, and in dist/ nothing but code, types
/// and the binary.
fn check_list(files: &[&str]) -> Result {
    const ROOT: [&str; 5] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"];
    const WASM: [&str; 6] = [
        "dist/wasm/inline.d.ts",
        "dist/wasm/inline.js",
        "dist/wasm/openresponses_wasm.d.ts",
        "dist/wasm/openresponses_wasm.js",
        "dist/wasm/openresponses_wasm_bg.wasm",
        "dist/wasm/openresponses_wasm_bg.wasm.d.ts",
    ];
    if let Some(missing) = ROOT.iter().chain(&WASM).find(|file| !files.contains(file)) {
        return Err(format!("the tarball lacks {missing}"));
    }
    let wanted = |file: &str| {
        ROOT.contains(&file)
            || file.starts_with("dist/") && [".js", ".d.ts", ".wasm"].iter().any(|ending| file.ends_with(ending))
    };
    match files.iter().find(|file| !wanted(file)) {
        None => Ok(()),
        Some(stray) => Err(format!("the tarball contains {stray}, which no user needs")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 12] = [
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "dist/index.js",
        "dist/wasm/inline.d.ts",
        "dist/wasm/inline.js",
        "dist/wasm/openresponses_wasm.d.ts",
        "dist/wasm/openresponses_wasm.js",
        "dist/wasm/openresponses_wasm_bg.wasm",
        "dist/wasm/openresponses_wasm_bg.wasm.d.ts",
        "package.json",
    ];

    #[test]
    fn what_a_user_needs_passes() {
        assert_eq!(check_list(&GOOD), Ok(()));
    }

    #[test]
    fn what_is_missing_is_named() {
        for missing in GOOD.iter().filter(|file| **file != "dist/index.js") {
            let files: Vec<&str> = GOOD.iter().copied().filter(|file| file != missing).collect();
            assert_eq!(check_list(&files), Err(format!("the tarball lacks {missing}")));
        }
    }

    #[test]
    fn what_is_too_much_is_named() {
        for stray in ["dist/index.ts.map", "src/index.ts", "tsconfig.json", "dist/.gitignore"] {
            let files: Vec<&str> = GOOD.iter().copied().chain([stray]).collect();
            let sentence = check_list(&files).expect_err(stray);
            assert!(sentence.contains(stray), "{sentence}");
        }
    }

    #[test]
    fn names_come_out_of_the_list() {
        let json = "[\n  {\n    \"files\": [\n      {\n        \"path\": \"README.md\",\n        \"size\": 1\n      },\n\
                    \x20     {\n        \"path\": \"dist/index.js\"\n      }\n    ],\n    \"entryCount\": 2\n  }\n]\n";
        assert_eq!(file_names(json), ["README.md", "dist/index.js"]);
    }
}
