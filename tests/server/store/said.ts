// Messages for the tests of the stores, and what a store should say of them.
import assert from "node:assert/strict";
import type { Conversation, Lines, Query, Store } from "../../../server/store/contract.ts";

export interface Said {
  id: number;
  conversation: Conversation;
  message: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a turn said, as a store is given it: a run of lines for each conversation. */
export function turn(said: readonly Said[]): Lines[] {
  return [...Map.groupBy(said, ({ conversation }) => conversation)].map(([conversation, messages]) => ({
    conversation,
    first: messages[0]!.id,
    last: messages.at(-1)!.id,
    count: messages.length,
    bytes: encoder.encode(messages.map((each) => `${JSON.stringify(wire(each))}\n`).join("")),
  }));
}

/** Some messages to all. */
export function toAll(first: number, ...messages: string[]): Lines[] {
  return turn(messages.map((message, index) => ({ id: first + index, conversation: "#all", message })));
}

/** A page, read back. */
export async function read(store: Store, query: Query): Promise<{ id: number; message: string }[]> {
  const ids = await store.find(query), lines = await store.read(query.conversation, ids);
  return lines.map((line, index) => {
    const { id, message } = JSON.parse(decoder.decode(line));
    assert.equal(id, ids[index]);
    return { id: id as number, message };
  });
}

/** The ids of a page. */
export async function idsOf(store: Store, query: Partial<Query> = {}): Promise<number[]> {
  return (await read(store, { conversation: "#all", limit: 500, ...query })).map(({ id }) => id);
}

function wire({ id, message }: Said) {
  return { action: "msg", time: 1.5, to: "#all", from: "ann", encoding: "utf-8", message, id };
}
