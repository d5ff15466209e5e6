/** Names that look like another's, that nobody can see, or that mean something to a program; and texts with half a letter. */
import { nameKey } from "../../../jim/mod.ts";
import { Client, login, PASSWORD } from "../client.ts";
import type { Random } from "../random.ts";
import type { Scenario, ScenarioContext } from "../scenario.ts";
import { flawIn } from "../output_flaw.ts";

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

async function run(context: ScenarioContext): Promise<void> {
  const { port } = context, owner = await Client.connect(port);
  const registered = await owner.request({ action: "register", user: { account_name: ACCOUNT, password: PASSWORD } });
  await owner.request(login(ACCOUNT));
  await context.begin();
  const reader = await Client.join(port, "reads names", { watch: true });
  const others = Array.from({ length: context.scaled(DRAWN) }, () => drawn(context.random));
  for (const name of [...NAMES, ...LOOKALIKES, ...others]) {
    const guest = await Client.connect(port);
    const answer = await guest.request({ action: "presence", user: { account_name: name, status: name } });
    if (answer === undefined) context.report(`${guest.ended || "no answer"} to the name ${quote(name)}`, "an answer");
    else if (registered?.response! < 300 && answer.response === 200 && nameKey(name) === nameKey(ACCOUNT)) {
      context.report(`a guest with the name ${quote(name)}`, `a refusal: ${quote(ACCOUNT)} is an account`);
    } else if (registered?.response! < 300 && answer.response === 200 && LOOKALIKES.includes(name)) {
      context.report(
        `a guest with the name ${quote(name)}`,
        `a refusal: it looks like the account ${quote(ACCOUNT)}`,
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
      const { answer } = await guest.requestList(request);
      if (answer === undefined || answer.response! >= 500) {
        context.report(`${answer?.response ?? (guest.ended || "no answer")} to ${quote(request)}`, "an answer");
      }
    }
    guest.close();
  }
  await tell(
    context,
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
    const { rows } = await reader.requestList({ action });
    for (const row of rows) report(context, row);
  }
  reader.close();
  owner.close();
  await privacy(context);
}

/** Says these, one by one. */
async function tell(context: ScenarioContext, requests: readonly string[]): Promise<void> {
  const client = await Client.join(context.port, "halves");
  for (const request of requests) {
    await client.send(new TextEncoder().encode(`${request}\n`));
    const answer = await client.answer();
    if (answer === undefined) context.report(`${client.ended || "no answer"} to ${request}`, "an answer");
    else report(context, answer);
  }
  client.close();
}

/** An account with a name such as a program's mark of a guest must not read what that guest was sent. */
async function privacy(context: ScenarioContext): Promise<void> {
  const secret = "a secret between guests";
  const bob = await Client.connect(context.port);
  await bob.request({ action: "register", user: { account_name: "bob", password: PASSWORD } });
  await bob.request(login("bob"));
  const guest = await Client.join(context.port, "iris");
  await guest.request({ action: "msg", to: "bob", message: secret });
  guest.close();
  for (const name of ["~iris", "@iris", "iris\u0000bob", "#iris", "~iris\u0000", "iris"]) {
    const other = await Client.connect(context.port);
    await other.request({ action: "register", user: { account_name: name, password: PASSWORD } });
    const entered = await other.request(login(name));
    if (entered?.response === 200) {
      const { rows } = await other.requestList({ action: "history", with: "bob" });
      if (rows.some(({ message }) => message === secret)) {
        context.report(`the account ${quote(name)} read what the guest "iris" wrote`, "nothing that is another's");
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

function report(context: ScenarioContext, told: unknown): void {
  const why = flawIn(told);
  if (why !== undefined) context.report(`in an answer or a row ${why}`, "only what every client can read");
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}
