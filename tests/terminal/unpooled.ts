// Node.js keeps small buffers side by side in one of 8 KB. The addon of xterm.js for wide letters reads the head of its data
// from the beginning of that one, whatever stands there: then a family takes three columns, by chance. Here no buffers share.

import { Buffer } from "node:buffer";

Buffer.poolSize = 0;
