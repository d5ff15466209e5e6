/** Clients that change to another server when theirs is gone, as people's programs do: one that writes, one that reads. */
import { MAX_PAGE } from "../../jim/mod.ts";
import { connect, type LineClient, type ServerObject } from "../fuzz/line_client.ts";
import type { Random } from "../fuzz/random.ts";
import { pause } from "../harness/pause.ts";
import type { Answer, Line } from "./sequence_check.ts";

/** Milliseconds until another server is tried, and between two messages of a writer. */
export const RETRY = 100, BETWEEN = 5;
/** What the answer 500 says where the message may be kept. */
export const UNDECIDED = /does not know yet/;
const encoder = new TextEncoder();

/** The ports of the servers, which change when they are started again. */
export type Ports = () => readonly number[];

/** A connection to one of the servers, once it is let in. Undefined if that server is not there, or not ready. */
export async function enter(
  port: number,
  name: string,
  onOther: (said: ServerObject) => void,
  features = ["id"],
): Promise<LineClient | undefined> {
  const line = await connect(port, { onOther }).catch(() => undefined);
  if (line === undefined) return undefined;
  const answer = await ask(line, { action: "presence", user: { account_name: name, status: "" }, features });
  if (answer?.response !== undefined && answer.response < 300) return line;
  line.close();
  return undefined;
}

/** The answer to a request, or undefined if the connection has ended. */
export async function ask(line: LineClient, request: object): Promise<ServerObject | undefined> {
  await line.send(encoder.encode(`${JSON.stringify({ time: Math.floor(Date.now() / 1000), ...request })}\n`));
  await line.until(() => line.answers.length > 0);
  return line.answers.shift();
}

/** A client by a name, which chooses its server by chance. */
export abstract class ChatClient {
  protected readonly name: string;
  protected readonly ports: Ports;
  protected readonly chance: Random;

  constructor(name: string, ports: Ports, chance: Random) {
    this.name = name;
    this.ports = ports;
    this.chance = chance;
  }

  /** Does what it is for, until all is over. */
  abstract run(isOver: () => boolean): Promise<void>;
}

export class Writer extends ChatClient {
  /** What it was told of each message. */
  readonly answers = new Map<string, Answer>();
  #count = 0;

  override async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const line = await enter(this.chance.pick(this.ports()), this.name, () => {});
      if (line === undefined) await pause(RETRY);
      else {
        while (!isOver() && await this.#say(line) && !this.chance.once(500)) await pause(BETWEEN);
        line.close();
      }
    }
  }

  /** Says something by one server until it is acknowledged. */
  async sayLast(port: () => number): Promise<void> {
    for (;;) {
      const line = await enter(port(), this.name, () => {});
      const text = line && await this.#say(line) && this.#last;
      line?.close();
      if (text && this.answers.get(text) === "acknowledged") return;
      await pause(RETRY);
    }
  }

  get #last(): string {
    return `${this.name}.${this.#count}`;
  }

  /** Returns whether the connection lasts. */
  async #say(line: LineClient): Promise<boolean> {
    this.#count++;
    const text = this.#last;
    this.answers.set(text, "unknown");
    const answer = await ask(line, { action: "msg", to: "#all", message: text });
    if (answer?.response === undefined) return false;
    if (answer.response < 300) this.answers.set(text, "acknowledged");
    else if (answer.response !== 500 && answer.response !== 503) {
      throw new Error(`Cannot write: ${answer.response} ${answer.error}`);
    } else if (!UNDECIDED.test(answer.error ?? "")) this.answers.set(text, "refused");
    return line.over === "";
  }
}

export class Reader extends ChatClient {
  /** All that it has read, in the order in which it came. */
  readonly lines: Line[] = [];

  /** Reads by one server after the other. */
  override async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const line = await join(this.chance.pick(this.ports()), this.name, this.lines);
      if (line === undefined) await pause(RETRY);
      else {
        const until = performance.now() + this.chance.below(10_000);
        while (!isOver() && line.over === "" && performance.now() < until) await pause(RETRY);
        line.close();
      }
    }
  }
}

/** All that one server has, once it sends that. */
export async function readHistory(name: string, port: number): Promise<readonly Line[]> {
  for (const lines: Line[] = [];; await pause(RETRY)) {
    const line = await join(port, name, lines);
    line?.close();
    if (line !== undefined) return lines;
  }
}

/** Reads into `lines` what was missed, and then what is said; ids that it has are left out only between the two. */
async function join(port: number, name: string, lines: Line[]): Promise<LineClient | undefined> {
  const pages = new Pages(lines), line = await enter(port, name, (said) => pages.receive(said));
  if (line !== undefined && await pages.read(line)) return line;
  line?.close();
  return undefined;
}

/** Pages of the history, up to where what is said live goes on. */
class Pages {
  readonly #lines: Line[];
  /** What is said while pages are read; undefined behind them. */
  #live: Line[] | undefined = [];
  #line: LineClient | undefined;
  /** Rows to come: they follow their answer, and nothing is between them. */
  #rows = 0;
  #isAsking = false;

  constructor(lines: Line[]) {
    this.#lines = lines;
  }

  receive({ action, message, ...said }: ServerObject): void {
    if (action !== "msg") return;
    this.#seeAnswer(this.#line?.answers[0]);
    const read = { id: (said as { id: number }).id, text: message! };
    if (this.#rows > 0) {
      this.#rows--;
      this.#lines.push(read);
    } else (this.#live ?? this.#lines).push(read);
  }

  /** Returns whether all pages were read. */
  async read(line: LineClient): Promise<boolean> {
    this.#line = line;
    for (;;) {
      const after = this.#lines.at(-1)?.id ?? 0;
      this.#isAsking = true;
      const answer = await ask(line, { action: "history", room: "#all", after, limit: MAX_PAGE });
      this.#seeAnswer(answer);
      const { quantity } = (answer ?? {}) as { quantity?: number };
      if (quantity === undefined || !await line.until(() => this.#rows === 0)) return false;
      if (quantity > 0) continue;
      const last = this.#lines.at(-1)?.id ?? 0;
      this.#lines.push(...this.#live!.filter(({ id }) => id > last));
      this.#live = undefined;
      return true;
    }
  }

  #seeAnswer(answer: ServerObject | undefined): void {
    if (!this.#isAsking || answer === undefined) return;
    this.#isAsking = false;
    this.#rows = (answer as { quantity?: number }).quantity ?? 0;
  }
}
