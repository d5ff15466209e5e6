// The child process of `deno task bench:files`: some clients that each send files, read them back, and check each byte's sum.
// It is a process of its own so that its work does not count as latency of the chat. It prints one line of JSON at its end.
//
// Arguments: the server's port, files in all, bytes of each, clients, milliseconds for each step.

import { createHash } from "node:crypto";
import { greet, line, open } from "../tools/harness/peer.ts";
import { writeAll } from "../select/write_all.ts";

/** What the child prints. */
export interface Transferred {
  /** Files that were sent and read back. */
  readonly files: number;
  readonly seconds: number;
  /** Of each file, in milliseconds, the medians: until it was whole at the server, and until it was read back. */
  readonly up: number;
  readonly down: number;
  /** What went wrong first. */
  readonly fault?: string;
}

const READ_BYTES = 64 * 1024;
const [port, files, size, clients, patience] = Deno.args.map(Number) as [number, number, number, number, number];
const origin = `http://127.0.0.1:${port}`;
let begun = 0, done = 0, fault: string | undefined;
const ups: number[] = [], downs: number[] = [], began = performance.now();

await Promise.all(Array.from({ length: clients }, (_, client) => transfer(client).catch(fail)));
const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const seconds = (performance.now() - began) / 1000, times = { up: middle(ups), down: middle(downs) };
const result: Transferred = { files: done, seconds, ...times, ...fault === undefined ? {} : { fault } };
console.log(JSON.stringify(result));

function fail(error: unknown): void {
  fault ??= error instanceof Error ? error.message : String(error);
}

/** One client, which sends files until there are enough. */
async function transfer(client: number): Promise<void> {
  using conn = await open({ hostname: "127.0.0.1", port });
  await greet(conn, `f${client}`);
  const bytes = crypto.getRandomValues(new Uint8Array(READ_BYTES)), content = new Uint8Array(size);
  for (let at = 0; at < size; at += bytes.length) content.set(bytes.subarray(0, size - at), at);
  const answers = answersOn(conn);
  await ask(conn, answers, { action: "presence", features: ["files"] });
  while (begun < files && fault === undefined) {
    const number = begun++;
    new DataView(content.buffer).setUint32(0, number); // no two files are the same
    const started = performance.now();
    const { upload } = await ask(conn, answers, { action: "upload", to: "#all", name: `${number}.bin`, size });
    const sent = await within(fetch(`${origin}/uploads/${upload}`, { method: "PUT", body: content }));
    await sent.body?.cancel();
    if (sent.status !== 201) throw new Error(`file ${number} was answered ${sent.status}`);
    ups.push(performance.now() - started);
    const said = await ask(conn, answers, { action: "msg", to: "#all", message: `file ${number}`, file: upload });
    const read = performance.now();
    if (said.file === undefined) throw new Error("the answer has no file");
    if (await sumOf(`${origin}/files/${said.file.key}`) !== createHash("sha256").update(content).digest("hex")) {
      throw new Error(`file ${number} is another one`);
    }
    downs.push(performance.now() - read);
    done++;
  }
}

/** The SHA-256 of what is at a URL; undefined if nothing is. */
async function sumOf(url: string): Promise<string | undefined> {
  const response = await within(fetch(url)), hash = createHash("sha256");
  if (!response.ok) return undefined;
  const reader = response.body!.getReader();
  for (;;) {
    const { value, done } = await within(reader.read());
    if (done) return hash.digest("hex");
    hash.update(value);
  }
}

interface Answer {
  readonly response: number;
  readonly error?: string;
  readonly upload?: string;
  readonly file?: { readonly key: string };
}

/** Asks the server, and returns its answer. */
async function ask(conn: Deno.Conn, answers: AsyncIterator<Answer>, request: object): Promise<Answer> {
  await writeAll(conn, line({ time: Math.floor(Date.now() / 1000), ...request }));
  const { value } = await within(answers.next());
  if (value === undefined || value.response >= 300) throw new Error(value?.error ?? "the server has closed");
  return value;
}

/** The answers to a connection, without all that others say. */
async function* answersOn(conn: Deno.Conn): AsyncGenerator<Answer, undefined> {
  const buffer = new Uint8Array(READ_BYTES), stream = new TextDecoder();
  let text = "";
  for (let count; (count = await conn.read(buffer)) !== null;) {
    const lines = (text + stream.decode(buffer.subarray(0, count), { stream: true })).split("\n");
    text = lines.pop()!;
    for (const each of lines) {
      if (each.startsWith('{"response":2') || each.startsWith('{"response":4')) yield JSON.parse(each);
    }
  }
}

/** No step takes longer: what hangs is a fault. */
async function within<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`a step took more than ${patience} ms`)), patience);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
