/**
 * Kills the server under load, again and again, and checks its guarantee: an acknowledged message is on disk, exactly once
 * and in order, ids never decrease, and at the end the journal is whole.
 *
 *     deno task torture [--rounds N] [--seed S]
 *     deno task torture --servers N [--brokers 3] [--seconds S] [--seed S]
 *
 * Ten writers send as fast as they are answered, to all, to a room and to an account that is offline, until a SIGKILL at a
 * moment that follows from the seed. How much is under way then depends on the machine, so a seed repeats the kind of a run
 * and not each byte. Exit status 1 if anything was lost.
 */
import { MAX_PAGE } from "../jim/mod.ts";
import { type Served, startServer } from "./harness/served.ts";
import { commandLine, fail, oneOf, untranslated, whole } from "../cli/mod.ts";
import { connect, type LineClient, type ServerObject } from "./fuzz/line_client.ts";
import { random } from "./fuzz/random.ts";
import { printSeed, seedOption } from "./fuzz/seed.ts";
import { pause } from "./harness/pause.ts";
import { verify } from "../server/journal/verify.ts";
import { canReplicate, hasBroker } from "../tests/nats_server.ts";
import { tortureServers } from "./torture/several_servers.ts";
import { ContactChanges } from "./torture/contact_changes.ts";
import { checkHistory, messageText, type Row, type WriterCounts } from "./torture/history_check.ts";

const program = {
  name: "hanita-torture",
  summary: untranslated(
    "Kills a server of Hanita under load, starts it again, and tells whether anything acknowledged was lost.",
  ),
  options: {
    rounds: whole(untranslated("How often it is killed."), 50, { min: 1 }),
    servers: whole(untranslated("Torment so many servers of one chat instead, and their broker."), 0, { max: 9 }),
    brokers: oneOf(
      untranslated("With --servers: brokers, of which three keep the messages three times."),
      ["1", "3"],
      "1",
    ),
    seconds: whole(untranslated("How long, with --servers."), 120, { min: 1 }),
    ...seedOption,
  },
};

/** Messages that a writer sends ahead of their answers. */
const AHEAD = 32;
/** A round ends at the latest when so many messages are acknowledged. */
const LONGEST_ROUND = 2_000;
/** The server is killed less than so many milliseconds later: a turn of its loop takes one or two. */
const LATER = 20;
const ROOM = "#torture", SENDER = "tess", AWAY = "ted", CHANGER = "tom", PASSWORD = "correct horse";
/** The addressee of each writer; the last writer is an account that writes to another account, which is always offline. */
const RECIPIENTS = ["#all", "#all", "#all", "#all", "#all", "#all", ROOM, ROOM, ROOM, AWAY];

const ROOT = new URL("../", import.meta.url);
const encoder = new TextEncoder();

if (import.meta.main) {
  const { rounds, servers, brokers, seconds, seed: given } = commandLine(program);
  if (servers > 0 && !hasBroker) {
    fail(program.name, "--servers needs the program nats-server. Install it: apt install nats-server");
  }
  if (brokers === "3" && !canReplicate) {
    fail(program.name, "--brokers 3 needs nats-server 2.10 or newer: an older one may double messages");
  }
  const seed = printSeed(given);
  const isWell = servers === 0
    ? await torture(rounds, seed)
    : await tortureServers({ servers, brokers: brokers === "3" ? 3 : 1, seconds, seed });
  Deno.exit(isWell ? 0 : 1);
}

/** A whole run. Returns whether all is well. */
async function torture(rounds: number, seed: number): Promise<boolean> {
  const data = `data/torture-${seed}-${Deno.pid}`;
  const chance = random(seed, "kills");
  const said: WriterCounts[] = [], changes = new ContactChanges(AWAY);
  try {
    await registerAccounts(data);
    for (let round = 1; round <= rounds; round++) {
      const server = await start(data);
      changes.check(await readContacts(server));
      const these = await runWriters(server, changes, round, 1 + chance.below(LONGEST_ROUND), chance.below(LATER));
      said.push(...these);
      console.log(`round ${round}: killed with ${sum(these, "acknowledged")} of ${sum(these, "sent")} acknowledged`);
    }
    const server = await start(data);
    const conversations = await readHistories(server);
    changes.check(await readContacts(server));
    await server.kill();
    const { faults: damages } = verify(new URL(`${data}/hanita.db`, ROOT).pathname);
    console.log(
      `contacts: ${changes.acknowledged} changes acknowledged, ${changes.undone} undone; faults of the journal: ${damages.length}`,
    );
    const { kept, ...faults } = checkHistory(said, conversations);
    const { lost, doubled, invented, disordered, back } = faults;
    console.log(
      `rounds ${rounds}, said ${sum(said, "sent")}, acknowledged ${
        sum(said, "acknowledged")
      }, kept ${kept}: ${lost} lost, ` +
        `${doubled} doubled, ${invented} invented, ${disordered} out of order, ${back} ids gone back`,
    );
    return [...Object.values(faults), changes.undone, damages.length].every((count) => count === 0);
  } finally {
    await Deno.remove(new URL(data, ROOT), { recursive: true });
  }
}

/** Starts the server again on the same data. */
function start(data: string): Promise<Served> {
  return startServer({ journal: true, data, more: "--log-level warning" });
}

