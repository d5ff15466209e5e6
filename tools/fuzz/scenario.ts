/** A scenario of valid but abusive input, and what it runs with. scenario_run.ts runs it and judges the server. */
import type { Random } from "./random.ts";

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

/** An account that a scenario may attack, one that it leaves alone, and an operator. */
export const VICTIM = "ann", WITNESS = "witness", OPERATOR = "operator";
