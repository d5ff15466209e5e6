/** Completion by zsh. @module */
import { type Argument, type Command, type CompletedOption, functionName } from "./command.ts";

/** The script: a list for zsh's own `_arguments`. */
export function zsh({ name, task, printedBy, options, positionals }: Command): string {
  const specs = [
    ...options.flatMap(specsOf),
    ...positionals.map((positional, index) => quoted(`${index + 1}${valueOf(positional)}`)),
  ];
  return `# Completion of options by zsh, after compinit, printed by: ${printedBy}
${functionName(name)}() {
  _arguments -s -S \\
    ${specs.join(" \\\n    ")}
}
${task === undefined ? `compdef ${functionName(name)} ${name}` : TASKS}`;
}

/** Each spelling of an option; one excludes the other. The value of a letter may follow it at once, that of a word behind `=`. */
function specsOf(option: CompletedOption): string[] {
  const { name, short, help, value } = option, isFlag = value === undefined;
  const rest = `[${help.replace(/[\\[\]]/g, String.raw`\$&`)}]${valueOf(option)}`;
  if (short === undefined) return [quoted(`--${name}${isFlag ? "" : "="}${rest}`)];
  const either = `(-${short} --${name})`;
  return [
    quoted(`${either}-${short}${isFlag ? "" : "+"}${rest}`),
    quoted(`${either}--${name}${isFlag ? "" : "="}${rest}`),
  ];
}

/** The value of an option, or a positional: its name, and what completes it. */
function valueOf({ value, values }: Argument): string {
  if (value === undefined) return "";
  const message = `:${value.replace(/[\\:]/g, String.raw`\$&`)}:`;
  if (values === "files") return `${message}_files`;
  if (values === "folders") return `${message}_files -/`;
  return values === "any" || values === undefined ? message : `${message}(${values.join(" ")})`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Tasks are completed behind `deno task`; the rest of Deno's command line as before. All scripts share it. */
const TASKS = `_hanita_tasks() {
  local -i at=3
  if [[ $words[2] == task ]]; then
    while [[ $words[at] == -* ]]; do at+=1; done
    local task=_hanita_\${words[at]//[^a-z]/_}
    if (( at < CURRENT && $+functions[$task] )); then
      shift $((at - 1)) words
      CURRENT=$((CURRENT - at + 1))
      $task
      return
    fi
  fi
  \${_hanita_before:-_default} "$@"
}
if [[ -n \${_comps[deno]:-} && $_comps[deno] != _hanita_tasks ]]; then _hanita_before=$_comps[deno]; fi
compdef _hanita_tasks deno`;
