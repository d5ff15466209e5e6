/** Completion by fish. @module */
import type { Argument, Command } from "./command.ts";

/** The script: one `complete` for each option. Fish itself adds them to what it knows of `deno`. */
export function fish({ name, task, printedBy, options, positionals }: Command): string {
  const complete = task === undefined ? `complete -c ${name}` : `complete -c deno -n '__hanita_task ${task}'`;
  const [first] = positionals;
  const lines = [
    `${complete} -f${Array.isArray(first?.values) ? ` -a ${quoted(first.values.join(" "))}` : ""}`,
    ...options.map((option) => {
      const short = option.short === undefined ? "" : ` -s ${option.short}`;
      return `${complete}${short} -l ${option.name}${valueOf(option)} -d ${quoted(option.help)}`;
    }),
  ];
  return `# Completion of options by fish, printed by: ${printedBy}
${task === undefined ? "" : TASK}${lines.join("\n")}`;
}

function valueOf({ values }: Argument): string {
  if (values === undefined) return "";
  if (values === "files") return " -r -F";
  if (values === "folders") return " -x -a '(__fish_complete_directories)'";
  return values === "any" ? " -x" : ` -x -a ${quoted(values.join(" "))}`;
}

function quoted(word: string): string {
  return `'${word.replace(/[\\']/g, String.raw`\$&`)}'`;
}

/** Whether the command line calls a task. */
const TASK = `function __hanita_task
    set -l words (commandline -opc)
    test (count $words) -gt 2; and test $words[2] = task; or return 1
    for word in $words[3..-1]
        string match -q -- '-*' $word; and continue
        test $word = $argv[1]
        return
    end
    return 1
end
`;
