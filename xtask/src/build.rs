//! `cargo xtask build`: pkg/, the npm package, made afresh from the Rust sources and pkg-template/.

use crate::Result;
use crate::fallback::{self, Fallback};
use crate::inline;
use crate::inputs;
use crate::made;
use crate::paths::{self, root, shown};
use crate::readme;
use crate::setup::{self, Tools};
use crate::sh::{Cmd, clock};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

const JS: &str = "openresponses_wasm.js";
const JS_TYPES: &str = "openresponses_wasm.d.ts";
const WASM: &str = "openresponses_wasm_bg.wasm";

/// Where TypeScript looks for the types of an import of the binary.
const WASM_TYPES_FILE: &str = "openresponses_wasm_bg.d.wasm.ts";

/// The binary as a WebAssembly.Module, which is what the bundlers that know such imports make of it.
const WASM_TYPES: &str = "declare const module: WebAssembly.Module;\nexport default module;\n";

/// The glue as a function that makes an instance: all that it exports but its ways of loading.
const GLUE_TYPES: &str = r#"import type * as glue from "./openresponses_wasm.js";
export type Glue = Omit<typeof glue, "default" | "initSync">;
export type Exports = Record<string, WebAssembly.ExportValue>;
export type Guard = (exports: Exports) => Exports;
export declare function instantiateGlue(module: WebAssembly.Module, guard: Guard): Promise<Glue>;
"#;

/// The same of what is no wasm any more.
const FALLBACK_TYPES: &str = r#"import type { Glue, Guard } from "./glue.js";
export declare function instantiateFallback(guard: Guard): Promise<Glue>;
"#;

/// The binary, deflated and base64-encoded.
const INLINE_TYPES: &str = "declare const deflated: string;\nexport default deflated;\n";

/// The folder of the package.
pub(crate) fn package() -> PathBuf {
    root().join("pkg")
}

/// Gets the tools, compiles, composes and checks what is not made yet, and tells the sizes.
pub(crate) fn run() -> Result {
    let tools = setup::run()?;
    let begin = Instant::now();
    // The sources must be there before the compiler is told how to call them.
    Cmd::new("cargo").words("fetch --quiet --locked --target wasm32-unknown-unknown").stream()?;
    let machine = Machine::look()?;
    let flags = remap(&machine, &machine.registries(), user_flags());
    let fallback = Fallback::here();
    let programs = [compiled(), fallback.script.clone(), fallback.binary.clone()];
    let of_programs = inputs::of_programs(&root(), &flags)?;
    made::unless_made("programs", &of_programs, &programs, || {
        fallback::run(&tools, flags.clone())?;
        compile(&tools, &flags)
    })?;
    let of_package = inputs::of_package(&root(), of_programs)?.files(&programs)?;
    let is_new = made::unless_made("package", &of_package, &[generated(), modules(), package()], || {
        compose(&fallback)?;
        let needles = forbidden(&machine);
        check_for_paths(&paths::files_below(&package())?, &needles)?;
        // Its texts are base64 in the package.
        check_for_paths(std::slice::from_ref(&fallback.binary), &needles)
    })?;
    Cmd::new("node").arg(root().join("xtask/scripts/sizes.mjs")).arg(package()).stream()?;
    if is_new {
        println!("pkg/ made in {}", clock(begin.elapsed()));
    } else {
        println!("pkg/ is up to date");
    }
    Ok(())
}

/// The folder of what wasm-pack makes.
fn compiled() -> PathBuf {
    root().join("target").join("wasm-pack")
}

/// The folder of what the facade's sources import and nobody has written.
fn generated() -> PathBuf {
    root().join(inputs::GENERATED)
}

/// The folders of this machine that must not show in what is shipped.
#[derive(Debug)]
struct Machine {
    checkout: PathBuf,
    cargo_home: Option<PathBuf>,
    sysroot: PathBuf,
    home: Option<PathBuf>,
}

impl Machine {
    fn look() -> Result<Self> {
        let sysroot = Cmd::new("rustc").words("--print sysroot").read()?;
        Ok(Self {
            checkout: root(),
            cargo_home: paths::cargo_home(),
            sysroot: PathBuf::from(sysroot.trim()),
            home: paths::home(),
        })
    }

    /// The folders that hold the sources of the dependencies, one for each registry.
    fn registries(&self) -> Vec<PathBuf> {
        self.cargo_home
            .as_ref()
            .and_then(|home| paths::entries(&home.join("registry").join("src")).ok())
            .unwrap_or_default()
    }
}

