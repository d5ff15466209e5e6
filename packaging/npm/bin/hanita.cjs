#!/usr/bin/env node
// The command `hanita`: says which Node.js it needs, in words that an old one understands, and loads the rest.
"use strict";

const OLDEST = 20, version = process.versions.node;
if (Number(version.split(".")[0]) < OLDEST) {
  console.error(`hanita: expected Node.js ${OLDEST} or newer, got ${version}; nodejs.org has it`);
  process.exit(1);
}
import("./hanita.mjs");