/** Registers the accounts with a server of its own, which is killed as well. */
async function registerAccounts(data: string): Promise<void> {
  const server = await start(data);
  for (const account_name of [SENDER, AWAY, CHANGER]) {
    const line = await connect(server.port);
    await request(line, { action: "register", user: { account_name, password: PASSWORD } });
    line.close();
  }
  await server.kill();
}

/** Lets all writers write until enough is acknowledged, and kills the server some milliseconds later. */
async function runWriters(
  server: Served,
  changes: ContactChanges,
  round: number,
  enough: number,
  later: number,
): Promise<WriterCounts[]> {
  const said = RECIPIENTS.map((_, writer): WriterCounts => ({ round, writer, sent: 0, acknowledged: 0 }));
  const lines = await Promise.all(RECIPIENTS.map((place, writer) => joinWriter(server, place, writer)));
  let killed: Promise<void> | undefined;
  const changed = changeContacts(await loggedIn(server), changes);
  await Promise.all(lines.map(async (line, writer) => {
    const mine = said[writer]!;
    for (;;) {
      const more: object[] = [];
      while (mine.sent - mine.acknowledged < AHEAD) {
        more.push({ action: "msg", to: RECIPIENTS[writer], message: messageText(round, writer, mine.sent++) });
      }
      await say(line, ...more);
      const answered = await line.until(() => line.answers.length > 0);
      for (const answer of line.answers.splice(0)) {
        if (answer.response! >= 300) throw new Error(`Cannot write: ${answer.response} ${answer.error}`);
        mine.acknowledged++;
      }
      if (killed === undefined && sum(said, "acknowledged") >= enough) {
        killed = pause(later).then(server.kill);
      }
      if (!answered) break;
    }
    line.close();
  }));
  if (killed === undefined) throw new Error("Cannot go on: the server has ended by itself");
  await killed;
  await changed;
  return said;
}

/** Changes the contacts of an account until the server ends. */
async function changeContacts(line: LineClient, changes: ContactChanges): Promise<void> {
  await changes.run(async (request) => {
    await say(line, request);
    if (!await line.until(() => line.answers.length > 0)) return undefined;
    const answer = line.answers.shift()!;
    if (answer.response! >= 300) {
      throw new Error(`Cannot ${JSON.stringify(request)}: ${answer.response} ${answer.error}`);
    }
    return answer;
  });
  line.close();
}

/** The contacts of that account. */
async function readContacts(server: Served): Promise<string[]> {
  const names: string[] = [];
  let began = false;
  const line = await loggedIn(server, (said) => began && names.push((said as { user_id: string }).user_id));
  began = true;
  const { quantity } = await request(line, { action: "get_contacts" }) as { quantity: number };
  if (!await line.until(() => names.length >= quantity)) throw new Error("Cannot read the contacts");
  line.close();
  return names;
}

/** The account that changes its contacts: it gets no messages that it has missed. */
async function loggedIn({ port }: Served, onMessage?: (said: ServerObject) => void): Promise<LineClient> {
  const line = await connect(port, onMessage === undefined ? {} : { onOther: onMessage });
  await request(line, { action: "authenticate", user: { account_name: CHANGER, password: PASSWORD } });
  return line;
}

/** Connects a writer, up to where it may write. */
async function joinWriter({ port }: Served, place: string, writer: number): Promise<LineClient> {
  const line = await connect(port);
  if (place === AWAY) {
    await request(line, { action: "authenticate", user: { account_name: SENDER, password: PASSWORD } });
  } else await request(line, { action: "presence", user: { account_name: `writer ${writer}`, status: "" } });
  if (place === ROOM) await request(line, { action: "join", room: ROOM });
  return line;
}

/** All that was kept, conversation by conversation. */
async function readHistories({ port }: Served): Promise<Row[][]> {
  const rows: Row[] = [];
  let began = false;
  const line = await connect(port, { onOther: (said) => began && rows.push(said as ServerObject & Row) });
  await request(line, { action: "authenticate", user: { account_name: SENDER, password: PASSWORD } });
  await request(line, { action: "join", room: ROOM }); // the answer comes behind what is sent unasked
  began = true;
  const all: Row[][] = [];
  for (const place of [{ room: "#all" }, { room: ROOM }, { with: AWAY }]) {
    const conversation: Row[] = [];
    for (;;) {
      const after = conversation.at(-1)?.id ?? 0;
      const { quantity } = await request(line, { action: "history", ...place, after, limit: MAX_PAGE }) as {
        quantity: number;
      };
      if (!await line.until(() => rows.length >= quantity)) throw new Error("Cannot read: a page does not end");
      conversation.push(...rows.splice(0));
      if (quantity === 0) break;
    }
    all.push(conversation);
  }
  line.close();
  return all;
}

/** Sends a request, and returns its answer of success. */
async function request(line: LineClient, request: object): Promise<ServerObject> {
  await say(line, request);
  await line.until(() => line.answers.length > 0);
  const answer = line.answers.shift();
  if (answer?.response === undefined || answer.response >= 300) {
    throw new Error(`Cannot ${JSON.stringify(request)}: got ${JSON.stringify(answer) ?? line.over}`);
  }
  return answer;
}

function say(line: LineClient, ...requests: object[]): Promise<void> {
  const time = Math.floor(Date.now() / 1000);
  return line.send(encoder.encode(requests.map((each) => `${JSON.stringify({ time, ...each })}\n`).join("")));
}

function sum(all: readonly WriterCounts[], what: "sent" | "acknowledged"): number {
  return all.reduce((total, each) => total + each[what], 0);
}
