// What a Tab offers behind `hanita`, asked of the shells themselves where they are installed.

import assert from "node:assert/strict";
import { flag, untranslated } from "../../../cli/mod.ts";
import { completionScripts } from "../../../tools/package/completion.ts";
import { isInstalled, shell } from "../../shells.ts";

const option = flag(untranslated("Even so."));
const scripts = completionScripts(
  [
    ["server", { summary: "It's [the] server: $x.", options: { webPort: option, port: option } }],
    ["class", { summary: "Makes accounts.", options: { owner: option } }],
  ],
  { serve: "server" },
  "server",
);

/** A line, and what it is completed to: there is one choice. */
const lines: readonly (readonly [string, string])[] = [
  ["hanita cl", "class"],
  ["hanita class --ow", "--owner"],
  ["hanita serve --web-p", "--web-port"],
  ["hanita --web-p", "--web-port"],
];

Deno.test("fish completes the commands and options of hanita", { ignore: !isInstalled("fish") }, async () => {
  for (const [line, completed] of lines) {
    const offered = await shell("fish", `${scripts.fish}\ncomplete -C '${line}'`);
    assert.deepEqual(offered.map((each) => each.split("\t")[0]), [completed]);
  }
  assert.deepEqual(await shell("fish", `${scripts.fish}\ncomplete -C 'hanita s'`), ["server\tIt's [the] server: $x."]);
});

Deno.test("bash completes the commands and options of hanita", { ignore: !isInstalled("bash") }, async () => {
  for (const [line, completed] of lines) {
    const words = line.split(" ");
    const typed = `COMP_WORDS=(${words.join(" ")}) COMP_CWORD=${words.length - 1}; _hanita_command`;
    assert.deepEqual(await shell("bash", `${scripts.bash}\n${typed}\nprintf '%s\\n' "\${COMPREPLY[@]}"`), [completed]);
  }
});

// The completion of zsh works in its line editor alone, so a zsh at a terminal of its own is typed into.
Deno.test("zsh completes the commands and options of hanita", { ignore: !isInstalled("zsh") }, async () => {
  const file = await Deno.makeTempFile({ prefix: "hanita-zsh-" });
  try {
    const show = 'show() { print -r -- "<$BUFFER>"; BUFFER=; }; zle -N show; bindkey "^X" show';
    const start = ["PS1=; stty -echo; autoload -U compinit; compinit -u -D", scripts.zsh, show, "print ready"];
    await Deno.writeTextFile(file, start.join("\n"));
    const typed = lines.map(([line]) =>
      `zpty -w -n own '${line}'$'\\t\\x18'; zpty -r own out '*<*>*'; print -r -- "\${\${out##*<}%%>*}"`
    );
    const offered = await shell(
      "zsh",
      [
        `zmodload zsh/zpty; zpty own zsh -f -i; zpty -w own "source ${file}"`,
        "zpty -r own out '*ready*'",
        ...typed,
        "zpty -d own",
      ].join("\n"),
    );
    const before = (line: string) => line.slice(0, line.lastIndexOf(" ") + 1);
    assert.deepEqual(offered.map((each) => each.trimEnd()), lines.map(([line, word]) => `${before(line)}${word}`));
  } finally {
    await Deno.remove(file);
  }
});
