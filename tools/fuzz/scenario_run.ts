/**
 * Runs a scenario on a server of its own with the default limits, with three accounts and a bystander. The server must stay
 * up, answer the bystander in time, keep its memory bounded, send nothing that a client breaks on, and let an account log in
 * and read afterwards.
 */
import { usage } from "../harness/proc.ts";
import { pause } from "../harness/pause.ts";
import { type Checkout, type Target } from "./checkout.ts";
import { Client, login, PASSWORD } from "./client.ts";
import { flawIn } from "./output_flaw.ts";
import type { Measurements } from "./probe.ts";
import { ProbeThread } from "./probe_thread.ts";
import { type Random, random } from "./random.ts";
import { OPERATOR, type Scenario, type ScenarioContext, VICTIM, WITNESS } from "./scenario.ts";

/** A fault. One that is a matter of time counts only when it is seen twice. */
interface Finding {
  readonly seen: string;
  readonly expected: string;
  readonly timed: boolean;
}

/** The settings of a run. */
export interface ScenarioSettings {
  readonly seed: number;
  /** Milliseconds for this scenario. */
  readonly ms: number;
  /** Seconds of the whole run: in a short one, scenarios are smaller. */
  readonly seconds: number;
  /** The folder of the accounts, and of the data of all scenarios. */
  readonly folder: string;
}

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
const OPTIONS = [["--web"], ["--web-port", "0"], ["--log-level", "error"]] as const;

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
  settings: ScenarioSettings,
): Promise<string[]> {
  let findings = await attempt(0);
  if (findings.length > 0 && findings.every(({ timed }) => timed)) findings = await attempt(1);
  return [...Map.groupBy(findings, ({ expected }) => expected).values()].map(([first, ...more]) => {
    const similar = more.length === 0 ? "" : ` (and ${more.length} more of the kind)`;
    return `${name}: saw ${first!.seen}${similar}; expected ${first!.expected}; --seed ${settings.seed} --only ${name}`;
  });

  async function attempt(number: number): Promise<Finding[]> {
    const data = `${settings.folder}/${name}-${number}`;
    await copy(`${settings.folder}/${ACCOUNTS}`, data);
    const target = await checkout.start(data, OPTIONS);
    return await new Attempt(checkout, target, data, random(settings.seed, name), settings).run(scenario);
  }
}

/** One attempt of a scenario, which is its context. */
class Attempt implements ScenarioContext {
  readonly random: Random;
  readonly #checkout: Checkout;
  readonly #data: string;
  readonly #settings: ScenarioSettings;
  readonly #findings = new Map<string, Finding>();
  readonly #probe = new ProbeThread();
  #target: Target;
  #end = 0;
  #isAlive = true;
  /** False after a restart that failed. */
  #isStarted = true;
  /** Bytes of the server's memory when the abuse began. */
  #memoryBefore: number | undefined;

  constructor(checkout: Checkout, target: Target, data: string, random: Random, settings: ScenarioSettings) {
    this.#checkout = checkout;
    this.#target = target;
    this.#data = data;
    this.random = random;
    this.#settings = settings;
    this.#watch();
  }

  get port(): number {
    return this.#target.port;
  }

