// `deno task crowd N [ADDR [PORT]] [--tls [--ca FILE]]`: N clients that chat with each other, each a process of its own, and the count of what
// got lost. All join first, then each says a few lines, and each is to receive every line of all others, once. A client takes
// some 50 MB, and a fifth of a second of one core to start, so they start a few at a time.

import { commandLine, lang, type Language, whole } from "../cli/mod.ts";
import { eachLine, startClient, terminate } from "./harness/client_process.ts";
import { guestName } from "../client/guest.ts";
import { encryption, type Peer, peer } from "../client/options.ts";
import { joinHostPort } from "../jim/mod.ts";
import { catalogues as clientCatalogues } from "../client/words.ts";
import { statusOf } from "./refused.ts";
import { catalogues, type Texts } from "./words.ts";

/** Lines that each client says. */
const SAID = 5;
/** Clients that are starting at the same time. */
const WAVE = 2 * navigator.hardwareConcurrency;
/** Milliseconds for a client to join, and to leave. */
const PATIENCE = 30_000;
/** Milliseconds without anything new after which what is missing is lost. */
const QUIET = 10_000;
/** Milliseconds between two looks at what was received. */
const GLANCE = 50;
/** Characters of the progress bar. */
const BAR = 40;

/** One client of the crowd. */
interface Member {
  /** Which lines are its own. */
  readonly index: number;
  readonly child: Deno.ChildProcess;
  readonly keyboard: WritableStreamDefaultWriter<Uint8Array>;
  /** False if it ended without. */
  readonly joined: Promise<boolean>;
}

/** What all have received together. */
interface Tally {
  /** Received lines, each counted once for each receiver. */
  received: number;
  doubled: number;
  readonly expected: number;
}

const program = {
  name: "hanita-crowd",
  summary: {
    en: "Clients that chat with each other, and a count of what is lost.",
    ru: "Клиенты, которые переписываются друг с другом, и счёт потерянного.",
  },
  options: { ...encryption, lang },
  positionals: {
    size: {
      ...whole({ en: "How many clients, as in 20.", ru: "Сколько клиентов, например 20." }, 20, {
        min: 1,
        max: 10_000,
      }),
      value: "N",
      required: true,
    },
    ...peer,
  },
};

const encoder = new TextEncoder();

if (import.meta.main) Deno.exit(await statusOf(crowd(commandLine(program))));

/** Runs the crowd and prints what came of it. Returns the exit status. */
async function crowd({ size, ...server }: Peer & { size: number; lang: Language }): Promise<0 | 1> {
  const texts = catalogues[server.lang];
  const tally: Tally = { received: 0, doubled: 0, expected: size * (size - 1) * SAID };
  const mark = guestName(Math.random); // tells the crowd's lines from what anybody else says
  const members = await join(size, (index) => start(index, mark, size, server, tally), texts);
  if (members.length < size) {
    await leave(members);
    console.error(texts.noCrowd(size, members.length));
    return 1;
  }
  const began = performance.now();
  // One that has ended meanwhile takes nothing: its status tells.
  await Promise.allSettled(members.map(({ index, keyboard }) => keyboard.write(encoder.encode(linesOf(index, mark)))));
  await completion(tally, texts);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const failed = await leave(members);

  const lost = tally.expected - tally.received;
  const { received, expected, doubled } = tally;
  console.log(texts.crowd(size, size * SAID, received, expected, seconds, lost, doubled, failed));
  return lost + tally.doubled + failed === 0 ? 0 : 1;
}

/** Starts them, a few at a time, until all have joined or one could not. Returns those that have. */
async function join(size: number, start: (index: number) => Member, texts: Texts): Promise<Member[]> {
  const members: Member[] = [];
  let next = 0;
  async function oneByOne(): Promise<void> {
    while (next < size) {
      const member = start(next++);
      if (await within(PATIENCE, member.joined, false)) {
        members.push(member);
        progress(texts.progress(members.length, size, "joined"), members.length, size);
      } else {
        next = size; // where one cannot, the others need not try
        terminate(member.child);
        await member.child.status;
      }
    }
  }
  await Promise.all(Array.from({ length: WAVE }, oneByOne));
  return members;
}

/** One client, which counts what it receives. Lines are numbered through all of the crowd. */
function start(index: number, mark: string, size: number, server: Peer & { lang: Language }, tally: Tally): Member {
  const name = `${mark}-${index}`,
    greeting = clientCatalogues[server.lang].joined(joinHostPort(server.address, server.port), name);
  const child = startClient(server, ["-n", name], { stdin: "piped", stdout: "piped", stderr: "piped" });
  const received = new Uint8Array(size * SAID);
  const pattern = new RegExp(`: ${mark} (\\d+)$`);
  eachLine(child.stdout, (line) => {
    const number = Number(pattern.exec(line)?.[1] ?? NaN);
    if (Math.floor(number / SAID) === index || !(number < received.length)) return; // our own, which some servers send back
    if (received[number]!++ === 0) tally.received++;
    else tally.doubled++;
  });
  const { promise: joined, resolve } = Promise.withResolvers<boolean>();
  eachLine(child.stderr, (line) => line.startsWith(greeting) ? resolve(true) : console.error(line))
    .then(() => resolve(false));
  return { index, child, keyboard: child.stdin.getWriter(), joined };
}

/** What one member says. */
function linesOf(index: number, mark: string): string {
  return Array.from({ length: SAID }, (_, which) => `${mark} ${index * SAID + which}\n`).join("");
}

/** Resolves when all is received, or nothing new comes any more. */
function completion(tally: Tally, texts: Texts): Promise<void> {
  let seen = -1, since = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (tally.received !== seen) since = performance.now();
      seen = tally.received;
      progress(texts.progress(seen, tally.expected, "received"), seen, tally.expected);
      if (seen < tally.expected && performance.now() - since < QUIET) return;
      clearInterval(timer);
      resolve();
    }, GLANCE);
  });
}

/** Ends their input, which is how a client is told that all is said. Returns how many did not leave in peace. */
async function leave(members: readonly Member[]): Promise<number> {
  const peaceful = await Promise.all(members.map(async ({ child, keyboard }) => {
    await keyboard.close().catch(() => {}); // it has gone already: its status tells
    const status = await within(PATIENCE, child.status, undefined);
    if (status === undefined) terminate(child);
    return status?.success ?? false;
  }));
  return peaceful.filter((each) => !each).length;
}

/** What is promised, or `otherwise` if it takes longer than so many milliseconds. */
function within<T>(limit: number, promise: Promise<T>, otherwise: T): Promise<T> {
  const { promise: late, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(resolve, limit, otherwise);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A bar on the terminal: `[####----] 120 of 200 joined`. */
function progress(what: string, done: number, all: number): void {
  if (!Deno.stderr.isTerminal()) return;
  const filled = Math.round(BAR * done / all);
  const bar = `\r[${"#".repeat(filled)}${"-".repeat(BAR - filled)}] ${what}\x1b[K`;
  Deno.stderr.writeSync(encoder.encode(done === all ? `${bar}\n` : bar));
}
