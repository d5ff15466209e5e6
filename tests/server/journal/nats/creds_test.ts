// A login by a `.creds` file, at a broker where an operator signs accounts, and these sign users.

import assert from "node:assert/strict";
import { nkeys } from "@nats-io/nats-core";
import { readCredentials } from "../../../../server/journal/nats/credentials.ts";
import { makeFolder } from "../../../log/folder.ts";
import { hasBroker, startBroker } from "../../../nats_server.ts";
import { Member } from "./member.ts";

type KeyPair = ReturnType<typeof nkeys.createUser>;

const encoder = new TextEncoder(), decoder = new TextDecoder();
const base64 = (bytes: Uint8Array) => bytes.toBase64({ alphabet: "base64url", omitPadding: true });
const HEAD = base64(encoder.encode('{"typ":"JWT","alg":"ed25519-nkey"}'));
const UNLIMITED = Object.fromEntries(
  [
    "subs",
    "data",
    "payload",
    "imports",
    "exports",
    "conn",
    "leaf",
    "mem_storage",
    "disk_storage",
    "streams",
    "consumer",
  ]
    .map((limit) => [limit, -1]),
);

/** What one key says of another, as NATS has it. */
function signed(by: KeyPair, about: KeyPair, nats: object): string {
  const claim = { jti: "id", iat: 1, iss: by.getPublicKey(), sub: about.getPublicKey(), name: "hanita" };
  const said = `${HEAD}.${base64(encoder.encode(JSON.stringify({ ...claim, nats: { ...nats, version: 2 } })))}`;
  return `${said}.${base64(by.sign(encoder.encode(said)))}`;
}

/** A `.creds` file, as the tools of NATS write it. */
function credsOf(account: KeyPair, user: KeyPair): string {
  const jwt = signed(account, user, { type: "user", subs: -1, data: -1, payload: -1, pub: {}, sub: {} });
  return [
    "-----BEGIN NATS USER JWT-----",
    jwt,
    "------END NATS USER JWT------",
    "",
    "-----BEGIN USER NKEY SEED-----",
    decoder.decode(user.getSeed()),
    "------END USER NKEY SEED------",
    "",
  ].join("\n");
}

Deno.test("a login by a .creds file works, and one that another account has signed is refused", {
  ignore: !hasBroker,
}, async () => {
  using folder = makeFolder();
  const operator = nkeys.createOperator(), account = nkeys.createAccount(), system = nkeys.createAccount();
  const accountJwt = (of: KeyPair, limits: object) =>
    `${of.getPublicKey()}: ${signed(operator, of, { type: "account", limits })}`;
  const config = [
    `operator: ${signed(operator, operator, { type: "operator" })}`,
    `system_account: ${system.getPublicKey()}`,
    "resolver: MEMORY",
    `resolver_preload: {`,
    accountJwt(account, UNLIMITED),
    accountJwt(system, {}),
    "}",
  ].join("\n");
  const login = (text: string) => {
    const file = `${folder.path}/hanita.creds`;
    Deno.writeTextFileSync(file, text);
    return { authenticator: readCredentials(file, "cluster") };
  };
  await using broker = await startBroker({ config });
  await using one = await (await Member.open(broker.url, login(credsOf(account, nkeys.createUser())))).up();
  assert.equal(await one.appended("in"), "kept");
  const stranger = login(credsOf(nkeys.createAccount(), nkeys.createUser()));
  await assert.rejects(Member.open(broker.url, stranger), /it refuses the login/);
});
