/** The projects that use the package: copies of the fixtures, with the tarball installed as npm does it. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("..", import.meta.url));

/**
 * Copies the fixtures, each with the contract and what goes wrong, into a new folder and installs the tarball there.
 * @param {string} tarball
 * @returns {string} the folder
 */
export function install(tarball) {
  const folder = mkdtempSync(join(tmpdir(), "openresponses-wasm-"));
  // What somebody installed beside a fixture is not a part of it.
  const filter = (path) => !path.includes("node_modules");
  for (const name of readdirSync(join(HERE, "fixtures"))) {
    const project = join(folder, "fixtures", name);
    cpSync(join(HERE, "fixtures", name), project, { recursive: true, filter });
    for (const part of ["contract", "contract.mjs", "trouble.mjs"])
      cpSync(join(HERE, part), join(project, part), { recursive: true });
  }
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
