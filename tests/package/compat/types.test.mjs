/** The package's declarations in older and newer releases of TypeScript than that which the other tests use. */

import { join } from "node:path";
import { starter } from "../support/starter.mjs";
import { typesHold } from "../support/types.mjs";

const { root, version } = await starter("types");

for (const name of ["typescript-5.4", "typescript-5.9", "typescript-7"]) {
  typesHold(version(name), join(root, "node_modules", name, "bin", "tsc"), root);
}
