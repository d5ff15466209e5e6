import assert from "node:assert/strict";
import fc from "fast-check";
import { plain } from "../../../client/terminal/paint.ts";
import { Talk } from "../../../client/terminal/talk.ts";
import { Screen } from "../../terminal/screen.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();
type Fields = Record<string, unknown>;

const OK = { response: 200, alert: "ok" };
const JIM = { response: 200, alert: "welcome", jim: 1 };

/** A chat at 0, with what it says to the server, and what is to be seen. */
function meet(name = "ann") {
  const talk = new Talk({ address: "127.0.0.1", port: 7777, name }, plain, () => 0.5, 0);
  const screen = new Screen(80);
  const asked: Fields[] = [];
  let now = 0;
  const look = () => {
    screen.write(talk.window.out);
    talk.window.out = "";
    return screen.rows;
  };
  /** The next objects that it sends. */
  const said = (): Fields[] => {
    const bytes = talk.open ? talk.requests.take(now) : undefined;
    const objects = bytes === undefined
      ? []
      : decoder.decode(bytes).trimEnd().split("\n").map((line) => JSON.parse(line));
    asked.push(...objects);
    return objects;
  };
  const hear = (...objects: object[]) => {
    talk.framer.push(encoder.encode(objects.map((each) => JSON.stringify(each)).join("")));
    talk.hear(now);
  };
  return {
    talk,
    screen,
    look,
    said,
    hear,
    asked,
    type: (text: string) => talk.type(encoder.encode(text), now),
    pass(ms: number) {
      now += ms;
      talk.pass(now);
    },
    connect(answer: object = OK) {
      talk.connected(now);
      said();
      hear(answer);
    },
    lose: () => talk.lost(now),
    /** Answers what a server like Hanita is asked on coming in. */
    serve(past: (asked: Fields) => object[] = () => []) {
      for (let objects = said(); objects.length > 0; objects = said()) {
        for (const each of objects) {
          const rows = each.action === "history" ? past(each) : [];
          hear(each.action === "msg" ? OK : { response: 202, quantity: rows.length }, ...rows);
        }
      }
    },
    get now() {
      return now;
    },
  };
}

const msg = (from: string, message: string, more: object = {}) => ({
  action: "msg",
  time: 0,
  to: "#all",
  from,
  message,
  ...more,
});
const seen = (rows: readonly string[], what: RegExp) => rows.filter((row) => what.test(row)).length;

