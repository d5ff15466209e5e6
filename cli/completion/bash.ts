/** Completion by bash, 3.2 or newer. @module */
import { type Command, type CompletedOption, functionName, type Values } from "./command.ts";

/**
 * The script. Its function looks at the word before the cursor's: an option that takes a value, or anything else.
 *
 * The shell splits at `=`, so `--sync=f` is three words. The names of files are left to the shell, which quotes them.
 */
export function bash({ name, task, printedBy, options, positionals }: Command): string {
  const first = positionals[0]?.values, called = task?.split(/[^a-z]/).at(-1) ?? name;
  const patterns = new Map<string, string[]>();
  for (const option of options) {
    if (option.values === undefined) continue;
    const action = actionOf(option.values);
    patterns.set(action, [...patterns.get(action) ?? [], ...spellings(option)]);
  }
  if (Array.isArray(first)) patterns.set(actionOf(first), [called]); // it stands behind the command itself
  const cases = [...patterns].map(([action, words]) => `    ${words.join(" | ")}) ${action} ;;`);
  return `# Completion of options by bash, printed by: ${printedBy}
${functionName(name)}() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} choices=
  case $word in
    =) word= ;;
    *) if [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi ;;
  esac
  COMPREPLY=()
  compopt +o bashdefault +o default 2>/dev/null
  case $before in
${cases.join("\n")}
  esac
  if [[ -z $choices || $word == -* ]]; then
    choices='${options.map(({ name }) => `--${name}`).join(" ")}'
  fi
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
}
${task === undefined ? `complete -F ${functionName(name)} ${name}` : TASKS}`;
}

/** An option with its dashes. */
function spellings({ name, short }: CompletedOption): string[] {
  return [...short === undefined ? [] : [`-${short}`], `--${name}`];
}

/** What is done behind an option with such values. */
function actionOf(values: Values): string {
  if (values === "files") return "compopt -o default 2>/dev/null; return";
  if (values === "folders") return "compopt -o dirnames 2>/dev/null; return";
  return values === "any" ? "return" : `choices='${values.join(" ")}'`;
}

/** Tasks are completed behind `deno task`; the rest of Deno's command line as before. All scripts share it. */
const TASKS = `_hanita_tasks() {
  local form='^[^ ]*deno +task +(-[^ ]* +)*([^ -][^ ]*) '
  if [[ \${COMP_LINE:0:COMP_POINT} =~ $form ]]; then
    local task=_hanita_\${BASH_REMATCH[2]//[^a-z]/_}
    if declare -F "$task" >/dev/null; then "$task"; return; fi
  fi
  if [[ -n \${_hanita_before:-} ]]; then "$_hanita_before" "$@"; fi
}
_hanita_form='-F ([^ ]+)'
if [[ $(complete -p deno 2>/dev/null) =~ $_hanita_form && \${BASH_REMATCH[1]} != _hanita_tasks ]]; then
  _hanita_before=\${BASH_REMATCH[1]}
fi
complete -o bashdefault -o default -F _hanita_tasks deno`;
