// Two people at two terminals, as they would.

import assert from "node:assert/strict";
import { PASSWORD } from "../chat/accounts.ts";
import { startIn } from "../chat/program.ts";
import { start } from "../chat/start.ts";
import { ownPort } from "../own_port.ts";
import { cannot, joined, type Terminal, terminal } from "./terminal.ts";

/** Everything but the first row and the last, without the time and the name column's spaces: `ann › hello`. */
function said({ screen }: Terminal): string[] {
  return screen.rows.map((row) => row.replace(/^\d\d:\d\d +/, "")).filter((row) =>
    /[›│] \S/.test(row) && !/^#/.test(row)
  );
}

/** The line being typed, as it is seen. */
const line = (what: string) => (rows: readonly string[]) => rows.at(-1) === what;

Deno.test("client on a terminal prints above the line being typed, which survives and is said whole", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using ann = await joined(chat.port, "ann");
  await using bob = await joined(chat.port, "bob");
  await ann.type("half a li");
  await ann.shows(line("#all › half a li"));
  await bob.type("hello ann, https://example.com/x is it\r");
  await ann.shows((rows) => /bob │ hello ann, https/.test(rows.at(-2)!) && rows.at(-1) === "#all › half a li");
  assert.equal(ann.screen.bells, 1);
  await ann.resize(30);
  await ann.type("ne, with 漢\x1b[D字 and \x01a ");
  await ann.shows((rows) => rows.slice(-2).join(" ") === "#all › a half a line, with 字 and 漢");
  await ann.type("\r");
  await bob.shows(/ann │ a half a line, with 字 and 漢/);
  assert.deepEqual(said(bob), ["bob › hello ann, https://example.com/x is it", "ann │ a half a line, with 字 and 漢"]);
  await ann.type("\x04");
  assert.equal(await ann.ended, 0);
});

Deno.test(
  "client on a terminal completes with Tab, joins rooms, marks what is said elsewhere, and speaks to one alone",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    await using ann = await joined(chat.port, "ann");
    await using bob = await joined(chat.port, "bob");
    await ann.type("/jo\t");
    await ann.shows(line("#all › /join"));
    await ann.type("#cats\r");
    await ann.shows(line("#cats ›"));
    await bob.type("/join #cats\r");
    await bob.shows(line("#cats ›"));
    await ann.type("/room #all\r");
    await ann.shows(line("#all ›"));
    await bob.type("meow\r");
    await ann.shows(line("#all (#cats 1) ›"));
    await bob.type("/msg an\t");
    await bob.shows(line("#cats › /msg ann"));
    await bob.type("psst\r");
    await ann.shows(/@bob │ psst/);
    await ann.type("/room #c\t\r");
    await ann.shows(/bob │ meow/);
    await ann.shows(line("#cats ›"));
    await bob.type("/msg nobody hi\r/foo\r");
    await bob.shows(/The server refuses "hi"/);
    await bob.shows(/No command "\/foo"/);
    await bob.type("/quit\r");
    assert.equal(await bob.ended, 0);
  },
);

Deno.test(
  "client on a terminal asks before it sends many pasted lines, and sends them as they are",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    await using ann = terminal(["127.0.0.1", String(chat.port), "-n", "ann"]);
    const bob = await chat.join("bob");
    await ann.shows(/Joined/);
    await ann.type("\x1b[200~one\n/two\n\x1b[201~");
    await ann.shows(line("Send 2 lines to #all? y/N"));
    await ann.type("n");
    await ann.shows(/Nothing was sent/);
    await ann.type("\x1b[200~one\n/two\n\x1b[201~");
    await ann.shows(line("Send 2 lines to #all? y/N"));
    await ann.type("y");
    await bob.expect({ message: "one" });
    await bob.expect({ message: "/two" });
  },
);

Deno.test("client on a terminal never shows a password, and logs in again with it", { ignore: cannot }, async () => {
  await using chat = await start();
  await using ann = await joined(chat.port, "ann");
  await ann.type("/register\r");
  await ann.shows(line("New password of ann:"));
  await ann.type("correct horse\r");
  await ann.shows(line("Once more:"));
  await ann.type("correct horse\r");
  await ann.shows(/ann is yours from now on/);
  await ann.type("\x1b[A");
  await ann.shows(line("#all › /register"));
  assert.ok(!ann.raw().includes("correct") && !ann.raw().includes("horse"));
  await using again = terminal(["127.0.0.1", String(chat.port), "-n", "ann"]);
  await again.shows(line("Password of ann:"));
  await again.type("a guess\r");
  await again.shows(/account "ann" with that/);
  await again.type("correct horse\r");
  await again.shows(/Joined/);
});

