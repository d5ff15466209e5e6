// A loop of the client, run on a connection and a keyboard that answer at chosen moments: `at_once.ts pipe|terminal`. Each round
// both bring something in one turn of the event loop, one of them some microtasks behind the other. As the system may, both
// write into their buffer as soon as a read begins: so bytes that the loop has not looked at yet would be lost. It prints what
// the client sent, as JSON on standard error, behind what the client prints.

import type { Connection } from "../../client/connect.ts";
import { read } from "../../cli/mod.ts";
import { optionsOf, program } from "../../client/options.ts";
import { runPipe } from "../../client/pipe/loop.ts";
import { runTerminal } from "../../client/terminal/loop.ts";

const MOST = 8; // microtasks
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Reads that are answered by hand. */
class Bytes {
  #answer: ((bytes: Uint8Array | null) => void) | undefined;

  read(space: Uint8Array): Promise<number | null> {
    space.fill(0);
    return new Promise((resolve) => {
      this.#answer = (bytes) => {
        if (bytes !== null) space.set(bytes);
        resolve(bytes === null ? null : bytes.length);
      };
    });
  }

  /** Answers the read so many microtasks later; `null` is the end. */
  async bring(text: string | null, microtasks: number): Promise<void> {
    for (let i = 0; i < microtasks; i++) await undefined;
    const answer = this.#answer;
    if (answer === undefined) throw new Error("No read has begun");
    this.#answer = undefined;
    answer(text === null ? null : encoder.encode(text));
  }
}

const socket = new Bytes(), keyboard = new Bytes();
const sent: { action: string; message?: string }[] = [];
let answered = 0;

const connection = {
  read: (space: Uint8Array) => socket.read(space),
  write(bytes: Uint8Array) {
    for (const line of decoder.decode(bytes).trimEnd().split("\n")) sent.push(JSON.parse(line));
    return Promise.resolve(bytes.length);
  },
  closeWrite: () => Promise.resolve(),
  close() {},
} as unknown as Connection;

Object.assign(Deno.stdin, { read: (space: Uint8Array) => keyboard.read(space), setRaw() {} });

const [which] = Deno.args;
const options = optionsOf(read(program, ["127.0.0.1", "-n", "ann"]), () => 0);
const over = which === "pipe" ? runPipe(connection, options) : runTerminal(connection, options);

await turn();
await socket.bring(answers(), 0);
let round = 0;
for (let late = 0; late <= MOST; late++) {
  for (const [typed, received] of [[0, late], [late, 0]] as const) {
    await settled();
    const others = `{"action":"msg","from":"bob","message":"from bob ${round}","time":0}\n`;
    await Promise.all([
      keyboard.bring(`typed ${round}${which === "pipe" ? "\n" : "\r"}`, typed),
      socket.bring(others, received),
    ]);
    round++;
  }
}
await settled();
await keyboard.bring(null, 0);
await turn();
await socket.bring(null, 0);
const status = await over;
console.error(JSON.stringify({ rounds: round, said: sent.flatMap(({ message }) => message ?? []) }));
Deno.exit(status);

/** All that is sent is answered. */
async function settled(): Promise<void> {
  for (await turn(); answered < sent.length; await turn()) await socket.bring(answers(), 0);
}

function answers(): string {
  const count = sent.length - answered;
  answered = sent.length;
  return '{"response":200,"alert":"ok"}\n'.repeat(count);
}

/** One turn of the event loop: every microtask that can run has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
