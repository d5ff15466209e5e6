/**
 * What a check is, and what all checks share: connections to the server that is tested, the objects that are sent, and texts of
 * the report. A check is data, so that the report, the order and the tests do not depend on its content.
 */
import { type Text, untranslated } from "../../cli/mod.ts";
import type { Peer } from "../../client/options.ts";
import { connect, type LenientClient, PATIENCE, type ReceivedObject, STOPPED } from "./lenient_client.ts";

/** What a check found: all well, a fault, or something that is only good to know. */
export interface Finding {
  readonly mark: "ok" | "fault" | "note";
  /** What the server did. */
  readonly observed: Text;
}

export interface Check {
  readonly name: Text;
  /** What is sent, as a person would tell it. */
  readonly sent: Text;
  /** What a robust server does: one sentence, printed where this one did not. */
  readonly why: Text;
  run(openContext: CheckContext): Promise<Finding>;
}

/** What one check uses. Its connections are closed when the check is over. */
export interface CheckContext {
  /** Whether the server answers presence at all. If it does not, no check waits for such an answer again. */
  readonly answers: boolean;
  connect(): Promise<LenientClient>;
  /** Connects, and sends a presence with a name that no other client has. */
  join(name?: string): Promise<LenientClient>;
  /** A text that was never said before. */
  text(words?: string): string;
  leave(): Promise<void>;
}

/** Fields of an answer without a code, as home-made servers give it. */
const ANSWER = ["error", "alert", "message"];

/** A presence that every server which answers any has taken so far: the name nested and flat, a newline behind it. */
export function presence(name: string): string {
  const user = { account_name: name, status: "" };
  return line({ action: "presence", time: now(), type: "status", account_name: name, user });
}

/** A message to all. */
export function msg(message: string, more: object = {}): string {
  return line({ action: "msg", time: now(), to: "#all", encoding: "utf-8", message, ...more });
}

export function line(object: object): string {
  return `${JSON.stringify(object)}\n`;
}

/** Whether an object has a text, in whatever field its dialect has for that. */
export function carries(text: string): (object: ReceivedObject) => boolean {
  return (object) =>
    !isAnswer(object) && Object.values(object).some((value) => typeof value === "string" && value.includes(text));
}

/** Whether an object is the answer to a request. One with neither a code nor words is of a kind that the doctor does not know. */
export function isAnswer(object: ReceivedObject): boolean {
  return "response" in object || (!("action" in object) && ANSWER.some((field) => field in object));
}

/** The code of an answer as a number; some servers send strings. An answer without a code has 400 when it names an error, else 200. */
export function code(object: ReceivedObject): number {
  return "response" in object ? Number(object.response) : "error" in object ? 400 : 200;
}

export function ok(observed: Text): Finding {
  return { mark: "ok", observed };
}

export function note(observed: Text): Finding {
  return { mark: "note", observed };
}

export function fault(observed: Text): Finding {
  return { mark: "fault", observed };
}

const seconds = PATIENCE / 1000;
const NOTHING: Text = {
  en: `nothing within ${seconds} s`,
  ru: `ничего за ${seconds.toLocaleString("ru")} с`,
};

/** A received object, shortened; undefined if none came. */
export function show(object: ReceivedObject | undefined): Text {
  if (object === undefined) return NOTHING;
  const text = JSON.stringify(object);
  return untranslated(text.length <= 160 ? text : `${text.slice(0, 160)}…`);
}

/** Texts one behind the other. */
export function concat(...texts: readonly Text[]): Text {
  return { en: texts.map(({ en }) => en).join(""), ru: texts.map(({ ru }) => ru).join("") };
}

/** The most frequent fault: the server ends the connection. */
export const ENDED: Text = { en: "the end of the connection", ru: "конец соединения" };

export const LOST: Text = { en: "the message was not relayed", ru: "сообщение не передано" };
/** Stands before what a reader has received. */
export const RECEIVED: Text = { en: "the reader received ", ru: "читатель получил " };
export const WORDLESS: Text = concat(ENDED, { en: ", without a word", ru: " без объяснений" });

let count = 0;

/** Makes the context of one check. */
export function openContext(server: Peer, answers: boolean): CheckContext {
  const clients: LenientClient[] = [];
  async function connectClient(): Promise<LenientClient> {
    const client = await connect(server);
    clients.push(client);
    return client;
  }
  return {
    answers,
    connect: connectClient,
    async join(name = `doctor ${++count}`) {
      const client = await connectClient();
      await client.send(presence(name));
      if (answers) await client.receive(isAnswer, 0, STOPPED);
      return client;
    },
    text: (words = "doctor's words") => `${words} ${++count}`,
    leave: async () => void await Promise.all(clients.map((client) => client.leave())),
  };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
