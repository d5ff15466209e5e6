/**
 * What `hanita.cjs` loads: starts a program of Hanita on the Deno that npm has installed. The program gets the
 * permissions of its task, and those for the files, folders and addresses that its command line names.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {"read" | "write" | "net"} Kind
 * @typedef {object} Program
 * @property {string} script
 * @property {string} summary
 * @property {string[]} flags of Deno, beside the permissions
 * @property {Record<string, string>} env
 * @property {Record<string, string[] | boolean>} grants
 * @property {Record<string, Kind[]>} options that name a file, a folder or an address
 * @property {Kind[]} positional what is granted for the folder of the first positional
 */

const BROKER_PORT = 4222;
/** Milliseconds between two looks at the parent. */
const LOOK_EVERY = 500;
const LOST = "Cannot start Deno, which comes with this package: install hanita again, without --omit=optional";
/** @type {{ version: string, default: string[], synonyms: Record<string, string>, programs: Record<string, Program> }} */
const { version, programs, synonyms, default: byDefault } = JSON.parse(
  readFileSync(new URL("../programs.json", import.meta.url), "utf8"),
);

const [name, args] = chosen(process.argv.slice(2)), program = programs[name];
if (program === undefined) {
  fail(`expected one of ${Object.keys(programs).join(", ")}, got ${JSON.stringify(name)}`, 2);
}
run(program, args);

/**
 * The program that a command line names, and the rest of it.
 *
 * @param {string[]} words
 * @returns {[string, string[]]}
 */
function chosen(words) {
  const [first, ...rest] = words;
  if (first === "--help" || first === "-h" || first === "help") print(help());
  if (first === "--version") print(`hanita ${version}`);
  const [, shell = rest[0]] = /^--completion(?:=(.*))?$/.exec(first ?? "") ?? [undefined, ""];
  if (shell !== "") print(completion(shell));
  if (first === undefined || first.startsWith("-")) return [byDefault[0], [...byDefault.slice(1), ...words]];
  return [synonyms[first] ?? first, rest];
}

/**
 * The script with which a shell completes the command: it was made when the package was.
 *
 * @param {string | undefined} shell
 */
function completion(shell) {
  if (shell !== undefined && /^(bash|zsh|fish)$/.test(shell)) {
    return readFileSync(new URL(`../completion/${shell}`, import.meta.url), "utf8").trimEnd();
  }
  return fail(
    `--completion: expected bash, zsh or fish, got ${shell === undefined ? "nothing" : JSON.stringify(shell)}`,
    2,
  );
}

function help() {
  const rows = Object.entries(programs).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return [
    "A chat that any program can join: JSON objects over TCP.",
    `Usage: hanita [the server's options...]\n       hanita COMMAND [OPTION...]`,
    `Without a command it is \`hanita ${byDefault.join(" ")}\`.`,
    `Commands:\n${rows.join("\n")}`,
    "`hanita COMMAND --help` lists the options of each; `hanita --completion SHELL` prints their completion.",
  ].join("\n\n");
}

/**
 * @param {Program} program
 * @param {string[]} args
 */
function run({ script, flags, env, grants, options, positional }, args) {
  const main = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const permissions = permissionFlags(withNamed(grants, options, positional, args));
  const child = spawn(denoPath(), [
    "run",
    "-q",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    ...flags,
    ...permissions,
    main,
    ...args,
  ], {
    stdio: "inherit",
    env: { ...process.env, DENO_NO_UPDATE_CHECK: "1", DENO_NO_PACKAGE_JSON: "1", ...env },
  });
  child.on("error", () => fail(LOST));
  // A terminal sends Ctrl-C to both. A signal that is sent to this process alone is passed on; a second one in a moment counts once.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  // npx has a shell between. That one ends at a signal and passes none on: without it nobody would end the program.
  const parent = process.ppid;
  if (process.env.npm_command === "exec") {
    setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), LOOK_EVERY).unref();
  }
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? "SIGTERM"] ?? 0)));
}

/** The program itself and not npm's script in front of it, which keeps signals from it. */
function denoPath() {
  try {
    return createRequire(import.meta.url)("deno/install_api.cjs").runInstall();
  } catch (error) {
    return fail(/Unsupported|not supported/.test(String(error)) ? `Cannot start Deno: ${error.message}` : LOST);
  }
}

/**
 * The permissions of a program with those for what its command line and the environment name.
 *
 * @param {Program["grants"]} grants
 * @param {Program["options"]} options
 * @param {Kind[]} positional
 * @param {string[]} args
 */
function withNamed(grants, options, positional, args) {
  /** @type {Record<string, string[] | boolean>} */
  const all = { ...grants };
  const grant = (/** @type {Kind[]} */ kinds, /** @type {string} */ text) => {
    for (const kind of kinds) {
      const named = kind === "net" ? hosts(text) : [text];
      if (all[kind] !== true) all[kind] = [.../** @type {string[]} */ (all[kind] || []), ...named];
    }
  };
  for (const [option, kinds] of Object.entries(options)) {
    const variable = process.env[`HANITA_${option.replace(/^-+/, "").replaceAll("-", "_").toUpperCase()}`];
    if (variable) grant(kinds, variable);
  }
  let isFirst = true;
  for (let i = 0; i < args.length; i++) {
    const [, option = "", value] = /^(--?[a-z][a-z-]*)(?:=(.*))?$/s.exec(args[i]) ?? [];
    if (options[option] !== undefined) grant(options[option], value ?? args[++i] ?? "");
    else if (isFirst && !args[i].startsWith("-")) {
      isFirst = false;
      if (positional.length > 0) grant(positional, dirname(args[i]));
    }
  }
  return all;
}

/**
 * The hosts in an address to listen on, or in the addresses of brokers.
 *
 * @param {string} text
 */
function hosts(text) {
  return text.split(",").map((each) => {
    const address = each.replace(/^[a-z]+:\/\//, "");
    if (!each.includes("://")) return address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;
    return /:\d+$/.test(address) ? address : `${address}:${BROKER_PORT}`;
  });
}

/** @param {Program["grants"]} grants */
function permissionFlags(grants) {
  return Object.entries(grants).flatMap(([kind, what]) =>
    what === false ? [] : what === true ? [`--allow-${kind}`] : [`--allow-${kind}=${what.map(escaped).join(",")}`]
  );
}

/**
 * Deno separates values by commas, and takes two for one.
 *
 * @param {string} value
 */
function escaped(value) {
  return value.replaceAll(",", ",,");
}

/**
 * @param {string} text
 * @returns {never}
 */
function print(text) {
  console.log(text);
  process.exit(0);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message, status = 1) {
  console.error(`hanita: ${message}`);
  process.exit(status);
}
