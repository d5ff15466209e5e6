// The scripts of the shells: what a Tab offers, asked of the shells themselves where they are installed.

import assert from "node:assert/strict";
import { bash } from "../../cli/completion/bash.ts";
import type { Command } from "../../cli/completion/command.ts";
import { fish } from "../../cli/completion/fish.ts";
import { zsh } from "../../cli/completion/zsh.ts";
import type { Options, Positionals } from "../../cli/option.ts";
import { completion, flag, oneOf, text, untranslated, whole } from "../../cli/mod.ts";
import { program as client } from "../../client/options.ts";
import { program as server } from "../../server/options.ts";
import { isInstalled, shell, shells } from "../shells.ts";

const account = {
  name: "hanita-account",
  summary: untranslated("Accounts."),
  options: {
    port: whole(untranslated("It's [a] port: \\ $x."), 1, { short: "p" }),
    force: flag(untranslated("Even so.")),
  },
  positionals: {
    command: { ...oneOf(untranslated("What."), ["add", "list"], "list"), value: "COMMAND" },
    name: { ...text(untranslated("Name."), ""), value: "NAME" },
  },
};
const compiled: Command = {
  name: "hanita-server",
  task: undefined,
  printedBy: "hanita-server --completion SHELL",
  options: [
    { name: "port", short: "p", value: "PORT", values: "any", help: "Port." },
    { name: "sync", short: undefined, value: "normal|full", values: ["normal", "full"], help: "How." },
    { name: "web", short: undefined, value: undefined, values: undefined, help: "The page." },
  ],
  positionals: [],
};

for (const shell of shells) {
  Deno.test(`completion of ${shell} has every option, with its choices`, () => {
    for (const program of [server, client]) {
      const script = completion<Options, Positionals>(program, shell, "en");
      for (const [key, { choices }] of Object.entries<Options[string]>(program.options)) {
        const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
        assert.match(script, new RegExp(shell === "fish" ? ` -l ${name} ` : `--${name}\\b`));
        if (choices !== undefined) assert.ok(script.includes(choices.join(" ")), name);
      }
    }
  });
}

const serverScript = completion(server, "bash", "en"), accountScript = completion(account, "bash", "en");
for (
  const [line, offered] of [
    ["deno task server --po", ["--port"]],
    ["deno task -q server --po", ["--port"]],
    ["deno task server --web --web-p", ["--web-port"]],
    ["deno task server -p 1 --log-l", ["--log-level"]],
    ["deno task server --sync ", ["normal", "full"]],
    ["deno task server --sync=", ["normal", "full"]],
    ["deno task server --sync=f", ["full"]],
    ["deno task server --port ", []],
    ["deno task account ", ["add", "list"]],
    ["deno task account l", ["list"]],
    ["deno task account add --f", ["--force"]],
    ["deno task other --po", ["of deno"]],
    ["deno run --po", ["of deno"]],
  ] as [string, string[]][]
) {
  Deno.test(
    `bash offers ${offered.join(" and ") || "nothing"} behind "${line}"`,
    { ignore: !isInstalled("bash") },
    async () => {
      const before = `_deno() { COMPREPLY=("of deno"); }\ncomplete -F _deno deno`;
      // The server's is read twice, as where a shell reads its settings again.
      assert.deepEqual(
        await offeredByBash([before, serverScript, accountScript, serverScript].join("\n"), "_hanita_tasks", line),
        offered,
      );
    },
  );
}

Deno.test("bash completes a compiled program by its name", { ignore: !isInstalled("bash") }, async () => {
  const script = bash(compiled);
  assert.match(script, /^complete -F _hanita_server hanita-server$/m);
  assert.deepEqual(await offeredByBash(script, "_hanita_server", "hanita-server --po"), ["--port"]);
  assert.deepEqual(await offeredByBash(script, "_hanita_server", "hanita-server --sync=n"), ["normal"]);
});

Deno.test("zsh and fish complete a compiled program by its name", () => {
  assert.match(zsh(compiled), /^compdef _hanita_server hanita-server$/m);
  assert.match(fish(compiled), /^complete -c hanita-server -s p -l port -x -d 'Port\.'$/m);
});

Deno.test("zsh reads its script", { ignore: !isInstalled("zsh") }, async () => {
  const script = [completion(server, "zsh", "ru"), completion(account, "zsh", "en")].join("\n");
  const words = "words=(deno task -q account --po) CURRENT=5; _hanita_tasks";
  const stubs = "compdef() { : }\ntypeset -A _comps\n_arguments() { print -rl -- $CURRENT $words $@ }";
  const out = await shell("zsh", `${stubs}\n${script}\n${words}`);
  assert.deepEqual(out.slice(0, 5), ["2", "account", "--po", "-s", "-S"]);
  assert.ok(out.includes(String.raw`(-p --port)--port=[It's \[a\] port: \\ $x.]:N:`), out.join("\n"));
});

for (
  const [line, offered] of [
    ["deno task account --po", ["--port\tIt's [a] port: \\ $x."]],
    ["deno task account ", ["add", "list"]],
    ["deno task server --web-p", [`--web-port\t${server.options.webPort.help.en}`]],
    ["deno task client --web-p", []],
  ] as [string, string[]][]
) {
  Deno.test(`fish offers ${offered.length} behind "${line}"`, { ignore: !isInstalled("fish") }, async () => {
    const script = [completion(server, "fish", "en"), completion(account, "fish", "en")].join("\n");
    assert.deepEqual(await shell("fish", `${script}\ncomplete -C '${line}'`), offered);
  });
}

/** What bash offers where the cursor is at the end of a line. */
function offeredByBash(script: string, called: string, line: string): Promise<string[]> {
  // Bash splits at "=", which is a word of its own.
  const words = line.split(/ +|(=)/).filter((word) => word !== undefined);
  if (line.endsWith("=")) words.pop();
  const quoted = words.map((word) => `'${word}'`).join(" ");
  return shell(
    "bash",
    `${script}
COMP_LINE='${line}' COMP_POINT=${line.length} COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1}
${called}
printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
}
