// Mixed company. First programs as they were recorded (fixtures/: seconds, connection, what it did), each of their
// segments as one write, on a clock that the test holds; the original's own are in 11_wild_test.ts. Then every family
// with every other, by the table of docs/dialects.md.

import assert from "node:assert/strict";
import recordedClientName from "./fixtures/client_name.json" with { type: "json" };
import recordedFlatName from "./fixtures/flat_name.json" with { type: "json" };
import recordedLesson from "./fixtures/lesson.json" with { type: "json" };
import { type Speaker, speakers } from "./speakers.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";

type Step = [seconds: number, connection: number, what: string, text?: string];

/** A recorded program in this test: how many objects it has heard, and its name once it has come in. */
interface Life {
  readonly peer: Peer;
  name: string | undefined;
  heard: number;
}

/** How long a program of the original's family may take to show whether it writes. */
const HOLD = 3500;

for (
  const [speaker, recorded] of [
    [speakers.clientName, recordedClientName],
    [speakers.flatName, recordedFlatName],
    [speakers.lesson, recordedLesson],
  ] as const
) {
  for (const [scenario, steps] of Object.entries(recorded)) {
    Deno.test(`${scenario}: each program is answered where it waits for it, and shows what the others said`, {
      ignore: cannot,
    }, async () => {
      await using chat = await start({ frozen: true, bareGap: 50 });
      for (const { peer, heard } of await replay(chat, speaker, steps as Step[])) {
        assert.equal(chat.writesTo(peer).length, heard, "it was sent more than it needs");
        assertWhole(chat, peer);
        for (const segment of peer.segments) JSON.parse(segment);
      }
    });
  }
}

