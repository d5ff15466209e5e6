/**
 * Runs a scenario of valid but abusive input: on a server of its own with the default limits, with three accounts and a
 * bystander. The server must stay up, answer the bystander in time, keep its memory bounded, send nothing that a client
 * breaks on, and let an account log in and read afterwards.
 */
import { usage } from "../../bench/proc.ts";
import { pause } from "../pause.ts";
import { type Checkout, type Target } from "./checkout.ts";
import { Client, login, PASSWORD } from "./client.ts";
import type { Command, Measurements } from "./probe.ts";
import { type Random, random } from "./random.ts";
import { flawIn } from "./output_flaw.ts";

/** One kind of abuse. */
export interface Scenario {
  /** Megabytes by which the server's memory may grow after {@linkcode ScenarioContext.begin}; 128 unless given. */
  readonly growth?: number;
  /** Milliseconds in which a bystander is answered meanwhile; 1,000 unless given. On a busy machine it may take longer. */
  readonly answer?: number;
  /** Its share of a run's time, beside the others'; 1 unless given. */
  readonly share?: number;
  run(context: ScenarioContext): Promise<void>;
}

/** What a scenario is given. */
export interface ScenarioContext {
  readonly port: number;
  readonly webPort: number;
  readonly random: Random;
  /** Whether the server has not ended. */
  readonly isAlive: boolean;
  /** This number of connections or requests, or fewer in a short run. */
  scaled(count: number): number;
  /** Whether there is time left, and the server is up. */
  hasTime(): boolean;
  /** Milliseconds that are left. */
  remaining(): number;
  /** Ends the preparation: from here on the abuse is measured. */
  begin(): Promise<void>;
  /** Reports a fault. Of several that differ from the same expectation, one is shown and all are counted. */
  report(seen: string, expected: string): void;
  /** Stops the server and starts it again with the same data. */
  restart(): Promise<void>;
}

/** A fault. One that is a matter of time counts only when it is seen twice. */
interface Finding {
  readonly seen: string;
  readonly expected: string;
  readonly timed: boolean;
}

/** An account that a scenario may attack, one that it leaves alone, and an operator. */
export const VICTIM = "ann", WITNESS = "witness", OPERATOR = "operator";
/** Milliseconds in which a bystander is answered, and on a busy machine so many times more than a timer is late there. */
const ANSWER = 1_000, LAGS = 5;
/** Milliseconds in which an account can log in when all is over. */
const LOGIN = 10_000;
/** The folder that each scenario's data begin with. */
const ACCOUNTS = "accounts";
const GROWTH = 128;
const MIB = 1024 * 1024;
/** Seconds of a run in which scenarios are as large as they are written. */
const FULL = 20;

/** Makes the accounts that each scenario begins with, below a folder for all of them. */
export async function prepareAccounts(checkout: Checkout, folder: string): Promise<void> {
  const data = `${folder}/${ACCOUNTS}`;
  await Deno.mkdir(data, { recursive: true });
  for (const name of [VICTIM, WITNESS, OPERATOR]) await checkout.addAccount(data, name, PASSWORD, name === OPERATOR);
}

