// A chat in which the test is the user, the server and the clock.

import { plain } from "../../../client/terminal/paint.ts";
import type { Language } from "../../../jim/mod.ts";
import type { ServerAddress } from "../../../client/options.ts";
import { Controller } from "../../../client/terminal/controller.ts";
import { Screen } from "../../terminal/screen.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();
/** An object that is sent. */
export type Fields = Record<string, unknown>;

export const OK = { response: 200, alert: "ok" };
export const JIM = { response: 200, alert: "welcome", jim: 1 };

/** The terminal, and the other servers of the chat. */
interface Terms {
  readonly lang?: Language;
  readonly columns?: number;
  readonly others?: readonly ServerAddress[];
}

/** A chat at 0, with what it says to the server, and what is to be seen. */
export function meet(name = "ann", { lang, columns = 80, others = [] }: Terms = {}) {
  const options = { address: "127.0.0.1", port: 7777, others, name, ...(lang === undefined ? {} : { lang }) };
  const controller = new Controller(options, plain, () => 0.5, 0);
  const screen = new Screen(columns);
  controller.resize(columns);
  const asked: Fields[] = [];
  let now = 0;
  const look = () => {
    screen.write(controller.window.out);
    controller.window.out = "";
    return screen.rows;
  };
  /** The next objects that it sends. */
  const said = (): Fields[] => {
    const bytes = controller.link.open ? controller.link.requests.take(now) : undefined;
    const objects = bytes === undefined
      ? []
      : decoder.decode(bytes).trimEnd().split("\n").map((line) => JSON.parse(line));
    asked.push(...objects);
    return objects;
  };
  const hear = (...objects: object[]) => {
    controller.link.framer.push(encoder.encode(objects.map((each) => JSON.stringify(each)).join("")));
    controller.receive(now);
  };
  return {
    controller,
    screen,
    look,
    said,
    hear,
    asked,
    type: (text: string) => controller.type(encoder.encode(text), now),
    pass(ms: number) {
      now += ms;
      controller.pass(now);
    },
    connect(answer: object = OK) {
      controller.connected(now);
      said();
      hear(answer);
    },
    lose: () => controller.disconnected(now),
    /** Answers what a server like Hanita is asked on coming in. */
    serve(past: (asked: Fields) => object[] = () => []) {
      for (let objects = said(); objects.length > 0; objects = said()) {
        for (const each of objects) {
          const rows = each.action === "history" ? past(each) : [];
          hear(each.action === "msg" ? OK : { response: 202, quantity: rows.length }, ...rows);
        }
      }
    },
    get now() {
      return now;
    },
  };
}

/** A message as a server sends it. */
export const msg = (from: string, message: string, more: object = {}) => ({
  action: "msg",
  time: 0,
  to: "#all",
  from,
  message,
  ...more,
});
/** How many rows say so. */
export const seen = (rows: readonly string[], what: RegExp) => rows.filter((row) => what.test(row)).length;
