/**
 * Kills the server in the middle of its work, again and again, and holds it to its promise: what it has acknowledged is
 * on disk, exactly once and in order, ids never go back, and at the end the journal is whole.
 *
 *     deno task torture [--rounds N] [--seed S]
 *
 * Ten writers talk as fast as they are answered, to everybody, to a room and to somebody who is away, until a SIGKILL at a
 * moment that the seed decides. How much was under way then is up to the machine, so a seed repeats the kind of a run and
 * not its every byte. Exit status 1 if anything was lost.
 */
import { type Served, startServer } from "../bench/served.ts";
import { commandLine, untranslated, whole } from "../cli/mod.ts";
import { connect, type Line, type Said as Heard } from "./fuzz/line.ts";
import { random } from "./fuzz/random.ts";
import { seeded, toldSeed } from "./fuzz/seed.ts";
import { pause } from "./pause.ts";
import { verify } from "../server/journal/verify.ts";
import { Toggle } from "./torture/toggle.ts";
import { judge, type Row, type Said, text } from "./torture/verdict.ts";

const program = {
  name: "hanita-torture",
  summary: untranslated(
    "Kills a server of Hanita under load, starts it again, and tells whether anything acknowledged was lost.",
  ),
  options: {
    rounds: whole(untranslated("How often it is killed."), 50, { min: 1 }),
    ...seeded,
  },
};

/** Messages that a writer says ahead of their answers. */
const AHEAD = 32;
/** A round ends when so many messages are acknowledged, or some fewer. */
const LONGEST_ROUND = 2_000;
/** Less than so many milliseconds later it is killed: a turn of the server takes one or two. */
const LATER = 20;
const ROOM = "#torture", SENDER = "tess", AWAY = "ted", CHANGER = "tom", PASSWORD = "correct horse";
/** Where each writer writes to; the last is an account that writes to another, who is never there. */
const PLACES = ["#all", "#all", "#all", "#all", "#all", "#all", ROOM, ROOM, ROOM, AWAY];
const PAGE = 500;

const ROOT = new URL("../", import.meta.url);
const encoder = new TextEncoder();

if (import.meta.main) {
  const { rounds, seed } = commandLine(program);
  Deno.exit(await torture(rounds, toldSeed(seed)) ? 0 : 1);
}

/** A whole run. Returns whether all is well. */
async function torture(rounds: number, seed: number): Promise<boolean> {
  const data = `data/torture-${seed}-${Deno.pid}`;
  const chance = random(seed, "kills");
  const said: Said[] = [], toggle = new Toggle(AWAY);
  try {
    await registered(data);
    for (let round = 1; round <= rounds; round++) {
      const server = await start(data);
      toggle.check(await contacts(server));
      const these = await talk(server, toggle, round, 1 + chance.below(LONGEST_ROUND), chance.below(LATER));
      said.push(...these);
      console.log(`round ${round}: killed with ${sum(these, "acknowledged")} of ${sum(these, "said")} acknowledged`);
    }
    const server = await start(data);
    const conversations = await histories(server);
    toggle.check(await contacts(server));
    await server.kill();
    const { faults: damages } = verify(new URL(`${data}/hanita.db`, ROOT).pathname);
    console.log(
      `contacts: ${toggle.acknowledged} changes acknowledged, ${toggle.undone} undone; faults of the journal: ${damages.length}`,
    );
    const { kept, ...faults } = judge(said, conversations);
    const { lost, doubled, invented, disordered, back } = faults;
    console.log(
      `rounds ${rounds}, said ${sum(said, "said")}, acknowledged ${
        sum(said, "acknowledged")
      }, kept ${kept}: ${lost} lost, ` +
        `${doubled} doubled, ${invented} invented, ${disordered} out of order, ${back} ids gone back`,
    );
    return [...Object.values(faults), toggle.undone, damages.length].every((count) => count === 0);
  } finally {
    await Deno.remove(new URL(data, ROOT), { recursive: true });
  }
}

/** One more life on the same data. */
function start(data: string): Promise<Served> {
  return startServer({ journal: true, data, more: "--log-level warning" });
}

