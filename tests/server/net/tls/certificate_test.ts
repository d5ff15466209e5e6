// What is found out about a certificate before anybody is shown it.

import assert from "node:assert/strict";
import { CertificateRefused, readCertificate } from "../../../../server/net/tls/certificate.ts";
import { makeFolder } from "../../../log/folder.ts";
import { may } from "../../../may.ts";
import { pathOf, pem } from "./certificates.ts";

const cannot = !may("read", "write");
const NOW = Date.UTC(2030, 0, 1);

Deno.test("readCertificate says for which names it is and when it ends, and doubts nothing about a good one", {
  ignore: cannot,
}, () => {
  const { about, doubts } = readCertificate(pathOf("first.pem"), pathOf("first.key"), NOW);
  assert.match(about, /^DNS:localhost, IP Address:127\.0\.0\.1, IP Address:\S+; it ends on 2100-01-01$/);
  assert.deepEqual(doubts, []);
});

Deno.test("readCertificate takes a chain, and a file with text around it", { ignore: cannot }, () => {
  using folder = makeFolder();
  const chain = `${folder.path}/chain.pem`;
  Deno.writeTextFileSync(chain, `Certificate:\n  Data:\n${pem("first.pem")}${pem("authority.pem")}`);
  assert.match(readCertificate(chain, pathOf("first.key"), NOW).about, /localhost/);
});

Deno.test(
  "readCertificate refuses a chain that is cut off, or of which a part cannot be read",
  { ignore: cannot },
  () => {
    using folder = makeFolder();
    const chain = `${folder.path}/chain.pem`, authority = pem("authority.pem"), first = pem("first.pem");
    const broken = authority.replace(/\n.*\n/, "\nAAAA\n");
    for (const rest of [authority.slice(0, 300), authority.slice(0, -30), broken]) {
      Deno.writeTextFileSync(chain, first + rest);
      assert.throws(() => readCertificate(chain, pathOf("first.key"), NOW), {
        message: /expected a certificate, as PEM$/,
      });
    }
  },
);

Deno.test("readCertificate doubts one that is over, or not yet begun, or an authority's", { ignore: cannot }, () => {
  const doubts = (name: string, year: number) =>
    readCertificate(pathOf(`${name}.pem`), pathOf(`${name}.key`), Date.UTC(year, 0, 1)).doubts;
  assert.deepEqual(doubts("first", 2101), ["it ended on 2100-01-01"]);
  assert.deepEqual(doubts("first", 1999), ["it begins only on 2000-01-01"]);
  assert.deepEqual(doubts("authority", 2030), [
    "it names no host in subjectAltName",
    "it is an authority's, and strict clients refuse one for a server: CA:FALSE is right",
  ]);
});

const wrong: [what: string, cert: string, key: string, message: RegExp][] = [
  ["a certificate that is not there", "none.pem", "first.key", /^Cannot read --tls-cert "[^"]*none.pem": No such file/],
  ["a key that is not there", "first.pem", "none.key", /^Cannot read --tls-key "[^"]*none.key": No such file/],
  ["a folder", ".", "first.key", /^Cannot read --tls-cert "[^"]*": /],
  [
    "the two swapped",
    "first.key",
    "first.pem",
    /^Cannot use --tls-cert "[^"]*first.key": expected a certificate, as PEM$/,
  ],
  [
    "no key",
    "first.pem",
    "make.sh",
    /^Cannot use --tls-key "[^"]*make.sh": expected a key without a password, as PEM$/,
  ],
  [
    "another's key",
    "first.pem",
    "second.key",
    /^Cannot use --tls-key "[^"]*second.key": it is not the key of --tls-cert "/,
  ],
  [
    "a key that is too short",
    "weak.pem",
    "weak.key",
    /^Cannot use --tls-cert "[^"]*weak.pem" with its key: OpenSSL says "key too small"$/,
  ],
];

for (const [what, cert, key, message] of wrong) {
  Deno.test(`readCertificate refuses ${what} in one line`, { ignore: cannot }, () => {
    assert.throws(() => readCertificate(pathOf(cert), pathOf(key), NOW), (error) => {
      assert.ok(error instanceof CertificateRefused);
      assert.match(error.message, message);
      return !error.message.includes("\n");
    });
  });
}
