/** A project built with Rspack, in Chromium. */

import { bundledRows } from "../support/bundled.mjs";

bundledRows("rspack", "@rspack/core");
