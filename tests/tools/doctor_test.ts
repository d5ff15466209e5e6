import assert from "node:assert/strict";
import { startUnmeasured } from "../chat/program.ts";
import { may } from "../may.ts";
import { ownPort } from "../own_port.ts";
import { trusting } from "./naive.ts";
import { startTls } from "../chat/tls.ts";
import { task, tool } from "./task.ts";

/** What is found in a server that takes each recv for one object. */
const FAULTS = [
  "a message before presence",
  "a name that is somebody else's",
  "two objects in one segment",
  "an object in two segments",
  "a letter in two segments",
  "an escape in two segments",
  "a message of more than 1,024 bytes",
  "garbage",
  "JSON that is no object",
  "single quotes",
  "an object that breaks off",
  "bytes that are no UTF-8",
  "NUL between objects",
  "garbage, and a message in the same segment",
  "a reader that never reads",
];
const NOTES = [
  "an answer to a message",
  "no echo",
  "no action",
  "an action that nobody knows",
  "no time",
  "a text that is a number",
  "an addressee that is a list",
  "a user that is a string",
  "an object of 1 MB",
  "100,000 brackets",
];

const ignore = !may("run", "net");

/** The names of the checks that have this mark. */
function marked(report: string, mark: string): string[] {
  return [...report.matchAll(new RegExp(`^${mark} +(\\S.*)$`, "gm"))].map(([, name]) => name!);
}

Deno.test("doctor finds no fault in Hanita", { ignore: !may("run", "net", "read", "write") }, async () => {
  await using server = await startUnmeasured("-a", "127.0.0.1");
  const { code, out } = await task("doctor", "127.0.0.1", String(server.port));
  assert.deepEqual([marked(out, "FAULT"), marked(out, "-")], [[], []]);
  assert.equal(code, 0);
});

Deno.test("doctor ends in one line at a server that lets no guests in", {
  ignore: !may("run", "net", "read", "write"),
}, async () => {
  await using server = await startUnmeasured("-a", "127.0.0.1", "--guests", "no");
  const { code, out, err } = await task("doctor", "127.0.0.1", String(server.port));
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /^hanita-doctor: This server lets no guests in, so nothing .*, got \{"response":401,[^\n]*\n$/);
});

Deno.test("doctor finds no fault in Hanita behind TLS", { ignore: !may("run", "net", "read", "write") }, async () => {
  await using server = await startTls();
  const to = ["localhost", String(server.port), "--tls", "--ca", `${server.folder}/authority.pem`];
  const { code, out, err } = await tool("doctor", server.folder, ...to);
  assert.equal(err, "");
  assert.deepEqual([marked(out, "FAULT"), marked(out, "-")], [[], []]);
  assert.equal(code, 0);
});

Deno.test("doctor finds the faults of a server that takes each recv for one object", { ignore }, async () => {
  await using server = trusting();
  const { code, out, err } = await task("doctor", "127.0.0.1", String(server.port));
  assert.deepEqual([code, err], [1, ""]);
  assert.deepEqual(marked(out, "FAULT"), FAULTS);
  assert.deepEqual(marked(out, "note"), NOTES);
});

Deno.test("doctor tells what a robust server would have done when it finds a fault", { ignore }, async () => {
  await using server = trusting();
  const { out } = await task("doctor", "127.0.0.1", String(server.port), "--only", "in one segment");
  assert.match(
    out,
    /^FAULT {2}two objects in one segment\n +sent +two messages glued .*\n +received +the reader received 0 of 2.*\n +A robust server collects bytes/,
  );
});

Deno.test("doctor tells what it could not try when the server has died", { ignore }, async () => {
  await using server = trusting({ dies: true });
  const { code, out } = await task("doctor", "127.0.0.1", String(server.port));
  assert.equal(code, 1);
  // On a busy machine it may die a moment after the check, so that the next one finds it gone.
  assert.match(marked(out, "FAULT").at(-1)!, /^(two objects in one segment|an object in two segments)$/);
  assert.match(out, /afterwards the server is gone\n/);
  assert.match(out, /, \d\d not run: start the server again\n$/);
});

Deno.test(
  "doctor says in one line that it cannot trust a server",
  { ignore: !may("run", "net", "read", "write") },
  async () => {
    await using server = await startTls();
    const { code, out, err } = await task("doctor", "localhost", String(server.port), "--tls");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(
      err,
      /^hanita-doctor: Cannot connect to localhost port \d+: its certificate is signed by an unknown authority, [^\n]+\n$/,
    );
  },
);

Deno.test("doctor says in one line that nobody listens there", { ignore }, async () => {
  const { code, out, err } = await task("doctor", "127.0.0.1", String(ownPort()));
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /^hanita-doctor: Cannot connect to 127\.0\.0\.1 port \d+: [^\n]+\n$/);
});

for (
  const [args, expected] of [
    [[], /^hanita-doctor: expected HOST: [^\n]+\n$/],
    [["127.0.0.1", "many"], /^hanita-doctor: PORT: expected a whole number from 1 to 65535, got "many"[^\n]+\n$/],
    [
      ["127.0.0.1", "--only", "telepathy"],
      /^hanita-doctor: --only: expected a word of a check's name, got "telepathy"\n$/,
    ],
  ] as const
) {
  Deno.test(`doctor ends with 2 when it is called by ${JSON.stringify(args)}`, { ignore }, async () => {
    const { code, err } = await task("doctor", ...args);
    assert.match(err, expected);
    assert.equal(code, 2);
  });
}