  get webPort(): number {
    return this.#target.webPort;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  scaled(count: number): number {
    return Math.ceil(count * Math.min(1, this.#settings.seconds / FULL));
  }

  hasTime(): boolean {
    return this.#isAlive && performance.now() < this.#end;
  }

  remaining(): number {
    return Math.max(0, this.#end - performance.now());
  }

  async begin(): Promise<void> {
    await pause(200); // what was prepared settles
    this.#memoryBefore = (await usage(this.#target.pid))?.rss;
    await this.#probe.tell({ kind: "reset" });
  }

  report(seen: string, expected: string, timed = false): void {
    if (!this.#findings.has(seen)) this.#findings.set(seen, { seen, expected, timed });
  }

  async restart(): Promise<void> {
    this.#probe.stop(); // its bystander is lost with the server
    if (!this.#isAlive) return;
    await this.#target.stop();
    try {
      this.#target = await this.#checkout.start(this.#data, OPTIONS);
    } catch (error) {
      this.report(`a server that does not start again: ${(error as Error).message}`, "one that reads what it has kept");
      this.#isStarted = false;
      return;
    }
    this.#isAlive = true;
    this.#watch();
  }

  /** Runs the scenario, and then checks the server. */
  async run(scenario: Scenario): Promise<Finding[]> {
    const { port, webPort } = this;
    await this.#probe.tell({ kind: "begin", port, webPort });
    this.#memoryBefore = (await usage(this.#target.pid))?.rss;
    this.#end = performance.now() + this.#settings.ms;
    await this.#play(scenario);
    const measured = await this.#probe.end();
    if (await this.#isUp()) await this.#checkServer(scenario, measured);
    else if (this.#isStarted) await this.#reportEnd();
    return [...this.#findings.values()];
  }

  async #play(scenario: Scenario): Promise<void> {
    try {
      await scenario.run(this);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // A connection that cannot be made to a server that has died is no finding of its own.
      await Promise.race([this.#target.ended, pause(3_000)]);
      if (this.#isAlive) this.report(`an error: ${error.message}`, "a scenario that can go on");
    }
  }

  #watch(): void {
    void this.#target.ended.then(() => {
      this.#isAlive = false;
    });
  }

  /** Whether the server is still up: a crash may show a moment later. */
  async #isUp(): Promise<boolean> {
    if (this.#isAlive) await pause(300);
    return this.#isAlive;
  }

  /** Checks the server's memory, times, data and end. */
  async #checkServer(scenario: Scenario, measured: Measurements | undefined): Promise<void> {
    const used = await usage(this.#target.pid), before = this.#memoryBefore;
    const growth = used === undefined || before === undefined ? 0 : (used.peak - before) / MIB;
    const limit = scenario.growth ?? GROWTH;
    if (growth > limit) this.report(`${growth.toFixed(0)} MiB of memory more than before`, `at most ${limit}`);
    if (measured !== undefined) this.#checkTimes(measured, scenario.answer);
    await this.#readAfterwards();
    const status = await this.#target.stop();
    if (status !== 0) this.report(`exit status ${status} when it was stopped`, "0");
  }

  #checkTimes({ probe, health, lag, faults }: Measurements, answer = ANSWER): void {
    const limit = answer + LAGS * lag, atMost = `at most ${limit.toFixed(0)} ms`;
    if (probe > limit) this.report(`a bystander that waited ${probe.toFixed(0)} ms for an answer`, atMost, true);
    if (health > limit) this.report(`/healthz answered after ${health.toFixed(0)} ms`, atMost, true);
    for (const fault of faults) this.report(fault, "only what every client can read");
  }

  /** An account can log in, and what is kept can be shown. */
  async #readAfterwards(): Promise<void> {
    const client = await Client.connect(this.port);
    try {
      const answer = await client.request(login(WITNESS), LOGIN);
      if (answer?.response !== 200) {
        const got = answer === undefined ? client.ended || "no answer" : JSON.stringify(answer);
        this.report(`an account that could not log in: ${got}`, `200 within ${LOGIN / 1000} s`);
        return;
      }
      const { answer: page, rows } = await client.requestList({ action: "history", limit: 100 });
      if (page?.response !== 202 || rows.length !== page.quantity) {
        this.report(`${rows.length} rows of ${JSON.stringify(page)}`, "a page of the past, whole");
      }
      for (const row of rows) {
        const why = flawIn(row);
        if (why !== undefined) this.report(`in the past ${why}`, "only what every client can read");
      }
    } finally {
      client.close();
    }
  }

  async #reportEnd(): Promise<void> {
    const [line] = this.#target.said.split("\n").filter((line) => /error|panic/i.test(line));
    const status = await this.#target.ended;
    this.report(`the server's end, status ${status}: ${line ?? "nothing was said"}`, "a server that stays up");
  }
}