/// What the compiler uses beyond its default: bytes are looked at sixteen at a time.
pub(crate) const TARGET_FEATURE: &str = "-Ctarget-feature=+simd128";

/// What the optimizer may use: that, and the features rustc's default wasm target emits, spelt out. `--all-features` makes
/// modules that browsers refuse.
const FEATURES: &str = "--enable-bulk-memory --enable-multivalue --enable-mutable-globals \
                        --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext --enable-simd";

/// Small functions have the same few locals, which compresses well; one of everything has hundreds, and so has one that keeps
/// what it has computed.
const PASSES: &str = "-Oz -Oz --skip-pass=local-cse";

/// Runs cargo and wasm-bindgen through wasm-pack, and makes the binary small.
fn compile(tools: &Tools, flags: &[String]) -> Result {
    println!("Compiling the package to WebAssembly (half a minute or so the first time)");
    let output = compiled();
    paths::fresh_folder(&output)?;
    let flags = [flags, &[TARGET_FEATURE.to_owned()]].concat();
    tools
        .wasm_pack()?
        .words(
            "build --mode no-install --target web --release --no-pack --out-dir target/wasm-pack -- --locked \
             --no-default-features",
        )
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .stream()?;
    optimize(&output.join(WASM), FEATURES, PASSES)
}

/// What runs once in a call, or only when something is wrong. Where chunks and events are read, a call saved is time saved:
/// the optimizer inlines there as it likes.
const SELDOM_RUN: [&str; 16] = [
    "error",
    "exchange::answer::Answer",
    "exchange::continuation",
    "exchange::failures",
    "json::write",
    "media",
    "request",
    "response::Response::take_snapshot",
    "response::Response::to_json",
    "response::missing",
    "response::output_text",
    "retry",
    "web::credentials",
    "web::exports::call::Call::new",
    "web::exports::options",
    "web::fetch",
];

/// Makes a binary small, whose functions have their names.
pub(crate) fn optimize(wasm: &Path, features: &str, passes: &str) -> Result {
    Cmd::new("node").arg(root().join("xtask/scripts/traps.mjs")).arg(wasm).stream()?;
    Cmd::node_modules("binaryen/bin/wasm-opt")
        .words(features)
        .args(SELDOM_RUN.map(|path| format!("--no-inline=openresponses_wasm::{path}*")))
        .words(passes)
        .words("--strip-debug --strip-producers --strip-target-features")
        .arg(wasm)
        .arg("-o")
        .arg(wasm)
        .stream()
}

/// The compiler flags that the user has set.
fn user_flags() -> Vec<String> {
    let parted = |name: &str, separator: fn(char) -> bool| {
        let value = env::var(name).ok()?;
        let flags = value.split(separator).filter(|flag| !flag.is_empty());
        Some(flags.map(str::to_owned).collect())
    };
    parted("CARGO_ENCODED_RUSTFLAGS", |letter| letter == '\u{1f}')
        .or_else(|| parted("RUSTFLAGS", |letter| letter == ' '))
        .unwrap_or_default()
}

/// The flags with which a panic says where it was without telling whose machine compiled it. The last rule that fits
/// a path wins.
fn remap(machine: &Machine, registries: &[PathBuf], mut flags: Vec<String>) -> Vec<String> {
    let mut rule = |from: &Path, to: &str| {
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    };
    rule(&machine.sysroot, "rust");
    if let Some(cargo_home) = &machine.cargo_home {
        rule(cargo_home, "cargo");
    }
    for registry in registries {
        rule(registry, "crates");
    }
    rule(&machine.checkout, ".");
    // Cargo names the sources of the package itself from its root.
    rule(Path::new("src"), "openresponses");
    // The compiler's messages keep the real paths.
    flags.push("--remap-path-scope=object".to_owned());
    flags
}

