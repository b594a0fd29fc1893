/** A project built with Rollup, in Chromium. */

import { bundledRows } from "../support/bundled.mjs";

bundledRows("rollup", "rollup");
