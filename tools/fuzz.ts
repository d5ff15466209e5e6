/**
 * A fuzzer for a live server, in two parts: hundreds of thousands of malformed inputs, and then scenarios of valid but
 * abusive input, each on a server of its own with the default limits.
 *
 *     deno task fuzz [--server DIR] [--seconds N] [--seed S] [--only CASE]
 *     deno task fuzz --port P
 *
 * All of it follows from the seed. A fault names its case, and `--seed S --only CASE` sends the same bytes again.
 */
import { commandLine, fail, text, untranslated, whole } from "../cli/mod.ts";
import { Checkout, CheckoutRefused } from "./fuzz/checkout.ts";
import { type CaseId, sendMalformed } from "./fuzz/malformed_run.ts";
import { scenarios } from "./fuzz/scenarios/mod.ts";
import { printSeed, seedOption } from "./fuzz/seed.ts";
import { prepareAccounts, runScenario } from "./fuzz/scenario_run.ts";
import { fuzzCases } from "./fuzz/fuzz_cases.ts";

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
    ...seedOption,
    server: {
      ...text(untranslated("The checkout with the server to test; this one unless given."), ROOT, { value: "DIR" }),
      conflictsWith: "port",
    },
    port: whole(untranslated("A running server of this machine, which gets only malformed input; 0 starts one."), 0, {
      short: "p",
      max: 65535,
    }),
    only: text(untranslated("Only this case or scenario, as a fault names it: lines:17, lists."), undefined, {
      value: "CASE",
    }),
  },
};

/** The malformed part's share of a run's time. */
const MALFORMED = 1 / 4;

interface Run {
  readonly seed: number;
  readonly seconds: number;
  /** The data folders of the servers are here. */
  readonly folder: string;
}

if (import.meta.main) {
  const { seconds, server, port, only, ...given } = commandLine(program);
  const again = only === undefined || Object.hasOwn(scenarios, only) ? undefined : parseCase(only);
  if (port !== 0 && only !== undefined && again === undefined) {
    fail(
      program.name,
      `expected --only with a case of malformed input for --port, such as lines:17, got "${only}"`,
      2,
    );
  }
  const checkout = port === 0 ? await openCheckout(server) : undefined;
  const seed = printSeed(given.seed), folder = `${ROOT}/data/fuzz-${crypto.randomUUID().slice(0, 8)}`;
  const run: Run = { seed, seconds, folder };
  const faults: string[] = [];
  if (checkout === undefined) {
    faults.push(...await sendMalformed({ port, seed, ms: 1000 * seconds, again, server: undefined }));
  } else {
    await Deno.mkdir(folder, { recursive: true });
    if (only === undefined || again !== undefined) faults.push(...await malformed(checkout, run, again));
    if (again === undefined) {
      await prepareAccounts(checkout, folder);
      faults.push(...await abusive(checkout, run, only));
    }
    await Deno.remove(folder, { recursive: true });
  }
  for (const fault of faults) console.log(fault);
  console.log(faults.length === 0 ? "no fault" : `faults: ${faults.length}, seed ${seed}`);
  Deno.exit(faults.length === 0 ? 0 : 1); // a lane may still wait for an answer
}

/** The first part, on a server without a rate limit and without a disk. */
async function malformed(checkout: Checkout, { seed, seconds, folder }: Run, again?: CaseId): Promise<string[]> {
  // No line in the log for each refusal: a million of them are 200 MB.
  const options = [["--memory"], ["--rate", "0"], ["--log-level", "error"]] as const;
  const target = await checkout.start(`${folder}/malformed`, options), { pid, ended } = target;
  const started = { pid, ended, stop: () => void target.stop() };
  const ms = 1000 * seconds * MALFORMED;
  const faults = await sendMalformed({ port: target.port, seed, ms, again, server: started });
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
    const faults = await runScenario(checkout, name, scenario, { seed, ms, seconds, folder });
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

function parseCase(text: string): CaseId {
  const [, kind, number] = /^(\w+):(\d+)$/.exec(text) ?? [];
  if (kind !== undefined && Object.hasOwn(fuzzCases, kind)) return { kind, number: Number(number) };
  fail(
    program.name,
    `--only: expected one of ${Object.keys(fuzzCases).join(", ")} and a number, such as lines:17, or one of ` +
      `${Object.keys(scenarios).join(", ")}, got ${JSON.stringify(text)} (--help says more)`,
    2,
  );
}
