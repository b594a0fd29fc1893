// The package as users get it: unpacked from the packed tarball into a folder of its own.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const packed = fileURLToPath(new URL("../../target/pack/", import.meta.url));

/** A folder that lasts as long as the process. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "openresponses-wasm-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The folder of a fresh copy of the package. */
export function unpack() {
  const folder = temporaryFolder();
  execFileSync("tar", ["-xzf", newestTarball(), "-C", folder]);
  return join(folder, "package");
}

/** The package's default entry. */
export async function load() {
  return import(pathToFileURL(join(unpack(), "dist/index.js")).href);
}

/** The package's default entry, and the wasm-bindgen classes under it. */
export async function loadWithGlue() {
  const folder = unpack();
  const part = (path) => import(pathToFileURL(join(folder, path)).href);
  return { api: await part("dist/index.js"), glue: await part("dist/wasm/openresponses_wasm.js") };
}

function newestTarball() {
  const tarballs = readdirSync(packed).filter((name) => name.endsWith(".tgz"));
  if (tarballs.length === 0) throw new Error("There is no packed tarball: run `cargo xtask pack` first.");
  const age = (name) => statSync(join(packed, name)).mtimeMs;
  return join(
    packed,
    tarballs.reduce((newest, name) => (age(name) > age(newest) ? name : newest)),
  );
}
