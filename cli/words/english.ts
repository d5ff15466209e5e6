/** The texts of the command line, in English. @module */

export const english = {
  usage: "Usage",
  option: "OPTION",
  topics: {
    network: "Network",
    tls: "TLS",
    web: "Web page",
    storage: "Storage",
    cluster: "Several servers",
    accounts: "Accounts and rooms",
    limits: "Limits",
    timeouts: "Timeouts",
    logging: "Logging",
    chat: "Chat",
    general: "General",
  },
  /** The heading of positional arguments. */
  positionals: "Arguments",
  help: "Print this help.",
  version: "Print the version.",
  completion: "Print the script that lets this shell complete the options: bash, zsh or fish.",
  seeHelp: "(--help says more)",
  whole: (min: number, max: number | undefined, got: string) =>
    `expected a whole number ${max === undefined ? `of ${min} or more` : `from ${min} to ${max}`}, got ${got}`,
  size: (got: string) => `expected a size such as 500MB or 2GB, or 0, got ${got}`,
  oneOf: (words: string, got: string) => `expected one of ${words}, got ${got}`,
  didYouMean: (word: string) => `did you mean ${word}?`,
  unknownOption: (option: string) => `Unknown option '${option}'`,
  knownOptions: (all: string) => `expected one of ${all}`,
  valueNotExpected: (option: string) => `Option '${option}' does not take an argument`,
  valueExpected: (value: string, got: string | undefined) => `expected ${value} behind it, got ${got ?? "nothing"}`,
  argumentNotExpected: (got: string) => `expected no more arguments, got ${got}`,
  argumentExpected: (value: string, help: string) => `expected ${value}: ${help}`,
  conflict: (one: string, other: string) => `expected ${one} or ${other}, got both`,
  required: (other: string, one: string) => `expected ${other} with ${one}, got only the latter`,
  givenTwice: (option: string, one: string, other: string) => `${option}: expected one value, got ${one} and ${other}`,
  // from a configuration file and the environment
  flagExpected: (got: string) => `expected true or false, got ${got}`,
  noSuchOption: "no such option",
  notToml: (reason: string) => `expected TOML such as port = 7777, got something else: ${reason}`,
  notUtf8: "expected a text in UTF-8",
  valueInQuotes: (value: string, got: string) => `expected ${value}: a number, or a text in quotes, got ${got}`,
  configUnreadable: (file: string, why: string) => `Cannot read --config ${file}: ${why}`,
  readNotPermitted: (file: string) => `not permitted, add --allow-read=./data,${file} to deno run`,
  notGranted: (folder: string) => `Cannot use ${folder}: not permitted, expected it on the command line`,
  bareRun: (folder: string, set: string, command: string) =>
    `Cannot use ${folder}: not permitted, expected deno task ${set}, or ${command}, with the same options`,
  notPermitted: (folder: string, set: string, flags: string, command: string) =>
    `Cannot use ${folder}: not permitted to deno task ${set}, so add ${flags}: ${command}, with the same options`,
};

/** A catalogue. */
export type Texts = typeof english;