async function replay(chat: Chat, speaker: Speaker, steps: readonly Step[]): Promise<Life[]> {
  const lives: Life[] = [];
  let now = 0;
  for (const [seconds, connection, what, text] of steps) {
    chat.pass(Math.round(1000 * (seconds - now)));
    now = seconds;
    const life = lives[connection - 1]!;
    if (what === "connect") lives.push({ peer: await chat.bare(), name: undefined, heard: 0 });
    else if (what === "says") {
      await life.peer.say(text!);
      await caused(life, JSON.parse(text!));
    } else {
      if (what === "breaks") life.peer.close();
      else assert.deepEqual(await life.peer.end(), []);
      life.name = undefined;
    }
  }
  return lives;

  /** Hears all that something said must cause. */
  // deno-lint-ignore no-explicit-any -- as it was recorded
  async function caused(by: Life, said: any): Promise<void> {
    if (said.action === "presence") {
      await answered(by);
      by.name = said.account_name ?? said.user.account_name ?? said.user.client_name;
    } else if (said.action === "exit") {
      await answered(by);
      by.name = undefined;
    } else {
      if (speaker.awaits) await answered(by);
      const shown = { from: by.name!, text: said.message ?? said.mess_text ?? said.message_text };
      const common = said.to === undefined || said.to === "#";
      const readers = lives.filter((each) =>
        each !== by && each.name !== undefined && (common || each.name === said.to)
      );
      for (const reader of readers) assert.deepEqual(speaker.shows(await hear(reader), reader.name!), shown);
      // It waits for no answer, but should know why nobody heard it: it is told in words that it shows.
      if (readers.length === 0 && !speaker.awaits) {
        const { from, text } = speaker.shows(await hear(by), by.name!)!;
        assert.deepEqual([from, text], ["#server", `to: nobody here has the name "${said.to}"`]);
      }
    }
  }

  async function answered(life: Life): Promise<void> {
    const { response, alert, time } = await hear(life);
    assert.deepEqual([response, typeof alert, Number.isInteger(time)], [200, "string", true]);
  }

  /** Time goes by until it comes, for the gap before it may not be over. */
  async function hear(life: Life) {
    life.heard++;
    const coming = life.peer.hear();
    let come = false;
    coming.finally(() => come = true).catch(() => {});
    while (!come) {
      chat.pass(10);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return await coming;
  }
}

/** Each write to a bare program was one object of at most 1024 bytes. */
function assertWhole(chat: Chat, peer: Peer): void {
  for (const { text } of chat.writesTo(peer)) {
    JSON.parse(text);
    assert.ok(new TextEncoder().encode(text).length <= 1024);
  }
}

const families = Object.values(speakers);

/** A program of a family, after its presence. */
interface Guest {
  readonly speaker: Speaker;
  readonly peer: Peer;
  readonly name: string;
}

async function enter(chat: Chat, speaker: Speaker, name: string): Promise<Guest> {
  const peer = await speaker.connect(chat);
  for (const words of speaker.enters(name)) {
    await peer.say(words);
    const { response, alert, message } = await peer.hear();
    assert.deepEqual([response, typeof alert], [speaker.success ?? 200, "string"]);
    if (speaker === speakers.prefixed) assert.equal(message, alert);
  }
  return { speaker, peer, name };
}

async function say({ speaker, peer }: Guest, words: object): Promise<void> {
  await peer.say(words);
  if (speaker.awaits) await peer.expect({ response: speaker.success ?? 200 });
}

/** The text that it shows, of one message or of the parts of one. */
async function shown({ speaker, peer, name }: Guest, from: string, length: number): Promise<string> {
  let text = "";
  while (text.length < length) {
    const relay = await peer.hear();
    const part = speaker.shows(relay, name);
    assert.equal(part?.from, from, JSON.stringify(relay));
    text += part!.text;
  }
  return text;
}

Deno.test("every family talks with every other, in the common chat and, where it can say that, in private", {
  ignore: cannot,
}, async (t) => {
  const rows: string[][] = [];
  for (const [number, speaker] of families.entries()) {
    await t.step(speaker.name, async () => {
      await using chat = await start({ frozen: true, bareGap: 0 });
      const readers: Guest[] = [];
      for (const each of families) readers.push(await enter(chat, each, `reader ${readers.length}`));
      const writer = await enter(chat, speaker, "writer");
      const row = [speaker.name, ...families.map(() => "")];
      chat.pass(HOLD); // from now on a program that has only read is taken for a reader
      for (const [i, reader] of readers.entries()) {
        if (speaker.toOne === undefined) break;
        const text = `Привет, номер ${i}`;
        await say(writer, speaker.toOne(writer.name, reader.name, text));
        assert.equal(await shown(reader, writer.name, text.length), text);
        row[1 + i] = " and private";
      }
      // Three times as long as one recv, and nothing of what was private has reached anybody else before.
      const long = "Щука, ёж. ".repeat(180);
      await say(writer, speaker.toAll(writer.name, long));
      for (const [i, reader] of readers.entries()) {
        assert.equal(await shown(reader, writer.name, long.length), long);
        row[1 + i] = `all${row[1 + i]}`;
      }
      if (speaker.listens) {
        await say(readers[0]!, speakers.plain.toAll(readers[0]!.name, "and you?"));
        assert.equal(await shown(writer, readers[0]!.name, 8), "and you?");
      }
      for (const { peer, speaker } of [writer, ...readers]) {
        if (speaker !== speakers.plain && speaker !== speakers.prefixed) assertWhole(chat, peer);
      }
      rows[number] = row;
    });
  }
  await t.step("and docs/dialects.md says so", async () => {
    const text = await Deno.readTextFile(new URL("../../docs/dialects.md", import.meta.url));
    const table = [["says ↓, hears →", ...families.map(({ name }) => name)], ...rows];
    assert.deepEqual(tableAfter(text, "## Which programs understand each other"), table);
  });
});

/** The first Markdown table after a heading, without the line of dashes. */
function tableAfter(text: string, heading: string): string[][] {
  const lines = text.slice(text.indexOf(heading)).split("\n");
  const from = lines.findIndex((line) => line.startsWith("|"));
  const to = lines.findIndex((line, i) => i > from && !line.startsWith("|"));
  return lines.slice(from, to).filter((line) => !line.startsWith("| -"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}
