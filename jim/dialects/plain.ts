/** JIM as the handout writes it, which is also what every line speaker gets. @module */
import type { Dialect } from "./dialect.ts";

export const plain: Dialect = {
  name: "plain",
  marks: () => false,
  reads: (fields) => fields,
  relay: ({ time, to, from, message, id }) => ({ action: "msg", time, to, from, encoding: "utf-8", message, id }),
  awaits: true,
  writersListen: true,
};