/// Makes pkg/ from what wasm-pack made, the same without wasm, and pkg-template/.
fn compose(fallback: &Fallback) -> Result {
    let template = root().join("pkg-template");
    let (output, sources) = (compiled(), generated());
    paths::fresh_folder(&sources)?;
    for file in [JS, JS_TYPES, WASM] {
        paths::copy(&output.join(file), &sources.join(file))?;
    }
    if output.join("snippets").is_dir() {
        paths::copy_folder(&output.join("snippets"), &sources.join("snippets"))?;
    }
    Cmd::new("node")
        .arg(root().join("xtask/scripts/shorten.mjs"))
        .arg(sources.join(JS))
        .arg(sources.join(WASM))
        .stream()?;
    paths::write(&sources.join(WASM_TYPES_FILE), WASM_TYPES)?;
    paths::write(&sources.join("inline.d.ts"), INLINE_TYPES)?;
    inline::write(&sources.join(WASM), &sources.join("inline.js"))?;

    paths::write(&sources.join("glue.d.ts"), GLUE_TYPES)?;
    Cmd::new("node")
        .arg(root().join("xtask/scripts/glue.mjs"))
        .arg(sources.join(JS))
        .arg(sources.join("glue.js"))
        .stream()?;
    paths::copy(&fallback.script, &sources.join("fallback.js"))?;
    paths::write(&sources.join("fallback.d.ts"), FALLBACK_TYPES)?;

    let package = package();
    paths::fresh_folder(&package)?;
    let manifest = paths::read(&template.join("package.json"))?;
    let version = version()?;
    let manifest = with_version(&manifest, &version)
        .ok_or("pkg-template/package.json must have one line with \"version\" at its top level")?;
    paths::write(&package.join("package.json"), &manifest)?;
    for file in inputs::FROM_ROOT {
        paths::copy(&root().join(file), &package.join(file))?;
    }
    let readme = readme::packed(&paths::read(&root().join("README.md"))?, |file| root().join(file).is_file());
    paths::write(&package.join("README.md"), &readme)?;
    let modules = modules();
    paths::fresh_folder(&modules)?;
    Cmd::node_modules("typescript/bin/tsc")
        .arg("-p")
        .arg(template.join("tsconfig.json"))
        .arg("--rootDir")
        .arg(template.join("src"))
        .arg("--outDir")
        .arg(&modules)
        .stream()?;
    paths::copy_folder(&sources, &modules.join("wasm"))?;
    bundle(&modules, &package)
}

/// The folder of the facade's modules, one for each source.
fn modules() -> PathBuf {
    root().join("target").join("modules")
}

/// Makes the package's dist/ from the modules: few files of JavaScript, all declarations, and the wasm.
fn bundle(modules: &Path, package: &Path) -> Result {
    Cmd::new("node").arg(root().join("xtask/scripts/bundle.mjs")).arg(modules).arg(package).stream()?;
    paths::copy_files(modules, &package.join("dist"), |file| {
        let is_of_wasm = file.parent().is_some_and(|folder| folder.ends_with("wasm"));
        file.to_string_lossy().ends_with(".d.ts") || is_of_wasm && !file.ends_with("glue.js")
    })
}

/// The version of the package, which is the crate's.
pub(crate) fn version() -> Result<String> {
    let manifest = paths::read(&root().join("Cargo.toml"))?;
    version_in(&manifest).map(str::to_owned).ok_or_else(|| "Cargo.toml has no version in [package]".to_owned())
}

fn version_in(manifest: &str) -> Option<&str> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[package]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
}

/// The package.json with this version in place of its own.
fn with_version(manifest: &str, version: &str) -> Option<String> {
    let own: Vec<&str> = manifest
        .lines()
        .filter(|line| line.starts_with("  \"version\":") || line.starts_with("\t\"version\":"))
        .collect();
    let [line] = own.as_slice() else { return None };
    let (before, _) = line.split_once(':')?;
    let comma = if line.ends_with(',') { "," } else { "" };
    Some(manifest.replacen(line, &format!("{before}: \"{version}\"{comma}"), 1))
}

/// What no shipped file may contain.
fn forbidden(machine: &Machine) -> Vec<String> {
    let own = [Some(&machine.checkout), machine.cargo_home.as_ref(), machine.home.as_ref()];
    let mut needles: Vec<String> = own
        .into_iter()
        .flatten()
        .chain([&machine.sysroot])
        // The home folder of a system account can be `/`.
        .filter(|path| path.components().count() > 1)
        .map(|path| format!("{}/", path.display()))
        .collect();
    needles.extend(["/root/", "/home/", "/Users/", ".cargo/registry", "registry/src"].map(str::to_owned));
    needles
}

