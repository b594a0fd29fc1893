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

/** An entry of the package; the one to test is the default entry, or the one that `PACKAGE_ENTRY` names. */
export async function load(entry = process.env.PACKAGE_ENTRY ?? "index") {
  return import(pathToFileURL(join(unpack(), `dist/${entry}.js`)).href);
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
