/** A project built with webpack, in Chromium. */

import { bundledRows } from "../support/bundled.mjs";

bundledRows("webpack", "webpack");