/** Makes the accounts, in a life of its own that is killed as well. */
async function registered(data: string): Promise<void> {
  const server = await start(data);
  for (const account_name of [SENDER, AWAY, CHANGER]) {
    const line = await connect(server.port);
    await asked(line, { action: "register", user: { account_name, password: PASSWORD } });
    line.close();
  }
  await server.kill();
}

/** Lets everybody talk until enough is acknowledged, and kills the server some milliseconds later, whatever it does then. */
async function talk(
  server: Served,
  toggle: Toggle,
  round: number,
  enough: number,
  later: number,
): Promise<Said[]> {
  const said = PLACES.map((_, writer): Said => ({ round, writer, said: 0, acknowledged: 0 }));
  const lines = await Promise.all(PLACES.map((place, writer) => entered(server, place, writer)));
  let killed: Promise<void> | undefined;
  const changed = change(await loggedIn(server), toggle);
  await Promise.all(lines.map(async (line, writer) => {
    const mine = said[writer]!;
    for (;;) {
      const more: object[] = [];
      while (mine.said - mine.acknowledged < AHEAD) {
        more.push({ action: "msg", to: PLACES[writer], message: text(round, writer, mine.said++) });
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
async function change(line: Line, toggle: Toggle): Promise<void> {
  await toggle.run(async (request) => {
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
async function contacts(server: Served): Promise<string[]> {
  const names: string[] = [];
  let began = false;
  const line = await loggedIn(server, (said) => began && names.push((said as { user_id: string }).user_id));
  began = true;
  const { quantity } = await asked(line, { action: "get_contacts" }) as { quantity: number };
  if (!await line.until(() => names.length >= quantity)) throw new Error("Cannot read the contacts");
  line.close();
  return names;
}

/** The account that changes its contacts: it gets no messages that it has missed. */
async function loggedIn({ port }: Served, heard?: (said: Heard) => void): Promise<Line> {
  const line = await connect(port, heard === undefined ? {} : { heard });
  await asked(line, { action: "authenticate", user: { account_name: CHANGER, password: PASSWORD } });
  return line;
}

/** A writer who may write. */
async function entered({ port }: Served, place: string, writer: number): Promise<Line> {
  const line = await connect(port);
  if (place === AWAY) await asked(line, { action: "authenticate", user: { account_name: SENDER, password: PASSWORD } });
  else await asked(line, { action: "presence", user: { account_name: `writer ${writer}`, status: "" } });
  if (place === ROOM) await asked(line, { action: "join", room: ROOM });
  return line;
}

/** All that was kept, conversation by conversation. */
async function histories({ port }: Served): Promise<Row[][]> {
  const rows: Row[] = [];
  let began = false;
  const line = await connect(port, { heard: (said) => began && rows.push(said as Heard & Row) });
  await asked(line, { action: "authenticate", user: { account_name: SENDER, password: PASSWORD } });
  await asked(line, { action: "join", room: ROOM }); // whose answer comes behind what is sent unasked
  began = true;
  const all: Row[][] = [];
  for (const place of [{ room: "#all" }, { room: ROOM }, { with: AWAY }]) {
    const conversation: Row[] = [];
    for (;;) {
      const after = conversation.at(-1)?.id ?? 0;
      const { quantity } = await asked(line, { action: "history", ...place, after, limit: PAGE }) as {
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

/** Says one thing, and hears that it went well. */
async function asked(line: Line, request: object): Promise<Heard> {
  await say(line, request);
  await line.until(() => line.answers.length > 0);
  const answer = line.answers.shift();
  if (answer?.response === undefined || answer.response >= 300) {
    throw new Error(`Cannot ${JSON.stringify(request)}: got ${JSON.stringify(answer) ?? line.over}`);
  }
  return answer;
}

function say(line: Line, ...requests: object[]): Promise<void> {
  const time = Math.floor(Date.now() / 1000);
  return line.say(encoder.encode(requests.map((each) => `${JSON.stringify({ time, ...each })}\n`).join("")));
}

function sum(all: readonly Said[], what: "said" | "acknowledged"): number {
  return all.reduce((total, each) => total + each[what], 0);
}