Deno.test(
  "client on a terminal outlives a server that is killed: nothing is lost, nothing doubled, what was typed is sent",
  { ignore: cannot },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "hanita-terminal-" });
    const where = ["127.0.0.1", String(ownPort())] as const, options = ["-a", where[0], "-p", where[1]];
    await using first = await startIn(folder, ...options);
    await using ann = terminal([...where, "-n", "ann"]);
    await ann.shows(/Joined/);
    await using bob = terminal([...where, "-n", "bob"]);
    await bob.shows(/Joined/);
    for (const each of [ann, bob]) {
      await each.type("/join #cats\r");
      await each.shows(line("#cats ›"));
    }
    await ann.type("one\r");
    await bob.shows(/ann │ one/);
    await bob.type("two\r");
    await ann.shows(/bob │ two/);
    await ann.type("half");
    await ann.shows(line("#cats › half"));
    first.kill("SIGKILL");
    await first.ended;
    await ann.shows(line("#cats (offline) › half"));
    await ann.type(" a line\r");
    await bob.shows(/connection is lost/);
    await bob.type("while it was down\r");
    await bob.shows(line("#cats (offline, 1 in wait) ›"));
    await using _second = await startIn(folder, ...options);
    await ann.shows(/connection is back/);
    await bob.shows(/connection is back/);
    await bob.shows(/ann │ half a line/);
    await ann.shows(/bob │ while it was down/);
    await ann.type("three\r");
    await ann.shows(/ann › three/);
    await bob.shows(/ann │ three/);
    assert.deepEqual(said(ann).toSorted(), [
      "ann › half a line",
      "ann › one",
      "ann › three",
      "bob │ two",
      "bob │ while it was down",
    ]);
    assert.deepEqual(said(bob).toSorted(), [
      "ann │ half a line",
      "ann │ one",
      "ann │ three",
      "bob › two",
      "bob › while it was down",
    ]);
  },
);

Deno.test(
  "client on a terminal has no colours under NO_COLOR, and colours a name otherwise",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    const where = ["127.0.0.1", String(chat.port)];
    await using plain = terminal([...where, "-n", "ann"], 60, { NO_COLOR: "1" });
    await using coloured = terminal([...where, "-n", "cat"], 60, { NO_COLOR: "" });
    await plain.shows(/Joined/);
    await coloured.shows(/Joined/);
    await plain.type("hi\r");
    await coloured.shows(/ann │ hi/);
    assert.match(coloured.raw(), /\[38;5;\d+mann/);
    assert.doesNotMatch(plain.raw(), /\[[\d;]*m/);
  },
);

Deno.test("client says what it still can when the window of its terminal is closed, and ends well", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const bob = await chat.join("bob");
  const ann = terminal(["127.0.0.1", String(chat.port), "-n", "ann"]);
  await ann.shows(/Joined/);
  await ann.type("bye\r");
  await ann.shows(/ann › bye/);
  await ann[Symbol.asyncDispose]();
  await bob.expect({ message: "bye" });
  assert.equal(await ann.ended, 0);
});

Deno.test(
  "client on a terminal speaks to the very person and goes to the very room that it names, whatever is in the name",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    const bob = await chat.join("bob"), at = await chat.join("@bob"), lee = await chat.join("Ann Lee");
    await using ann = await joined(chat.port, "ann");
    await ann.type("/who\r");
    await ann.shows(/4 here/);
    await ann.type("/msg @b\t");
    await ann.shows(/^"@bob" \(guest\) {2}bob \(guest\)$/);
    await ann.type("\x15/msg @bob for you alone\r");
    await at.expect({ message: "for you alone" });
    await ann.type("/msg bo\tand for you\r");
    await bob.expect({ message: "and for you" });
    await ann.type("/msg An\thello\r");
    await lee.expect({ message: "hello" });
    await ann.type("/join #my room\r");
    await ann.shows(line("#my room ›"));
    await ann.type("/room #all\r/room #MY ROOM\r");
    await ann.shows(line("#my room ›"));
    await ann.type('/leave "#my r\t\r');
    await ann.shows(line("#all ›"));
  },
);

