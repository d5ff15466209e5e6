/**
 * A fuzzer for a live server, in two parts: malformed input by the hundred thousand, and then valid input that no client
 * means, scenario by scenario, each on a server of its own with the default limits.
 *
 *     deno task fuzz [--server DIR] [--seconds N] [--seed S] [--only STINT]
 *     deno task fuzz --port P
 *
 * All of it follows from the seed. A fault names its stint, and `--seed S --only STINT` sends that one's bytes again.
 */
import { commandLine, fail, text, untranslated, whole } from "../cli/mod.ts";
import { Checkout, CheckoutRefused } from "./fuzz/checkout.ts";
import { type Named, sendMalformed } from "./fuzz/malformed.ts";
import { scenarios } from "./fuzz/scenarios/mod.ts";
import { seeded, toldSeed } from "./fuzz/seed.ts";
import { play, prepare } from "./fuzz/stage.ts";
import { kinds } from "./fuzz/stints.ts";

const ROOT = new URL("../", import.meta.url).pathname.replace(/\/$/, "");

const program = {
  name: "hanita-fuzz",
  summary: untranslated(
    "Sends malformed and abusive input to a server of Hanita, and tells whether anything went wrong.",
  ),
  options: {
    seconds: whole(untranslated("How long, about. Less than 20 makes the scenarios smaller."), 60, {
      min: 1,
      max: 86_400,
    }),
    ...seeded,
    server: {
      ...text(untranslated("The checkout whose server is tried; this one unless given."), ROOT, { value: "DIR" }),
      conflictsWith: "port",
    },
    port: whole(untranslated("A running server of this machine, which gets only malformed input; 0 starts one."), 0, {
      short: "p",
      max: 65535,
    }),
    only: text(untranslated("One stint or scenario alone, as a fault named it: lines:17, lists."), undefined, {
      value: "STINT",
    }),
  },
};

/** The malformed part's share of a run's time. */
const MALFORMED = 1 / 4;

interface Run {
  readonly seed: number;
  readonly seconds: number;
  /** Where the servers keep what they keep. */
  readonly folder: string;
}

if (import.meta.main) {
  const { seconds, server, port, only, ...given } = commandLine(program);
  const again = only === undefined || Object.hasOwn(scenarios, only) ? undefined : stintOf(only);
  if (port !== 0 && only !== undefined && again === undefined) {
    fail(
      program.name,
      `expected --only with a stint of malformed input for --port, such as lines:17, got "${only}"`,
      2,
    );
  }
  const checkout = port === 0 ? await openCheckout(server) : undefined;
  const seed = toldSeed(given.seed), folder = `${ROOT}/data/fuzz-${crypto.randomUUID().slice(0, 8)}`;
  const run: Run = { seed, seconds, folder };
  const faults: string[] = [];
  if (checkout === undefined) faults.push(...await sendMalformed(port, seed, 1000 * seconds, again, undefined));
  else {
    await Deno.mkdir(folder, { recursive: true });
    if (only === undefined || again !== undefined) faults.push(...await malformed(checkout, run, again));
    if (again === undefined) {
      await prepare(checkout, folder);
      faults.push(...await abusive(checkout, run, only));
    }
    await Deno.remove(folder, { recursive: true });
  }
  for (const fault of faults) console.log(fault);
  console.log(faults.length === 0 ? "no fault" : `faults: ${faults.length}, seed ${seed}`);
  Deno.exit(faults.length === 0 ? 0 : 1); // a lane may still wait for an answer that does not come
}

/** The first part, on a server without a pace and without a disk. */
async function malformed(checkout: Checkout, { seed, seconds, folder }: Run, again?: Named): Promise<string[]> {
  // No line in the log for each refusal: a million of them are 200 MB.
  const options = [["--memory"], ["--rate", "0"], ["--log-level", "error"]] as const;
  const target = await checkout.start(`${folder}/malformed`, options), { pid, ended } = target;
  const started = { pid, ended, stop: () => void target.stop() };
  const faults = await sendMalformed(target.port, seed, 1000 * seconds * MALFORMED, again, started);
  if (target.said !== "") console.error(target.said.trim());
  return faults;
}

/** The second part: all scenarios, or one. */
async function abusive(checkout: Checkout, { seed, seconds, folder }: Run, only?: string): Promise<string[]> {
  const played = Object.entries(scenarios).filter(([name]) => only === undefined || name === only);
  const shares = played.reduce((sum, [, { share = 1 }]) => sum + share, 0);
  const all = 1000 * seconds * (only === undefined ? 1 - MALFORMED : 1), found: string[] = [];
  for (const [name, scenario] of played) {
    const ms = all * (scenario.share ?? 1) / shares, began = performance.now();
    const faults = await play(checkout, name, scenario, { seed, ms, seconds, folder });
    const took = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${name.padEnd(13)}${faults.length === 0 ? "nothing found" : `found: ${faults.length}`} in ${took} s`);
    found.push(...faults);
  }
  return found;
}

/** The checkout, or the program's end with one line. */
async function openCheckout(dir: string): Promise<Checkout> {
  try {
    return await Checkout.open(dir);
  } catch (error) {
    if (error instanceof CheckoutRefused) fail(program.name, `--server: ${error.message}`, 2);
    throw error;
  }
}

function stintOf(text: string): Named {
  const [, kind, number] = /^(\w+):(\d+)$/.exec(text) ?? [];
  if (kind !== undefined && Object.hasOwn(kinds, kind)) return { kind, number: Number(number) };
  fail(
    program.name,
    `--only: expected one of ${Object.keys(kinds).join(", ")} and a number, such as lines:17, or one of ` +
      `${Object.keys(scenarios).join(", ")}, got ${JSON.stringify(text)} (--help says more)`,
    2,
  );
}
