// The help: all that there is, in columns, under the headings of its topics.

import assert from "node:assert/strict";
import { flag, help, type Language, topic, untranslated, whole } from "../../cli/mod.ts";
import { program as client } from "../../client/options.ts";
import { program as server } from "../../server/options.ts";
import { bilingual, host, program } from "./program.ts";

Deno.test("help lists all that there is, with its defaults, in columns", () => {
  assert.equal(
    help(program),
    `Tries things.

Usage: try ADDR [PORT] [OPTION...]

  ADDR                  Where.
  PORT                  Which port. [7777]
  -n, --name NAME       What it is called. [it]
  --data TEXT           Where it is kept.
  -t, --times N         How often. [1]
  --log-level low|high  How loud. [low]
  -q, --quick           Hurry.
  --take-time           Do not hurry.
  --lock TEXT           What it is locked with.
  --key TEXT            What opens it.
  --completion SHELL    Print the script that lets this shell complete the
                        options: bash, zsh or fish.
  -h, --help            Print this help.
  --version             Print the version.`,
  );
});

Deno.test("help lists options under their topics, in the order of the table, and those without one at the end", () => {
  const grouped = {
    name: "try",
    summary: untranslated("Tries things."),
    options: {
      ...topic("network", { port: whole(untranslated("Port."), 7777, { short: "p" }) }),
      ...topic("logging", { trace: flag(untranslated("Show all.")) }),
      quick: flag(untranslated("Hurry.")),
    },
    positionals: { host },
  };
  assert.equal(
    help(grouped),
    `Tries things.

Usage: try ADDR [OPTION...]

Arguments:
  ADDR                Where.

Network:
  -p, --port N        Port. [7777]

Logging:
  --trace             Show all.

General:
  --quick             Hurry.
  --completion SHELL  Print the script that lets this shell complete the
                      options: bash, zsh or fish.
  -h, --help          Print this help.
  --version           Print the version.`,
  );
  assert.match(help(grouped, "ru"), /\n\nАргументы:\n {2}ADDR .*\n\nСеть:\n {2}-p, --port N .*\n\nЖурнал:\n/);
});

for (const { name, options } of [server, client]) {
  Deno.test(`each option of ${name} has a topic, and each topic is one section of the help`, () => {
    const topics = Object.values(options).map(({ topic }) => topic);
    assert.ok(!topics.includes(undefined));
    const runs = topics.filter((topic, index) => topic !== topics[index - 1]);
    assert.equal(new Set(runs).size, runs.length, "a topic's options stand together");
  });
}

for (const language of ["en", "ru"] as Language[]) {
  for (const columns of [40, 80]) {
    Deno.test(`help in ${language} has no row of more than ${columns} columns`, () => {
      const shown = help(bilingual, language, columns);
      for (const row of shown.split("\n")) assert.ok(row.length <= columns, row);
      assert.match(shown.replace(/\s+/g, " "), language === "en" ? /Port to listen on\./ : /На каком порту слушать/);
    });
  }
}