Deno.test(
  "client on a terminal that was stopped and goes on has the terminal to itself again, and shows no password",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    await using ann = await joined(chat.port, "ann");
    await ann.type("half a line");
    await ann.shows(line("#all › half a line"));
    const marks = () => ann.raw().split("\x1b[?2004h").length - 1;
    for (const stops of [1, 2]) {
      await ann.signal("SIGSTOP");
      await ann.asShell();
      await ann.signal("SIGCONT");
      await ann.shows((rows) => marks() === 1 + stops && rows.at(-1) === "#all › half a line");
    }
    await ann.type("\x15/login bob\r");
    await ann.shows(line("Password of bob:"));
    // Nothing is typed before: the kernel may look at keys a little later, when the shell has made it show them.
    await ann.signal("SIGSTOP");
    await ann.asShell();
    await ann.signal("SIGCONT");
    await ann.shows((rows) => marks() === 4 && rows.at(-1) === "Password of bob:");
    await ann.type("correct horse\r");
    await ann.shows(/You are bob now/);
    assert.ok(!ann.raw().includes("correct") && !ann.raw().includes("horse"));
    await ann.type("\x04");
    assert.equal(await ann.ended, 0);
    assert.equal(await ann.asItWas, true);
  },
);

for (
  const way of ["/quit\r", "\x03", "\x04", "SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "stopped, then SIGTERM"] as const
) {
  Deno.test(`client on a terminal leaves it as it was: ${JSON.stringify(way)}`, { ignore: cannot }, async () => {
    await using chat = await start();
    await using ann = await joined(chat.port, "ann");
    if (way === "stopped, then SIGTERM") {
      for (const signal of ["SIGSTOP", "SIGTERM", "SIGCONT"] as const) await ann.signal(signal);
    } else if (way.startsWith("SIG")) await ann.signal(way as Deno.Signal);
    else await ann.type(way);
    assert.equal(await ann.ended, 0);
    assert.equal(await ann.asItWas, true);
    assert.ok(ann.raw().lastIndexOf("\x1b[?2004l") > ann.raw().lastIndexOf("\x1b[?2004h"), "pastes are still marked");
  });
}

Deno.test("client on a terminal leaves it as it was when the server turns it away", { ignore: cannot }, async () => {
  await using chat = await start({ rules: { guests: false } });
  await using ann = terminal(["127.0.0.1", String(chat.port), "-n", "ann"]);
  await ann.shows(/Password of ann:/);
  await ann.type("\x03");
  assert.equal(await ann.ended, 1);
  assert.equal(await ann.asItWas, true);
});

Deno.test(
  "client on a terminal shows who is an account and who a guest, in messages, in the list, on coming and in completion",
  { ignore: cannot },
  async () => {
    await using chat = await start({ accounts: ["bob"] });
    await using ann = await joined(chat.port, "ann", 80);
    const bob = await chat.login("bob"), guests = [await chat.join("Guest"), await chat.join("Guest")];
    await bob.sayOk({ action: "msg", time: 1764000000, to: "#all", message: "by an account" });
    await guests[1]!.expect({ message: "by an account" });
    await guests[1]!.sayOk({ action: "msg", time: 1764000000, to: "#all", message: "by the second" });
    await ann.shows(/^\d\d:\d\d \+ {8}bob │ by an account$/);
    await ann.shows(/^\d\d:\d\d #2 {5}Guest │ by the second$/);
    await ann.type("/who\r");
    await ann.shows(/· 4 here/);
    await ann.shows(/^ +accounts: bob$/);
    await ann.shows(/^ +guests: ann, Guest ×2$|^ +guests: Guest ×2, ann$/);
    await ann.type("/msg \t");
    await ann.shows(/^Guest \(guest\) {2}bob \(account\)$/);
    await ann.type("b\tpsst\r");
    await bob.expect({ message: "by the second" });
    await bob.expect({ message: "psst", from: "ann" });
  },
);

Deno.test(
  "a reply, an edit, a reaction and a deletion are seen at two terminals and by a plain program, each in its way",
  {
    ignore: cannot,
  },
  async () => {
    await using chat = await start();
    await using ann = await joined(chat.port, "ann");
    await using bob = await joined(chat.port, "bob");
    const plain = await chat.join("plain");
    await ann.type("Tea, or coffee?\r");
    await bob.shows(/ann │ Tea, or coffee\?/);
    await plain.expect({ message: "Tea, or coffee?" });
    await bob.type("/rep\tan\tTea!\r");
    await bob.shows(/bob › > ann: Tea, or coffee\?/);
    await ann.shows(/bob │ > ann: Tea, or coffee\?/);
    await ann.shows(/│ Tea!/);
    await plain.expect({ from: "bob", message: "> ann: Tea, or coffee?\nTea!" });
    await ann.type("/edit Water?\r");
    await ann.shows(/ann › ✎ Water\?/);
    await bob.shows(/ann │ ✎ Water\?/);
    await plain.expect({ from: "ann", message: "✎ Water?" });
    await bob.type("/react ann 👍\r");
    await ann.shows(/guest bob: 👍 on "ann: Water\?"/);
    await bob.type("/delete\r");
    await bob.shows(/Deleted: "bob: Tea!"/);
    await ann.shows(/guest bob has deleted "bob: Tea!"/);
    await plain.silence();
    const rows = await plain.ask({ action: "history", time: 1 });
    assert.deepEqual(rows.map(({ message }) => message), ["Water?", "(this message was deleted)"]);
    await ann.type("/history\r");
    await ann.shows(/bob │ \(deleted\)/);
    await ann.shows(/ann › ✎ Water\?/);
  },
);

Deno.test("client on a terminal has the counts of its account, tells who writes, and what people say of themselves", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const bob = await chat.login("bob");
  await bob.sayOk({ action: "presence", time: 1, features: ["id", "read", "typing", "status"] });
  await bob.say({ action: "join", time: 1, room: "#cats" });
  await bob.expect({ response: 201 });
  const login = async (peer: Terminal) => {
    await peer.shows(line("Password of ann:"));
    await peer.type(`${PASSWORD}\r`);
    await peer.shows(/Joined/);
  };
  await using ann = terminal(["127.0.0.1", String(chat.port), "-n", "ann"]);
  await login(ann);
  await ann.type("/join #cats\r");
  await ann.shows(line("#cats ›"));
  await ann.type("/room #all\r");
  await ann.shows(line("#all ›"));
  const { id } = await bob.sayOk({ action: "msg", time: 1, to: "#cats", message: "Ann, meow" });
  await ann.shows(line("#all (#cats 1!) ›"));
  await using phone = terminal(["127.0.0.1", String(chat.port), "-n", "ann"]);
  await login(phone);
  await phone.shows(line("#all (#cats 1!) ›"));
  await bob.sayOk({ action: "typing", time: 1 });
  await phone.shows(line("#all (bob is typing, #cats 1!) ›"));
  await bob.sayOk({ action: "msg", time: 1, message: "so" });
  await phone.shows(line("#all (#cats 1!) ›"));
  await phone.type("/room #cats\r");
  await phone.shows(line("#cats ›"));
  await phone.shows(/Ann, meow/); // the room's history may come behind the key that opened the room
  await phone.type("\x1b[D"); // what is shown is read with the next key
  await ann.shows(line("#all ›")); // some seconds later it is read here too
  await ann.type("he");
  await bob.expect({ action: "typing", from: "ann", to: "#all" });
  await ann.type("llo\r");
  await bob.expect({ message: "hello" });
  await bob.sayOk({ action: "status", time: 1, away: true, status: "at lunch" });
  await ann.shows(/· bob: away, at lunch/);
  await ann.type("/status \u{1F35D} too\r");
  await ann.shows(/Your status: \u{1F35D} too/u);
  await bob.expect({ action: "status", user_id: "ann", emoji: "\u{1F35D}", status: "too" });
  await ann.type("/who\r");
  await ann.shows((rows) => rows.some((row) => /ann: \u{1F35D} too/u.test(row)));
  assert.ok(id > 0);
});
