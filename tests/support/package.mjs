// The package as users get it: unpacked from the packed tarball into a folder of its own.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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

/** A fresh copy whose instances are shown to `watchInstances()`, which must be called before they are made. */
export function watchable() {
  const folder = unpack();
  for (const name of ["client.js", "wasm/fallback.js"]) {
    const file = join(folder, "dist", name);
    const [before, inner, ...more] = readFileSync(file, "utf8").split("guard) {\n");
    if (inner === undefined || more.length > 0) throw new Error(`${name} makes no instances where it is known to.`);
    writeFileSync(file, `${before}guard) {\nguard = globalThis.watchInstance(guard);\n${inner}`);
  }
  return folder;
}

/** An entry of the package; the one to test is the default entry, or the one that `PACKAGE_ENTRY` names. */
export async function load(entry = process.env.PACKAGE_ENTRY ?? "index", folder = unpack()) {
  return import(pathToFileURL(join(folder, `dist/${entry}.js`)).href);
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
