// Numbers and texts that a program gets wrong, and what others are told of them: never what could trip them.

import assert from "node:assert/strict";
import { memoryStore } from "./store.ts";
import { cheaply, PASSWORD } from "./accounts.ts";
import { cannot, start } from "./start.ts";

const FAR = ["1764000000123456789", "9999999999999", "8640000000001", "-9e18", "1e999", '"1764000000123456789"'];

/** Plain JIM by lines, which may take the short way. */
function said(time: string, message: string): string {
  return `{"action":"msg","time":${time},"to":"#all","from":"ann","encoding":"utf-8","message":"${message}"}\n`;
}

Deno.test("a time that no clock can show is replaced by the server's, and the answer says so", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  for (const time of FAR) {
    const { alert } = await ann.sayOk(said(time, "when"));
    assert.match(alert, /^ok; time: expected Unix seconds as a number, such as 1764000000, so/, time);
    const heard = await bob.hear();
    assert.ok(Math.abs(heard.time - Date.now() / 1000) < 60, `${heard.time}`);
  }
  for (const row of await bob.ask({ action: "history", time: 1, room: "#all" })) {
    assert.ok(Math.abs(row.time - Date.now() / 1000) < 60, `${row.time}`);
  }
});

Deno.test("a time that is wrong and can be shown is relayed as it was said", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  for (const time of [0, -1, 0.5, 1764000000000, 7999999999999, 8.64e12]) {
    await ann.sayOk(said(String(time), "when"));
    assert.equal((await bob.hear()).time, time);
  }
});

Deno.test("the end of a ban is a time, or is refused with what would be right", { ignore: cannot }, async () => {
  const store = memoryStore();
  store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  store.putBan({ kind: "name", who: "eve", until: 9999999999999 }); // as an older version kept it
  await using chat = await start({ store });
  const op = await chat.login("op");
  for (const until of ["9999999999999", "1e999", '"2027-01-01"', "[1]"]) {
    await op.say(`{"action":"ban","time":1,"user_id":"zoe","until":${until}}\n`);
    const { error } = await op.expect({ response: 400 });
    assert.match(error, /^until: expected Unix seconds as a number of at most 8640000000000, such as 1764086400, got /);
  }
  const zoe = await chat.join("zoe"), eve = await chat.connect();
  await eve.say({ action: "presence", time: 1, user: { account_name: "eve", status: "" } });
  await eve.expect({ response: 403, error: "You may not come in here" });
  await zoe.silence();
});

Deno.test(
  "half an emoji reaches nobody: in a text it is U+FFFD, in a name it is refused",
  { ignore: cannot },
  async () => {
    const store = memoryStore();
    store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
    await using chat = await start({ store });
    const op = await chat.login("op"), ann = await chat.connect(), bob = await chat.connect();
    const heard: string[] = [];
    await op.sayOk('{"action":"motd","time":1,"text":"hello \\ud83d"}\n');
    for (const [peer, name] of [[bob, "bob"], [ann, "ann"]] as const) {
      await peer.sayOk(
        `{"action":"presence","time":1,"watch":true,"user":{"account_name":"${name}","status":"at home \\ude00"}}\n`,
      );
      await peer.expect({ response: 100, alert: "hello \ufffd" });
    }
    await bob.expect({ action: "presence", user: { account_name: "ann", status: "at home \ufffd" } });
    for (const [message, whole] of [["cut \\ud83d", "cut \ufffd"], ["\\ude00 \\ud83d\\ude00", "\ufffd 😀"]]) {
      await ann.sayOk(`{"action":"msg","time":1,"to":"#all","from":"ann","encoding":"utf-8","message":"${message}"}\n`);
      await bob.expect({ message: whole });
      await ann.sayOk(`{"action":"msg","time":1,"to":"bob","message":"${message}"}\n`);
      await bob.expect({ message: whole });
    }
    for (const row of await bob.ask('{"action":"history","time":1}\n')) heard.push(row.message);
    assert.deepEqual(heard, ["cut \ufffd", "\ufffd 😀"]);
    for (const name of ["ann\\ud83d", "\\ude00"]) {
      await ann.say(`{"action":"presence","time":1,"user":{"account_name":"${name}","status":""}}\n`);
      await ann.expect({ response: 400 });
      await ann.say(`{"action":"join","time":1,"room":"#${name}"}\n`);
      await ann.expect({ response: 400 });
    }
    await ann.say(
      new Uint8Array([
        ...new TextEncoder().encode('{"action":"msg","time":1,"message":"'),
        0xed,
        0xa0,
        0xbd,
        34,
        125,
        10,
      ]),
    );
    await ann.expect({ response: 400 });
    for (const text of [...ann.segments, ...bob.segments]) assert.doesNotMatch(text, /[^\\]\\ud[89a-f]/i);
    await bob.silence();
  },
);

const utf8 = new TextEncoder(), presence = '{"action":"presence","time":1,"user":{"account_name":"net","status":""}}';

Deno.test("a byte order mark before an object is white space, as .NET writes it", { ignore: cannot }, async () => {
  await using chat = await start();
  const net = await chat.connect(), bob = await chat.join("bob");
  for (const byte of utf8.encode("\ufeff")) await net.say(Uint8Array.of(byte));
  await net.say(utf8.encode(`${presence}\r\n`));
  await net.expect({ response: 200 });
  await net.say(utf8.encode('\ufeff{"action":"msg","time":1,"to":"#all","message":"hello"}\r\n'));
  await net.expect({ response: 200 });
  await bob.expect({ from: "net", message: "hello" });
  const bare = await chat.bare();
  await bare.say(utf8.encode(`\ufeff${presence}`));
  await bare.expect({ response: 200 });
});

Deno.test("an encoding that is not UTF-8 is named in the refusal", { ignore: cannot }, async () => {
  await using chat = await start();
  const net = await chat.connect();
  const wide = (text: string) => Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0]));
  for (const text of [`\ufeff${presence}\r\n`, `${presence}\r\n`, presence, presence]) {
    const bytes = wide(text);
    if (text.startsWith("\ufeff")) bytes.set([0xff, 0xfe]);
    await net.say(bytes);
    const { error } = await net.expect({ response: 400 });
    assert.match(
      error,
      /^Expected UTF-8, got .*, which looks like UTF-16; in \.NET write with new UTF8Encoding\(false\)$/,
    );
  }
  await net.say(
    Uint8Array.from([...utf8.encode('\n{"action":"msg","time":1,"message":"'), 0xef, 0xf0, 0xe8, 34, 125, 10]),
  );
  const { error } = await net.expect({ response: 400 });
  assert.match(
    error,
    /^Expected UTF-8, got byte 0xEF at position 36, which looks like Windows-1251$/,
  );
  await net.say(utf8.encode(`${presence}\n`));
  await net.expect({ response: 200 });
});
