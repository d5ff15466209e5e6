// The protocol as it is written down against the server as it is: each sample of docs/protocol.md is a conversation.

import assert from "node:assert/strict";
import { read } from "../../cli/mod.ts";
import { ACTIONS } from "../../jim/message.ts";
import { program } from "../../server/options.ts";
import { memoryStore } from "../chat/store.ts";
import { cheaply, PASSWORD } from "../chat/accounts.ts";
import { cannot, type Chat, type Peer, start } from "../chat/start.ts";
import { makeFolder } from "../log/folder.ts";
import { may } from "../may.ts";

const text = may("read") ? Deno.readTextFileSync(new URL("../../docs/protocol.md", import.meta.url)) : "";
/** Entering; a presence without a name is of a connection that has one. */
const ENTERS = /^\{"action":"(presence|authenticate|register|hook)",.*"(account_name|token)"/;
/** In what is said, the last token that anybody has heard. */
const TOKEN = '"token":"…"';
/** In what is said, the session of the last row of a list of them. */
const SESSION = '"session":"…"';
/** In what is said, the last upload that anybody has heard. */
const UPLOAD = '"file":"…"';
/** The same of a hook. */
const HOOK = '"hook":"…"';
/** In what is said, the last id that anybody has heard. */
const ID = /"(reply_to|id)":…/g;
const ACCOUNTS = ["ann", "bob"];
const OPERATOR = "op";
/** Its account has a one-time password. */
const PUPIL = "kim";

interface Line {
  readonly speaker: string;
  readonly says: boolean;
  readonly json: string;
}

/** The samples, each with its place for the name of a test. */
const samples = [...text.matchAll(/^```\n(.*?)^```$/gms)].map((match) => ({
  line: text.slice(0, match.index).split("\n").length,
  lines: match[1]!.trimEnd().split("\n").map((line): Line => {
    const [, speaker, arrow, json] = /^(\w+) ([<>]) (\{.*\})$/.exec(line) ??
      assert.fail(`Not a line of a sample: ${line}`);
    return { speaker: speaker!, says: arrow === ">", json: json! };
  }),
}));

for (const { line, lines } of samples) {
  Deno.test(`docs/protocol.md:${line} is what the server does`, { ignore: cannot }, async () => {
    const store = memoryStore();
    store.putAccount({ name: OPERATOR, password: await cheaply(PASSWORD), operator: true, seen: 0 });
    store.putAccount({ name: PUPIL, password: await cheaply("k7m-r3h-dwp"), oneTime: true, operator: false, seen: 0 });
    using folder = makeFolder();
    const files = { folder: `${folder.path}/files`, limit: read(program, []).fileLimit };
    await using chat = await start({ store, accounts: ACCOUNTS, files });
    const peers = new Map<string, Peer>();
    for (const { speaker } of lines) if (!peers.has(speaker)) peers.set(speaker, await meet(chat, speaker, lines));
    let token = "", upload = "", session = "", hook = "", id = 0;
    for (const { speaker, says, json } of lines) {
      const peer = peers.get(speaker)!;
      if (says) {
        const named = json.replace(TOKEN, JSON.stringify({ token }).slice(1, -1)).replace(UPLOAD, `"file":"${upload}"`)
          .replace(SESSION, `"session":"${session}"`).replace(HOOK, `"hook":"${hook}"`);
        await peer.say(`${named.replace(ID, `"$1":${id}`)}\n`);
      } else {
        const heard = await peer.hear();
        assertLike(heard, json);
        token = heard.token ?? token;
        upload = heard.upload ?? upload;
        session = heard.session ?? session;
        hook = heard.hook ?? hook;
        id = heard.id ?? id;
      }
    }
    for (const [name, peer] of peers) {
      const { json } = lines.findLast(({ speaker }) => speaker === name)!;
      if (/goodbye|put you out(?! of)|has been ended|has another password/.test(json)) await peer.expectEnd();
      else if (/not come in here/.test(json)) assert.deepEqual(await peer.end(), []);
      else await peer.silence();
    }
  });
}

/** A client after its presence, unless the sample sends it. */
function meet(chat: Chat, name: string, said: readonly Line[]): Promise<Peer> {
  if (said.some(({ speaker, says, json }) => speaker === name && says && ENTERS.test(json))) return chat.connect();
  return [...ACCOUNTS, OPERATOR].includes(name) ? chat.login(name) : chat.join(name);
}

/** What was heard is what is written, but for what differs each time. */
function assertLike(heard: Record<string, unknown>, json: string): void {
  const written = JSON.parse(json.replace(/:…(?=[,}])/g, ":null"));
  const open = Object.entries(written).filter(([, value]) => value === null || value === "…").map(([field]) => field);
  for (const field of open) {
    const type = written[field] === null ? "number" : "string";
    assert.equal(typeof heard[field], type, `${field} of ${JSON.stringify(heard)}`);
  }
  assert.deepEqual(heard, { ...written, ...Object.fromEntries(open.map((field) => [field, heard[field]])) });
  assert.deepEqual(Object.keys(heard), Object.keys(written), "in the order that is written");
}

Deno.test("docs/protocol.md has a sample of each action, and names the limits that the server has", {
  ignore: !may("read"),
}, () => {
  const said = new Set(
    samples.flatMap(({ lines }) => lines.filter(({ says }) => says)).map(({ json }) =>
      JSON.parse(json.replace(ID, `"$1":0`)).action
    ),
  );
  assert.deepEqual(Object.keys(ACTIONS).filter((action) => !said.has(action)), []);
  const {
    devices,
    rooms,
    replay,
    probeAfter,
    presenceWithin,
    newRooms,
    newAccounts,
    emptyRooms,
    sessionDays,
    editMinutes,
    fileLimit,
    fileSpace,
    dailyFiles,
  } = read(
    program,
    [],
  );
  const figures = [...text.matchAll(/\| `--([a-z-]+)` +\| +(\d+) \|/g)].map((
    [, option, figure],
  ) => [option, Number(figure)]);
  assert.deepEqual(Object.fromEntries(figures), {
    devices,
    rooms,
    replay,
    "probe-after": probeAfter,
    "presence-within": presenceWithin,
    "new-rooms": newRooms,
    "new-accounts": newAccounts,
    "empty-rooms": emptyRooms,
    "session-days": sessionDays,
    "edit-minutes": editMinutes,
    "file-limit": fileLimit,
    "file-space": fileSpace,
    "daily-files": dailyFiles,
  });
});
