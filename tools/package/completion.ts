/** The scripts with which a shell completes `hanita`: its commands, and the options of each. Values are left to the shell. */
import { builtIn } from "../../cli/built_in.ts";
import { dashed, type Option } from "../../cli/mod.ts";

/** A command, as the scripts need it. */
interface Completed {
  readonly summary: string;
  readonly options: Readonly<Record<string, Option<unknown>>>;
}

/** A command with its other words and its options, with their dashes. */
interface Row {
  readonly words: readonly string[];
  readonly summary: string;
  readonly options: readonly string[];
}

/**
 * The script for each shell.
 *
 * @param synonyms other words for commands
 * @param byDefault the command of a command line that begins with an option
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { flag, untranslated } from "../../cli/mod.ts";
 * const options = { force: flag(untranslated("Even so.")) };
 * const { bash } = completionScripts([["check", { summary: "Checks.", options }]], { verify: "check" }, "check");
 * assert.match(bash, /check \| verify \| -\*\) choices='--force --completion --help --version'/);
 * ```
 */
export function completionScripts(
  programs: readonly (readonly [string, Completed])[],
  synonyms: Readonly<Record<string, string>>,
  byDefault: string,
): Record<"bash" | "zsh" | "fish", string> {
  const rows = programs.map(([name, { summary, options }]): Row => ({
    words: [name, ...Object.keys(synonyms).filter((word) => synonyms[word] === name)],
    summary,
    options: Object.keys({ ...options, ...builtIn }).map((key) => `--${dashed(key)}`),
  }));
  return { bash: bash(rows, byDefault), zsh: zsh(rows, byDefault), fish: fish(rows, byDefault) };
}

const namesIn = (rows: readonly Row[]) => rows.map(({ words }) => words[0]).join(" ");

/** A command line that begins with an option is that of the command by default. */
const patterns = ({ words }: Row, byDefault: string) => words[0] === byDefault ? [...words, "-*"] : words;

function bash(rows: readonly Row[], byDefault: string): string {
  const cases = rows.map((row) =>
    `      ${patterns(row, byDefault).join(" | ")}) choices='${row.options.join(" ")}' ;;`
  );
  return `# Completion by bash, printed by: hanita --completion bash
_hanita_command() {
  local word=\${COMP_WORDS[COMP_CWORD]} choices=
  COMPREPLY=()
  if [[ $word == -* ]]; then
    case \${COMP_WORDS[1]} in
${cases.join("\n")}
    esac
  elif ((COMP_CWORD == 1)); then
    choices='${namesIn(rows)}'
  fi
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
}
complete -o default -F _hanita_command hanita
`;
}

function zsh(rows: readonly Row[], byDefault: string): string {
  const cases = rows.map((row) =>
    `      ${patterns(row, byDefault).join("|")}) compadd -- ${row.options.join(" ")} ;;`
  );
  return `# Completion by zsh, after compinit, printed by: hanita --completion zsh
_hanita_command() {
  if [[ $words[CURRENT] == -* ]]; then
    case $words[2] in
${cases.join("\n")}
    esac
  elif (( CURRENT == 2 )); then
    compadd -- ${namesIn(rows)}
  else
    _files
  fi
}
compdef _hanita_command hanita
`;
}

function fish(rows: readonly Row[], byDefault: string): string {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;
  const commands = rows.map(({ words, summary }) =>
    `complete -c hanita -f -n __fish_use_subcommand -a ${words[0]} -d ${quoted(summary)}`
  );
  const options = rows.flatMap(({ words, options }) => {
    const seen = `__fish_seen_subcommand_from ${words.join(" ")}`;
    const when = words[0] === byDefault ? `__fish_use_subcommand; or ${seen}` : seen;
    return options.map((option) => `complete -c hanita -n ${quoted(when)} -l ${option.slice(2)}`);
  });
  return `# Completion by fish, printed by: hanita --completion fish
${[...commands, ...options].join("\n")}
`;
}
