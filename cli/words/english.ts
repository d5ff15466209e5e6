/** What the command line says, in English. @module */

export const english = {
  usage: "Usage",
  option: "OPTION",
  helpHelp: "Print this.",
  versionHelp: "Print the version.",
  more: "(--help says more)",
  whole: (min: number, max: number | undefined, got: string) =>
    `expected a whole number ${max === undefined ? `of ${min} or more` : `from ${min} to ${max}`}, got ${got}`,
  size: (got: string) => `expected a size such as 500MB or 2GB, or 0, got ${got}`,
  oneOf: (words: string, got: string) => `expected one of ${words}, got ${got}`,
  meant: (word: string) => `did you mean ${word}?`,
  unknown: (option: string) => `Unknown option '${option}'`,
  options: (all: string) => `expected one of ${all}`,
  noValue: (option: string) => `Option '${option}' does not take an argument`,
  noArgument: (got: string) => `expected no more arguments, got ${got}`,
  missing: (value: string, help: string) => `expected ${value}: ${help}`,
  behind: (value: string, got: string | undefined) => `expected ${value} behind it, got ${got ?? "nothing"}`,
  rival: (one: string, other: string) => `expected ${one} or ${other}, got both`,
  twice: (option: string, one: string, other: string) => `${option}: expected one value, got ${one} and ${other}`,
  alone: (other: string, one: string) => `expected ${other} with ${one}, got only the latter`,
  bareRun: (folder: string, set: string, command: string) =>
    `Cannot use ${folder}: not permitted, expected deno task ${set}, or ${command}, with the same options`,
  notPermitted: (folder: string, set: string, flags: string, command: string) =>
    `Cannot use ${folder}: not permitted to deno task ${set}, so add ${flags}: ${command}, with the same options`,
};

/** A catalogue. */
export type Texts = typeof english;
