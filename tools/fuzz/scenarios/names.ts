/** Names that look like another's, that nobody can see, or that mean something to a program; and texts with half a letter. */
import { nameKey } from "../../../jim/mod.ts";
import { Client, login, PASSWORD } from "../client.ts";
import type { Random } from "../random.ts";
import type { Scenario, Stage } from "../stage.ts";
import { unfit } from "../unfit.ts";

const ACCOUNT = "Zoë";
/** Spellings of {@linkcode ACCOUNT}, and others that look like nothing. */
const NAMES = [
  "Zoë",
  "zoë",
  "ZOË",
  "Zoe\u0308",
  "Zo\u00adë",
  "Zoë\u200b",
  "\u2060Zoë",
  "Zo\u034fë",
  "Zoë\ufe00",
  "Zo\u115fë",
  "\u0301\u0301",
  "\u0308Zoë",
  "\u3164",
  "\u202eëoZ",
  "~Zoë",
  "@1",
  "~",
  "#all",
  "__proto__",
  "constructor",
  "a\ud800",
  "\udc00b",
  "👩‍💻",
  "x".repeat(25),
  "\u0000",
];
/** Other letters, which look like those of {@linkcode ACCOUNT} on a screen. */
const LOOKALIKES = ["Z\u043eë", "\u0396oë", "Zo\u0451"];
/** Names that are drawn beside, and the letters that they are made of, by the ranges of their numbers. */
const DRAWN = 40;
const RANGES = [
  [0, 0xa0],
  [0x61, 0x7a],
  [0x300, 0x36f],
  [0x1100, 0x11ff],
  [0x2000, 0x206f],
  [0xd800, 0xdfff],
  [
    0xfe00,
    0xfeff,
  ],
  [0x1f300, 0x1f6ff],
  [0xe0000, 0xe01ef],
] as const;
const HALVES = ['"\\ud83d"', '"\\ude00 text"', '"a\\ud83db"', '"\\ud83d\\ud83d\\ude00"'];

/** Each of its registrations takes 64 MB while it lasts. */
export const names: Scenario = { growth: 256, run };

async function run(stage: Stage): Promise<void> {
  const { port } = stage, owner = await Client.connect(port);
  const registered = await owner.ask({ action: "register", user: { account_name: ACCOUNT, password: PASSWORD } });
  await owner.ask(login(ACCOUNT));
  await stage.begin();
  const reader = await Client.join(port, "reads names", { watch: true });
  const others = Array.from({ length: stage.many(DRAWN) }, () => drawn(stage.random));
  for (const name of [...NAMES, ...LOOKALIKES, ...others]) {
    const guest = await Client.connect(port);
    const answer = await guest.ask({ action: "presence", user: { account_name: name, status: name } });
    if (answer === undefined) stage.find(`${guest.ended || "no answer"} to the name ${quote(name)}`, "an answer");
    else if (registered?.response! < 300 && answer.response === 200 && nameKey(name) === nameKey(ACCOUNT)) {
      stage.find(`a guest with the name ${quote(name)}`, `a refusal: it is ${quote(ACCOUNT)}, who has an account`);
    } else if (registered?.response! < 300 && answer.response === 200 && LOOKALIKES.includes(name)) {
      stage.find(
        `a guest with the name ${quote(name)}`,
        `a refusal: it looks like ${quote(ACCOUNT)}, who has an account`,
      );
    }
    for (
      const request of [
        { action: "join", room: `#${name}` },
        { action: "msg", to: `#${name}`, message: name },
        { action: "msg", to: name, message: name },
        { action: "add_contact", user_id: name },
        { action: "history", with: name },
      ]
    ) {
      const { answer } = await guest.list(request);
      if (answer === undefined || answer.response! >= 500) {
        stage.find(`${answer?.response ?? (guest.ended || "no answer")} to ${quote(request)}`, "an answer");
      }
    }
    guest.close();
  }
  await tell(
    stage,
    HALVES.flatMap((half) => [
      `{"action":"msg","time":1,"to":"#all","message":${half}}`,
      `{"action":"presence","time":1,"user":{"account_name":"halves","status":${half}}}`,
      `{"action":"presence","time":1,"user":{"account_name":${half},"status":""}}`,
      `{"action":"join","time":1,"room":${half.replace('"', '"#')}}`,
      `{"action":"${half.slice(1, -1)}","time":1}`,
      `{"action":"msg","time":1,"to":"#all","message":"hello","extra":${half}}`,
    ]),
  );
  for (const action of ["who_online", "rooms", "history"]) {
    const { rows } = await reader.list({ action });
    for (const row of rows) report(stage, row);
  }
  reader.close();
  owner.close();
  await privacy(stage);
}

/** Says these, one by one. */
async function tell(stage: Stage, requests: readonly string[]): Promise<void> {
  const client = await Client.join(stage.port, "halves");
  for (const request of requests) {
    await client.say(new TextEncoder().encode(`${request}\n`));
    const answer = await client.answer();
    if (answer === undefined) stage.find(`${client.ended || "no answer"} to ${request}`, "an answer");
    else report(stage, answer);
  }
  client.close();
}

/** An account whose name begins as a program might mark a guest's reads nothing that the guest was told. */
async function privacy(stage: Stage): Promise<void> {
  const secret = "a secret between guests";
  const bob = await Client.connect(stage.port);
  await bob.ask({ action: "register", user: { account_name: "bob", password: PASSWORD } });
  await bob.ask(login("bob"));
  const guest = await Client.join(stage.port, "iris");
  await guest.ask({ action: "msg", to: "bob", message: secret });
  guest.close();
  for (const name of ["~iris", "@iris", "iris\u0000bob", "#iris", "~iris\u0000", "iris"]) {
    const other = await Client.connect(stage.port);
    await other.ask({ action: "register", user: { account_name: name, password: PASSWORD } });
    const entered = await other.ask(login(name));
    if (entered?.response === 200) {
      const { rows } = await other.list({ action: "history", with: "bob" });
      if (rows.some(({ message }) => message === secret)) {
        stage.find(`the account ${quote(name)} read what the guest "iris" wrote`, "nothing that is another's");
      }
    }
    other.close();
  }
  bob.close();
}

/** A name of letters that hardly go together; now and then the account's, with one of them in it. */
function drawn(random: Random): string {
  const letter = () => {
    const [from, to] = random.pick(RANGES);
    return String.fromCodePoint(from + random.below(to - from + 1));
  };
  if (random.once(2)) return Array.from({ length: 1 + random.below(12) }, letter).join("");
  const at = random.below(ACCOUNT.length + 1);
  return ACCOUNT.slice(0, at) + letter() + ACCOUNT.slice(at);
}

function report(stage: Stage, told: unknown): void {
  const why = unfit(told);
  if (why !== undefined) stage.find(`in an answer or a row ${why}`, "what every client can bear");
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}
