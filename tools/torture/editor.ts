/**
 * Clients that edit, delete and react to their own messages, on one server after the other. At the end each message must be on all
 * servers as the last acknowledged change has left it.
 */
import { MAX_PAGE } from "../../jim/mod.ts";
import type { ServerObject } from "../fuzz/line_client.ts";
import { pause } from "../harness/pause.ts";
import { ask, BETWEEN, ChatClient, enter, RETRY, UNDECIDED } from "./chat_client.ts";

const ROOM = "#changed", FEATURES = ["id", "edits", "reactions"], EMOJI = ["👍", "🎉"];
/** Changes of one message, at most. */
const CHANGES = 4;

/** A message as the history of the room has it. */
export interface ChangedRow {
  readonly id: number;
  readonly message: string;
  readonly deleted?: true;
}

/** What a message must be at the end. */
interface Expected {
  /** Empty if it was deleted. */
  text: string;
  /** Nobody knows of a change whether it was kept. */
  isUncertain: boolean;
}

export class Editor extends ChatClient {
  /** By the ids of messages. */
  readonly expected = new Map<number, Expected>();
  /** Changes that were acknowledged. */
  changes = 0;
  #count = 0;

  override async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const line = await enter(this.chance.pick(this.ports()), this.name, () => {}, FEATURES);
      const request = line && ((request: object) => ask(line, request));
      const joined = await request?.({ action: "join", room: ROOM });
      if (joined?.response === undefined || joined.response >= 300) await pause(RETRY);
      else while (!isOver() && line!.over === "" && !this.chance.once(50)) await this.#changeOne(request!);
      line?.close();
    }
  }

  /** Says something, and changes it. A guest changes what it has said in this connection. */
  async #changeOne(request: (request: object) => Promise<ServerObject | undefined>): Promise<void> {
    const text = `${this.name}.${this.#count++}`, said = await request({ action: "msg", to: ROOM, message: text });
    const { response = 500, id } = (said ?? {}) as { response?: number; id?: number };
    if (response >= 300 || id === undefined) return await pause(BETWEEN);
    const expected = { text, isUncertain: false };
    this.expected.set(id, expected);
    for (let change = this.chance.below(CHANGES); change > 0 && expected.text !== ""; change--) {
      const next = this.chance.once(4) ? "" : `${text} for the ${change}th time`;
      const fields = { to: ROOM, id }, emoji = this.chance.pick(EMOJI);
      const answer = this.chance.once(3)
        ? await request({ action: "react", ...fields, emoji })
        : note(expected, next, await request({ action: next === "" ? "delete" : "edit", ...fields, message: next }));
      if (answer?.response === undefined) return;
      if (answer.response < 300) this.changes++;
      await pause(BETWEEN);
    }
  }
}

/** Notes what becomes of a message by an answer. */
function note(expected: Expected, next: string, answer: ServerObject | undefined): ServerObject | undefined {
  if (answer?.response === undefined || (answer.response >= 500 && UNDECIDED.test(answer.error ?? ""))) {
    expected.isUncertain = true;
  } else if (answer.response < 300) expected.text = next;
  return answer;
}

/** All that one server has of the room. */
export async function readChanged(port: number): Promise<ChangedRow[]> {
  const rows: ChangedRow[] = [];
  for (;;) {
    const got: ChangedRow[] = [];
    const take = (said: ServerObject) => said.action === "msg" && got.push(said as ServerObject & ChangedRow);
    const line = await enter(port, "historian", take, FEATURES);
    if (line !== undefined) await ask(line, { action: "join", room: ROOM });
    got.length = 0;
    const after = rows.at(-1)?.id ?? 0;
    const page = line && await ask(line, { action: "history", room: ROOM, after, limit: MAX_PAGE });
    const { quantity } = (page ?? {}) as { quantity?: number };
    const isWhole = quantity !== undefined && await line!.until(() => got.length >= quantity);
    line?.close();
    if (isWhole && quantity === 0) return rows;
    if (isWhole) rows.push(...got.slice(0, quantity));
    else await pause(RETRY);
  }
}

/** What is wrong with the room of several servers, a line each. */
export function checkChanged(
  expected: ReadonlyMap<number, Expected>,
  histories: readonly (readonly ChangedRow[])[],
): string[] {
  const [first = []] = histories, faults: string[] = [];
  const found = new Map(first.map((row) => [row.id, row]));
  for (const [id, { text, isUncertain }] of expected) {
    const row = found.get(id);
    if (row === undefined) faults.push(`${id} is lost`);
    else if (!isUncertain && (row.message !== text || (row.deleted === true) !== (text === ""))) {
      faults.push(`${id} is ${JSON.stringify(row)} instead of ${JSON.stringify(text)}`);
    }
  }
  for (const [number, rows] of histories.entries()) {
    const at = Math.max(first.length, rows.length);
    for (let i = 0; i < at; i++) {
      const [one, other] = [first[i], rows[i]].map((row) => JSON.stringify(row));
      if (one !== other) {
        faults.push(`server ${number} has at ${i} ${other} instead of ${one}`);
        break;
      }
    }
  }
  return faults;
}