/** Copies the files of a folder. */
async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isFile } of Deno.readDir(from)) {
    if (isFile) await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** Runs one scenario on the accounts of {@linkcode prepareAccounts}. Returns its findings, a line each. */
export async function runScenario(
  checkout: Checkout,
  name: string,
  scenario: Scenario,
  { seed, ms, seconds, folder }: { seed: number; ms: number; seconds: number; folder: string },
): Promise<string[]> {
  let findings = await attempt(0);
  if (findings.length > 0 && findings.every(({ timed }) => timed)) findings = await attempt(1);
  return [...Map.groupBy(findings, ({ expected }) => expected).values()].map(([first, ...more]) => {
    const similar = more.length === 0 ? "" : ` (and ${more.length} more of the kind)`;
    return `${name}: saw ${first!.seen}${similar}; expected ${first!.expected}; --seed ${seed} --only ${name}`;
  });

  async function attempt(number: number): Promise<Finding[]> {
    const data = `${folder}/${name}-${number}`, findings = new Map<string, Finding>();
    const find = (seen: string, expected: string, timed = false) => {
      if (!findings.has(seen)) findings.set(seen, { seen, expected, timed });
    };
    await copy(`${folder}/${ACCOUNTS}`, data);
    const options = [["--web"], ["--web-port", "0"], ["--log-level", "error"]] as const;
    let target = await checkout.start(data, options);
    let alive = true, started = true;
    const watch = ({ ended }: Target) =>
      ended.then(() => {
        alive = false;
      });
    void watch(target);
    const probe = startProbe();
    await probe.tell({ kind: "begin", port: target.port, webPort: target.webPort });
    let before = (await usage(target.pid))?.rss;
    const end = performance.now() + ms;
    const context: ScenarioContext = {
      get port() {
        return target.port;
      },
      get webPort() {
        return target.webPort;
      },
      random: random(seed, name),
      get isAlive() {
        return alive;
      },
      scaled: (count) => Math.ceil(count * Math.min(1, seconds / FULL)),
      hasTime: () => alive && performance.now() < end,
      remaining: () => Math.max(0, end - performance.now()),
      async begin() {
        await pause(200); // what was prepared settles
        before = (await usage(target.pid))?.rss;
        await probe.tell({ kind: "reset" });
      },
      report: (seen, expected) => find(seen, expected),
      async restart() {
        probe.stop(); // its bystander is lost with the server
        if (!alive) return;
        await target.stop();
        try {
          target = await checkout.start(data, options);
        } catch (error) {
          find(`a server that does not start again: ${(error as Error).message}`, "one that reads what it has kept");
          started = false;
          return;
        }
        alive = true;
        void watch(target);
      },
    };
    try {
      await scenario.run(context);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // A connection that cannot be made to a server that has died is no finding of its own.
      await Promise.race([target.ended, pause(3_000)]);
      if (alive) find(`an error: ${error.message}`, "a scenario that can go on");
    }
    const measured = await probe.end();
    if (await isUp()) {
      const used = await usage(target.pid);
      const growth = used === undefined || before === undefined ? 0 : (used.peak - before) / MIB;
      const limit = scenario.growth ?? GROWTH;
      if (growth > limit) {
        find(`${growth.toFixed(0)} MiB of memory more than before`, `at most ${limit}`);
      }
      if (measured !== undefined) checkTimes(measured);
      await readAfterwards(target.port);
      const status = await target.stop();
      if (status !== 0) find(`exit status ${status} when it was stopped`, "0");
    } else if (started) {
      const [line] = target.said.split("\n").filter((line) => /error|panic/i.test(line));
      find(`the server's end, status ${await target.ended}: ${line ?? "nothing was said"}`, "a server that stays up");
    }
    return [...findings.values()];

    /** Whether the server is still up: a crash may show a moment later. */
    async function isUp(): Promise<boolean> {
      if (alive) await pause(300);
      return alive;
    }

    function checkTimes({ probe, health, lag, faults }: Measurements): void {
      const limit = (scenario.answer ?? ANSWER) + LAGS * lag, atMost = `at most ${limit.toFixed(0)} ms`;
      if (probe > limit) find(`a bystander that waited ${probe.toFixed(0)} ms for an answer`, atMost, true);
      if (health > limit) find(`/healthz answered after ${health.toFixed(0)} ms`, atMost, true);
      for (const fault of faults) find(fault, "only what every client can read");
    }

    /** An account can log in, and what is kept can be shown. */
    async function readAfterwards(port: number): Promise<void> {
      const client = await Client.connect(port);
      try {
        const answer = await client.request(login(WITNESS), LOGIN);
        if (answer?.response !== 200) {
          const got = answer === undefined ? client.ended || "no answer" : JSON.stringify(answer);
          find(`an account that could not log in: ${got}`, `200 within ${LOGIN / 1000} s`);
          return;
        }
        const { answer: page, rows } = await client.requestList({ action: "history", limit: 100 });
        if (page?.response !== 202 || rows.length !== page.quantity) {
          find(`${rows.length} rows of ${JSON.stringify(page)}`, "a page of the past, whole");
        }
        for (const row of rows) {
          const why = flawIn(row);
          if (why !== undefined) find(`in the past ${why}`, "only what every client can read");
        }
      } finally {
        client.close();
      }
    }
  }
}

/** The bystander's thread. */
function startProbe() {
  const worker = new Worker(new URL("./probe.ts", import.meta.url), { type: "module" });
  let stopped = false;
  const tell = (command: Command): Promise<Measurements | "done"> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`the bystander failed: ${event.message}`));
      };
      if (stopped) resolve("done");
      else worker.postMessage(command);
    });
  const stop = () => {
    stopped = true;
    worker.terminate();
  };
  return {
    tell,
    stop,
    /** What was measured; undefined if it was stopped before. */
    async end(): Promise<Measurements | undefined> {
      const measured = await tell({ kind: "end" });
      stop();
      return measured === "done" ? undefined : measured;
    },
  };
}
