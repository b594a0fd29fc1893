/** The package's declarations in TypeScript projects. */

import { createRequire } from "node:module";
import { project } from "../support/setting.mjs";
import { typesHold } from "../support/types.mjs";

const require = createRequire(import.meta.url);

typesHold(require("typescript").version, require.resolve("typescript/bin/tsc"), project("types"));
