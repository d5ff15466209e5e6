/** The command line of the server, as data. */
import { flag, oneOf, text, whole } from "../cli/mod.ts";
import { levels } from "../log/mod.ts";
import { type SelectName, selects } from "../select/mod.ts";

export const program = {
  name: "hanita-server",
  does: "The server of Hanita, a chat that any program can join: JSON objects over TCP.",
  options: {
    address: text("Address to listen on; all of this machine's unless given.", undefined, {
      short: "a",
      value: "ADDR",
    }),
    port: whole("Port to listen on; 0 lets the system choose.", 7777, { short: "p", value: "PORT", max: 65535 }),
    data: text("Folder for the log and all that is kept.", "./data", { value: "DIR" }),
    rate: whole(
      "Objects a second that one connection may send, with bursts of ten seconds' worth; 0: any number.",
      100,
    ),
    outbox: whole("Bytes that a slow reader may be owed before it is dropped.", 1024 * 1024, { min: 4096 }),
    bareGap: whole("Milliseconds between two objects to a program that ends them with no newline.", 50, {
      value: "MS",
    }),
    strict: flag("Take no more than the handout allows: objects of 640 characters, texts of 500."),
    select: oneOf("How the loop waits: a ready list, or the literal Promise.race.", names(), "ready"),
    logLevel: oneOf("The least important lines that are logged.", levels, "info"),
    logDays: whole("Days that a log is kept.", 30, { min: 1, value: "DAYS" }),
  },
};

function names(): SelectName[] {
  return Object.keys(selects) as SelectName[];
}
