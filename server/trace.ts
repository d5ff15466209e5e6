/**
 * What passes, for a teacher to see: each object of each connection, both ways, with what was made of it. It goes to those
 * who asked for it (`inspect`) and, with `--trace`, to standard error. While nobody looks it costs one check an object.
 */
import { hasColour, tinted } from "../cli/tint.ts";
import { visible } from "../jim/mod.ts";
import type { Connection, Framing } from "./connection.ts";

/** One thing that was seen, as an inspector is told of it. */
export interface Sight {
  readonly action: "trace";
  /** Unix seconds, with milliseconds. */
  readonly time: number;
  readonly address: string;
  readonly name: string | undefined;
  /** How it ends its objects, as far as it has shown. */
  readonly framing: Framing;
  readonly dialect: string;
  /** What it said, what it was sent, why it was refused, or that something happened to it. */
  readonly way: "in" | "out" | "refused" | "event";
  readonly text: string;
}

/** A longer object is cut: a terminal's window is small. */
const SHOWN = 400;

export class Trace {
  readonly #wall: () => number;
  readonly #tell: (to: Connection, sight: Sight) => void;
  readonly #print: ((line: string) => void) | undefined;
  readonly #inspectors = new Set<Connection>();
  /** Whether anybody looks. */
  on: boolean;

  /**
   * @param wall milliseconds since 1970
   * @param tell how an inspector hears of it
   * @param print where each sight goes as a line, if anywhere
   */
  constructor(wall: () => number, tell: (to: Connection, sight: Sight) => void, print?: (line: string) => void) {
    this.#wall = wall;
    this.#tell = tell;
    this.#print = print;
    this.on = print !== undefined;
  }

  add(inspector: Connection): void {
    this.#inspectors.add(inspector);
    this.on = true;
  }

  remove(inspector: Connection): void {
    if (!this.#inspectors.delete(inspector)) return;
    this.on = this.#print !== undefined || this.#inspectors.size > 0;
  }

  /** Bytes that passed. What inspectors themselves say and get is not shown: it would be shown for ever. */
  saw(connection: Connection, way: "in" | "out", bytes: Uint8Array): void {
    if (this.#inspectors.has(connection)) return;
    for (const object of decoder.decode(bytes).split("\n")) if (object !== "") this.#show(connection, way, object);
  }

  noted(connection: Connection, way: "refused" | "event", text: string): void {
    if (!this.#inspectors.has(connection)) this.#show(connection, way, text);
  }

  #show(connection: Connection, way: Sight["way"], text: string): void {
    const { address, name, dialect, framing } = connection;
    const sight: Sight = {
      action: "trace",
      time: this.#wall() / 1000,
      address,
      name,
      framing,
      dialect: dialect.name,
      way,
      text: text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`,
    };
    this.#print?.(line(sight));
    for (const inspector of this.#inspectors) this.#tell(inspector, sight);
  }
}

const decoder = new TextDecoder();

const ways = {
  in: ["→", "cyan"],
  out: ["←", "green"],
  refused: ["✗", "red"],
  event: ["·", "gray"],
} as const;

/**
 * A sight as one line of a terminal: when, who, how it speaks, which way, what.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const sight: Sight = {
 *   action: "trace", time: 0, address: "10.0.0.7:5", name: "ann", framing: "bare", dialect: "seed", way: "in", text: "{}",
 * };
 * assert.match(line(sight, false), /^\d\d:\d\d:\d\d\.000 "ann" \(10\.0\.0\.7:5\) bare seed → {}$/);
 * ```
 */
export function line(sight: Sight, coloured = hasColour(Deno.stderr)): string {
  const { time, address, name, framing, dialect, way, text } = sight;
  const [mark, colour] = ways[way];
  const when = new Date(time * 1000), pad = (n: number, width = 2) => String(n).padStart(width, "0");
  const clock = `${pad(when.getHours())}:${pad(when.getMinutes())}:${pad(when.getSeconds())}`;
  const who = name === undefined ? address : `${JSON.stringify(name)} (${address})`;
  const said = tinted(colour, `${mark} ${visible(text)}`, coloured);
  return `${clock}.${pad(when.getMilliseconds(), 3)} ${who} ${framing} ${dialect} ${said}`;
}