fn check_for_paths(files: &[PathBuf], needles: &[String]) -> Result {
    // What is inlined is base64, in which any short path can stand by chance; it is scanned as it was before.
    let is_inlined =
        |file: &PathBuf| ["inline.js", "fallback.js"].iter().any(|name| file.ends_with(Path::new("wasm").join(name)));
    for file in files.iter().filter(|file| !is_inlined(file)) {
        let bytes = fs::read(file).map_err(|error| format!("cannot read {}: {error}", shown(file)))?;
        let leak = needles.iter().find(|needle| contains(&bytes, needle.as_bytes())).cloned();
        let binary = file.extension().is_some_and(|extension| extension == "wasm");
        let leak = leak.or_else(|| if binary { own_source_path(&bytes) } else { None });
        if let Some(leak) = leak {
            return Err(format!(
                "{} contains {leak:?}, which says where it was built: nothing of that may be shipped",
                shown(file)
            ));
        }
    }
    Ok(())
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// A path such as `src/web/fetch.rs`: the package's own, since those of the dependencies have a folder before them.
fn own_source_path(bytes: &[u8]) -> Option<String> {
    let is_of_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_-.".contains(byte);
    let start = b"src/";
    for (at, window) in bytes.windows(start.len()).enumerate() {
        if window != start || at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'/') {
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| is_of_path(byte)).count();
        let path = String::from_utf8_lossy(rest.get(..length).unwrap_or_default());
        if let Some((path, _)) = path.split_once(".rs") {
            return Some(format!("{path}.rs"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        Machine {
            checkout: PathBuf::from("/work place/checkout"),
            cargo_home: Some(PathBuf::from("/somebody/.cargo")),
            sysroot: PathBuf::from("/somebody/.rustup/toolchains/x"),
            home: Some(PathBuf::from("/")),
        }
    }

    #[test]
    fn the_narrower_path_is_renamed_last() {
        let registry = PathBuf::from("/somebody/.cargo/registry/src/host");
        let flags = remap(&machine(), &[registry], vec!["-Cdebuginfo=0".to_owned()]);
        assert_eq!(
            flags,
            [
                "-Cdebuginfo=0",
                "--remap-path-prefix=/somebody/.rustup/toolchains/x=rust",
                "--remap-path-prefix=/somebody/.cargo=cargo",
                "--remap-path-prefix=/somebody/.cargo/registry/src/host=crates",
                "--remap-path-prefix=/work place/checkout=.",
                "--remap-path-prefix=src=openresponses",
                "--remap-path-scope=object",
            ]
        );
    }

    #[test]
    fn a_home_at_the_root_forbids_nothing() {
        let needles = forbidden(&machine());
        assert!(needles.contains(&"/work place/checkout/".to_owned()));
        assert!(!needles.iter().any(|needle| needle.chars().all(|letter| letter == '/')), "{needles:?}");
    }

    #[test]
    fn only_the_packages_own_sources_are_own_sources() {
        let found = |bytes: &[u8]| own_source_path(bytes);
        assert_eq!(found(b"\0oopssrc/web/fetch.rs\x01"), Some("src/web/fetch.rs".to_owned()));
        assert_eq!(found(b"src/lib.rsmore"), Some("src/lib.rs".to_owned()));
        assert_eq!(found(b"crates/js-sys-0.3.107/src/lib.rs"), None);
        assert_eq!(found(b"src/no path, src/index.html"), None);
    }

    #[test]
    fn the_version_is_the_crates() {
        let manifest = "[workspace]\nversion = \"9.9.9\"\n[package]\nname = \"x\"\nversion = \"1.2.3\"\n\
                        rust-version = \"1.88\"\n[dependencies]\nversion = \"8.8.8\"\n";
        assert_eq!(version_in(manifest), Some("1.2.3"));
        assert_eq!(version_in("[dependencies]\nversion = \"8.8.8\"\n"), None);
    }

    #[test]
    fn the_version_is_put_in_once() {
        let manifest = "{\n  \"name\": \"x\",\n  \"version\": \"0.0.0\",\n  \"a\": {\n    \"version\": \"7\"\n  }\n}\n";
        assert_eq!(
            with_version(manifest, "1.2.3").as_deref(),
            Some("{\n  \"name\": \"x\",\n  \"version\": \"1.2.3\",\n  \"a\": {\n    \"version\": \"7\"\n  }\n}\n")
        );
        assert_eq!(with_version("{\n  \"name\": \"x\"\n}\n", "1.2.3"), None);
    }
}
