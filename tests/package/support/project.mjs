/** The projects that use the package: copies of the fixtures, with the tarball installed as npm does it. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("..", import.meta.url));

/**
 * Copies the fixtures and the contract into a new folder and installs the tarball there.
 * @param {string} tarball
 * @returns {string} the folder
 */
export function install(tarball) {
  const folder = mkdtempSync(join(tmpdir(), "openresponses-wasm-"));
  for (const name of ["fixtures", "contract", "contract.mjs"])
    cpSync(join(HERE, name), join(folder, name), { recursive: true });
  const manifest = {
    name: "projects",
    private: true,
    type: "module",
    dependencies: { "openresponses-wasm": `file:${tarball}` },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  // Offline: the package depends on nothing, and that must stay so.
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--no-update-notifier"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  return folder;
}
