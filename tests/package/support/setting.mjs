/** What run.mjs tells the test files, through their environment. */

import { join } from "node:path";

/** @param {string} name */
function told(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests with run.mjs.`);
  return value;
}

/** The packed package. */
export const tarball = told("PACKAGE_TARBALL");

/** The folder with the copies of the fixtures, the contract, and the package installed. */
export const projects = told("PACKAGE_PROJECTS");

/** The installed package. */
export const installed = join(projects, "node_modules", "openresponses-wasm");

/** The root of the sandbox server's API. */
export const baseURL = told("SANDBOX_URL");

/** @param {string} name of a fixture */
export const project = (name) => join(projects, "fixtures", name);
