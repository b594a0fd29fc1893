/** Projects with tools of their own: kept in target/compat, since installing those takes longer than running them. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { NotHere } from "./row.mjs";
import { installed, project } from "./setting.mjs";

const KEPT = fileURLToPath(new URL("../../../target/compat", import.meta.url));

/**
 * The fixture as a project of its own: with its tools, the packed package and the contract.
 * @param {string} name of a fixture that has a lock file
 * @returns {Promise<{ root: string, version: (name: string) => string }>} `version`: of an installed package
 */
export async function starter(name) {
  const root = join(KEPT, name);
  const modules = join(root, "node_modules");
  mkdirSync(root, { recursive: true });
  for (const entry of readdirSync(root)) {
    if (entry !== "node_modules") rmSync(join(root, entry), { recursive: true });
  }
  cpSync(project(name), root, { recursive: true });
  await installTools(name, root);
  const packed = join(modules, "openresponses-wasm");
  rmSync(packed, { recursive: true, force: true });
  cpSync(installed, packed, { recursive: true });
  return { root, version: (tool) => JSON.parse(readFileSync(join(modules, tool, "package.json"), "utf8")).version };
}

async function installTools(name, root) {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const wanted = `${process.platform} ${process.arch} ${lock}`;
  const stamp = join(root, "node_modules", ".lock-stamp");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log(`Installing what the project ${name} needs (once)`);
  try {
    await promisify(execFile)("npm", ["ci", "--no-audit", "--no-fund", "--no-update-notifier"], {
      cwd: root,
      shell: process.platform === "win32",
    });
  } catch (error) {
    throw new NotHere(`npm could not install what the project ${name} needs: ${lastLine(error.stderr)}`);
  }
  writeFileSync(stamp, wanted);
}

function lastLine(text = "") {
  const lines = text.split("\n").filter((line) => line.startsWith("npm error") && !line.includes("log of this run"));
  return lines.at(-1)?.slice("npm error ".length) ?? "no reason was given";
}