Deno.test("Talk with a server that only knows presence and msg: what it lacks is said in a line, and nothing breaks", () => {
  const { type, said, hear, connect, look, pass, talk } = meet();
  connect();
  for (const wish of ["/rooms", "/history", "/search cats", "/register"]) {
    type(`${wish}\r`);
    assert.deepEqual(said(), [], wish);
    assert.match(look().at(-2)!, /This server has no \//, wish);
  }
  for (const wish of ["/join #cats", "/who", "/contacts", "/contacts add bob"]) {
    type(`${wish}\r`);
    assert.equal(said().length, 1);
    pass(701);
    assert.match(look().slice(-3).join(" "), /No answer to \//, wish);
  }
  type("/who\r");
  said();
  hear({ response: 400, error: "what?" });
  assert.match(look().at(-2)!, /The server refuses \/who: what\?/);
  hear({ action: "message", sender: "bob", mess_text: "hi" }, {
    action: "msg",
    from: "eve",
    to: "#chat",
    message: "ho",
  });
  assert.equal(seen(look(), /(bob │ hi|eve │ ho)$/), 2);
  type("hello\r");
  assert.equal(said()[0]!.message, "hello");
  assert.equal(look().at(-1), "#all ›");
  assert.equal(talk.open, true);
});

Deno.test("Talk joins a server that does not answer, and speaks to it with care", () => {
  const { talk, said, pass, type, look } = meet();
  talk.connected(0);
  assert.equal(said()[0]!.action, "presence");
  pass(701);
  assert.match(look()[0]!, /Joined 127.0.0.1:7777 as ann; it does not answer/);
  type("one\rtwo\r");
  assert.deepEqual(said().map(({ message }) => message), ["one"]);
  assert.deepEqual(said(), []);
  pass(701);
  assert.deepEqual(said().map(({ message }) => message), ["two"]);
});

Deno.test("Talk says a long text to a careful server in parts, and does not fall over one that was on its way", () => {
  const { connect, type, said, lose, look, pass } = meet();
  connect();
  type(`${"long ".repeat(400)}\r`);
  assert.equal(said().length, 1);
  lose();
  connect();
  assert.equal(seen(look(), /Nobody knows whether this has arrived/), 1);
  pass(1);
  assert.equal(said().length, 1);
});

Deno.test("Talk makes what others say harmless, and rings when it is called", () => {
  const { connect, hear, look, screen, talk } = meet();
  connect();
  hear(msg("e\x1b[2Jve", "red\x1b[31m\u202e, ANN!\nand this is eve │ no"));
  assert.ok(
    !talk.window.out.includes("\u202e") && !talk.window.out.includes("\x1b[2J") &&
      !talk.window.out.includes("\x1b[31m"),
  );
  const rows = look();
  assert.match(rows.at(-3)!, /e␛\[2Jve │ red␛\[31m�, ANN!$/);
  assert.match(rows.at(-2)!, /^ +│ and this is eve │ no$/);
  assert.equal(screen.bells, 1);
  hear(msg("bob", "anna and joann"));
  look();
  assert.equal(screen.bells, 1);
});

Deno.test("Talk marks unread rooms in the prompt, shows them when one goes there, and private messages at once", () => {
  const { connect, serve, hear, type, look, screen } = meet();
  connect(JIM);
  serve();
  type("/join #cats\r");
  serve();
  type("/room #all\r");
  hear(msg("bob", "meow", { to: "#cats", id: 1 }), msg("bob", "ann?", { to: "#cats", id: 2 }));
  assert.equal(look().at(-1), "#all (#cats 2!) ›");
  assert.equal(screen.bells, 1);
  hear(msg("bob", "psst", { to: "ann", id: 3 }));
  assert.match(look().at(-2)!, /@bob │ psst$/);
  type("/room #cats\r");
  assert.equal(look().at(-1), "#cats ›");
  assert.equal(seen(look(), /bob │ (meow|ann\?)$/), 2);
  type("/room bob\rhi\r");
  assert.match(look().at(-2)!, /ann › hi$/);
  assert.equal(look().at(-1), "@bob ›");
});

Deno.test("Talk says again only what is not in the past when it does not know whether it has arrived", () => {
  const { connect, serve, type, said, lose, look, asked } = meet();
  connect(JIM);
  serve();
  type("kept\rlost\r");
  const sent = said();
  lose();
  type("later\r");
  connect(JIM);
  serve((each) => each.after === undefined ? [] : [{ ...sent[0]!, id: 7 }]);
  const texts = asked.filter(({ action }) => action === "msg").map(({ message }) => message);
  assert.deepEqual(texts, ["kept", "lost", "lost", "later"]);
  assert.equal(asked.findLast(({ message }) => message === "lost")!.time, sent[1]!.time);
  assert.equal(seen(look(), /ann › (kept|lost|later)$/), 3);
  assert.equal(seen(look(), /The connection is back after 0 s, 2 messages were sent$/), 1);
});

Deno.test("Talk does not know whether a guest's private message has arrived, and says so", () => {
  const { connect, serve, type, said, lose, look, asked } = meet();
  connect(JIM);
  serve();
  type("/msg bob psst\r");
  said();
  lose();
  connect(JIM);
  serve();
  assert.equal(asked.filter(({ action }) => action === "msg").length, 1);
  assert.equal(seen(look(), /Nobody knows whether this has arrived: "psst"$/), 1);
});

Deno.test("Talk of an account reads what was said in private meanwhile, and only that", () => {
  const { connect, serve, type, said, hear, lose, look, asked } = meet();
  connect(JIM);
  serve();
  type("/login\rsecret\r");
  said();
  hear(JIM);
  serve();
  hear(msg("eve", "hi", { id: 41 }));
  type("/msg bob psst\r");
  const [sent] = said();
  lose();
  connect(JIM);
  serve((each) => each.with === "bob" ? [{ ...sent, id: 42 }, msg("bob", "yes?", { to: "ann", id: 43 })] : []);
  assert.equal(asked.findLast((each) => each.with === "bob")!.after, 41);
  assert.equal(asked.filter(({ action }) => action === "msg").length, 1);
  assert.equal(seen(look(), /psst$/), 1);
  assert.equal(seen(look(), /@bob │ yes\?$/), 1);
});

Deno.test("Talk tries again after growing pauses, at once at Enter, and joins its rooms again", () => {
  const { talk, connect, serve, type, lose, pass, look, said } = meet();
  connect(JIM);
  serve();
  type("/join #cats\r");
  serve();
  lose();
  assert.equal(look().at(-1), "#cats (offline) ›");
  const pauses = [talk.retryAt];
  for (let times = 0; times < 6; times++) {
    talk.unconnected("Cannot connect", 0);
    pauses.push(talk.retryAt);
  }
  assert.deepEqual(pauses, [750, 1500, 3000, 6000, 12_000, 22_500, 22_500]);
  pass(10);
  type("\r");
  assert.equal(talk.retryAt, 10);
  talk.connected(10);
  said();
  pass(0);
  assert.equal(talk.retryAt, Infinity);
});

Deno.test("Talk takes a server that is known, and silent when it was asked, for lost", () => {
  const { talk, connect, serve, pass, said, look } = meet();
  connect(JIM);
  serve();
  pass(75_000);
  assert.deepEqual(said().map(({ action }) => action), ["probe"]);
  pass(9_999);
  assert.equal(talk.open, true);
  pass(1);
  assert.equal(talk.open, false);
  assert.equal(seen(look(), /the server does not answer/), 1);
});

Deno.test("Talk comes back by its password, and asks for it anew when it is refused", () => {
  const { talk, connect, serve, type, said, hear, lose, look } = meet();
  connect(JIM);
  serve();
  type("/login Bob\r");
  assert.equal(look().at(-1), "Password of Bob:");
  type("secret\r");
  assert.deepEqual(said()[0]!.user, { account_name: "Bob", password: "secret" });
  hear(JIM);
  serve();
  lose();
  talk.connected(0);
  assert.deepEqual(said()[0]!.user, { account_name: "Bob", password: "secret" });
  hear({ response: 402, error: "no" });
  assert.equal(look().at(-1), "Password of Bob:");
  type("\x03");
  assert.equal(talk.leaving, true);
});

Deno.test("Talk answers a probe with its presence, and leaves a server that refuses it", () => {
  const there = meet();
  there.connect();
  there.hear({ action: "probe", time: 1 });
  assert.equal(there.said()[0]!.action, "presence");
  const refused = meet();
  refused.connect({ response: 409, error: "taken" });
  assert.equal(refused.talk.leaving, true);
  assert.deepEqual(refused.talk.farewell(), { words: '127.0.0.1:7777 refuses "ann": taken', status: 1 });
});

Deno.test("Talk tells at the end what was not sent, and keeps a text that is too long on the line", () => {
  const { talk, connect, serve, type, lose, look, now } = meet();
  connect(JIM);
  serve();
  const long = "x".repeat(4001);
  type(`\x1b[200~${long}\x1b[201~\r`);
  assert.equal(seen(look(), /Cannot send a text of more than 4000 characters/), 1);
  type("\x03");
  lose();
  type("one\rtwo\r\x04");
  assert.equal(talk.over(now), true);
  assert.deepEqual(talk.farewell(), { words: "2 messages were not sent", status: 1 });
});

Deno.test("Talk never keeps a password that was typed behind its command", () => {
  const { connect, type, look } = meet();
  connect(JIM);
  type("/login ann hunter2\r\x1b[A");
  assert.equal(seen(look(), /hunter2/), 0);
});

Deno.test("Talk looks for a room that Tab does not know, so that the next Tab does", () => {
  const { connect, serve, type, said, hear, look } = meet();
  connect(JIM);
  serve();
  type("/join #le\t");
  assert.equal(said()[0]!.action, "rooms");
  hear({ response: 202, quantity: 1 }, { action: "room_list", room: "#lesson7", member: false });
  type("\t");
  assert.equal(look().at(-1), "#all › /join #lesson7");
});

Deno.test("Talk says nothing of the end of a connection that the user has left", () => {
  const { talk, connect, serve, type, lose, look } = meet();
  connect(JIM);
  serve();
  type("/quit\r");
  assert.equal(talk.done, true);
  lose();
  assert.equal(seen(look(), /lost/), 0);
  assert.deepEqual(talk.farewell(), { words: undefined, status: 0 });
});

Deno.test("Talk survives whatever a server sends and whatever is typed, and stays one line", () => {
  const field = fc.constantFrom(
    "action",
    "response",
    "from",
    "to",
    "message",
    "id",
    "quantity",
    "jim",
    "user",
    "time",
    "room",
    "user_id",
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("msg", "probe", "presence", "room_list", "#cats", "ann", 200, 202, 1, 402),
  );
  const object = fc.dictionary(field, value).map((fields) => ({ hear: fields }));
  const keys = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "\r",
      "\t",
      "\x1b[A",
      "\x1b[D",
      "/join #cats\r",
      "/room #cats\r",
      "/who\r",
      "/login\r",
      "y",
      "\x1b[200~a\nb\x1b[201~",
    ),
  ).map((type) => ({ type }));
  const event = fc.oneof(
    object,
    keys,
    fc.constantFrom({ do: "lose" as const }, { do: "connect" as const }, { do: "pass" as const }),
  );
  fc.assert(fc.property(fc.array(event, { maxLength: 30 }), (events) => {
    const { talk, connect, hear, type, lose, pass, said, look } = meet();
    connect(JIM);
    for (const event of events) {
      if ("hear" in event && talk.open) hear(event.hear);
      else if ("type" in event) type(event.type);
      else if ("do" in event && event.do === "lose") lose();
      else if ("do" in event && event.do === "pass") pass(11_000);
      else if (!talk.open && !talk.leaving) talk.connected(0);
      said();
      look();
    }
  }));
});
