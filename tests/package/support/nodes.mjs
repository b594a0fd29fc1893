/** Releases of Node.js beside the one that runs the tests. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { NotHere } from "./row.mjs";
import { starter } from "./starter.mjs";

/**
 * @param {string} release one of the fixture's
 * @returns {Promise<{ root: string, version: string, program: string }>} `root`: of a project that uses the package
 */
export async function nodeOf(release) {
  const { root, version } = await starter("node");
  const name = `node-${release}`;
  const program = join(root, "node_modules", name, "bin", "node");
  if (!existsSync(program)) throw new NotHere(`npm has no Node.js for ${process.platform} ${process.arch}`);
  return { root, version: version(name).replace(/^v/, ""), program };
}
