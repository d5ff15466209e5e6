import assert from "node:assert/strict";
import { type Interface, invitation, pageForPhones } from "../../server/invitation.ts";

const four = (address: string): Interface => ({ address, family: "IPv4", scopeid: null });
const six = (address: string): Interface => ({ address, family: "IPv6", scopeid: 0 });
const machine = [
  four("127.0.0.1"),
  six("::1"),
  four("192.168.1.5"),
  six("fe80::1"),
  six("2001:db8::5"),
  six("fd00::5"),
];

/** The addresses that somebody is told to type, by `nc` and by the client alike. */
function told(bound: string, interfaces: readonly Interface[], port = 7777): string[] {
  const lines = invitation(bound, port, interfaces).split("\n");
  const nc = lines.filter((line) => line.startsWith("  nc ")).map((line) => line.split(" ")[3]!);
  const client = lines.filter((line) => line.includes("task client")).map((line) => line.split("task client ")[1]!);
  assert.deepEqual(client, nc.map((address) => port === 7777 ? address : `${address} ${port}`));
  return nc;
}

Deno.test("invitation names each address that others can reach", () => {
  assert.deepEqual(told("::", machine), ["192.168.1.5", "2001:db8::5", "fd00::5"]);
  assert.deepEqual(told("0.0.0.0", machine), ["192.168.1.5"]);
});

Deno.test("invitation names the one address that is listened on", () => {
  assert.deepEqual(told("192.168.1.5", machine, 8000), ["192.168.1.5"]);
});

Deno.test("invitation of a machine without a network names the machine itself", () => {
  assert.deepEqual(told("::", [four("127.0.0.1"), six("::1"), six("fe80::1")]), ["127.0.0.1"]);
});

Deno.test("invitation behind encryption names clients that encrypt", () => {
  const lines = invitation("::", 8000, machine, true).split("\n").slice(1, 5);
  assert.deepEqual(lines, [
    "  openssl s_client -quiet -connect 192.168.1.5:8000",
    "  npx -y deno@2.9.6 task client 192.168.1.5 8000 --tls",
    "  openssl s_client -quiet -connect [2001:db8::5]:8000",
    "  npx -y deno@2.9.6 task client 2001:db8::5 8000 --tls",
  ]);
});

Deno.test("invitation of the npm package names its own client", () => {
  const [, , client] = invitation("::", 7777, machine, false, undefined, "en", "hanita").split("\n");
  assert.equal(client, "  npx -y hanita chat 192.168.1.5");
});

Deno.test("invitation ends with a presence that is valid JSON", () => {
  const presence = JSON.parse(invitation("::", 7777, machine).split("\n").at(-1)!);
  assert.equal(presence.action, "presence");
});

Deno.test("invitation is in Russian too, with the same lines to type", () => {
  const lines = (language: "en" | "ru") => invitation("::", 7777, machine, false, 8080, language).split("\n");
  const isTyped = (line: string) => line.startsWith("  ");
  assert.deepEqual(lines("ru").filter(isTyped), lines("en").filter(isTyped));
  assert.equal(lines("ru")[0], "Чтобы войти, откройте в браузере:");
  assert.match(lines("ru").filter((line) => !isTyped(line)).join(""), /^[^a-z]*nc[^a-z]*$/);
});

Deno.test("invitation names the page first where there is one, and as it is encrypted", () => {
  const lines = (tls: boolean) => invitation("::", 7777, machine, tls, 8080).split("\n").slice(0, 5);
  const pages = ["192.168.1.5", "[2001:db8::5]", "[fd00::5]"];
  for (const tls of [false, true]) {
    assert.deepEqual(lines(tls), [
      "To join, open in a browser:",
      ...pages.map((host) => `  http${tls ? "s" : ""}://${host}:8080/`),
      "Or type one of these:",
    ]);
  }
});

Deno.test("pageForPhones is the first address that others reach, and none on a machine without a network", () => {
  assert.equal(pageForPhones("::", 8080, machine, false), "http://192.168.1.5:8080/");
  assert.equal(pageForPhones("fd00::5", 443, machine, true), "https://[fd00::5]:443/");
  assert.equal(pageForPhones("127.0.0.1", 8080, machine, false), undefined);
  assert.equal(pageForPhones("::", 8080, [four("127.0.0.1")], false), undefined);
});
