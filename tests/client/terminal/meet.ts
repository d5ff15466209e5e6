// A chat whose person, server and clock is the test.

import { plain } from "../../../client/terminal/paint.ts";
import type { Language } from "../../../jim/mod.ts";
import { Talk } from "../../../client/terminal/talk.ts";
import { Screen } from "../../terminal/screen.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();
/** An object that is sent. */
export type Fields = Record<string, unknown>;

export const OK = { response: 200, alert: "ok" };
export const JIM = { response: 200, alert: "welcome", jim: 1 };

/** A chat at 0, with what it says to the server, and what is to be seen. */
export function meet(name = "ann", { lang, columns = 80 }: { lang?: Language; columns?: number } = {}) {
  const options = { address: "127.0.0.1", port: 7777, name, ...(lang === undefined ? {} : { lang }) };
  const talk = new Talk(options, plain, () => 0.5, 0);
  const screen = new Screen(columns);
  talk.resize(columns);
  const asked: Fields[] = [];
  let now = 0;
  const look = () => {
    screen.write(talk.window.out);
    talk.window.out = "";
    return screen.rows;
  };
  /** The next objects that it sends. */
  const said = (): Fields[] => {
    const bytes = talk.link.open ? talk.link.requests.take(now) : undefined;
    const objects = bytes === undefined
      ? []
      : decoder.decode(bytes).trimEnd().split("\n").map((line) => JSON.parse(line));
    asked.push(...objects);
    return objects;
  };
  const hear = (...objects: object[]) => {
    talk.link.framer.push(encoder.encode(objects.map((each) => JSON.stringify(each)).join("")));
    talk.hear(now);
  };
  return {
    talk,
    screen,
    look,
    said,
    hear,
    asked,
    type: (text: string) => talk.type(encoder.encode(text), now),
    pass(ms: number) {
      now += ms;
      talk.pass(now);
    },
    connect(answer: object = OK) {
      talk.connected(now);
      said();
      hear(answer);
    },
    lose: () => talk.lost(now),
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
