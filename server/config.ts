/**
 * The configuration of a server, from its options. SIGHUP changes a part of it while the server runs. So each part of the
 * server reads such a value where it uses it, and the object is changed in place.
 */
import type { Values } from "../cli/mod.ts";
import { DEFAULT_LIMITS, STRICT_LIMITS } from "../jim/mod.ts";
import type { Rules } from "./chat/chat.ts";
import type { CreationLimits } from "./limits/creation_quota.ts";
import type { DailyLimits } from "./limits/daily_quotas.ts";
import type { OutputLimits } from "./net/connection_manager.ts";
import type { InputLimits } from "./net/input.ts";
import type { program } from "./options.ts";

/** The settings of a server. */
export interface ServerConfig extends OutputLimits, InputLimits, CreationLimits, DailyLimits {
  readonly rules: Rules;
  /** Milliseconds that a remote journal may be late before proposals and messages are refused. */
  readonly journalWait?: number | undefined;
  /** Milliseconds of silence after which a connection is probed. */
  readonly probeAfter: number;
}

/** The options of the server. */
export type ServerOptions = Values<typeof program.options>;

/** The options that SIGHUP changes. The others take effect at the next start. */
const CHANGEABLE = [
  "registration",
  "guests",
  "devices",
  "sessionDays",
  "rooms",
  "emptyRooms",
  "replay",
  "editMinutes",
  "connections",
  "perAddress",
  "rate",
  "newRooms",
  "newAccounts",
  "outboxes",
  "unfinished",
  "presenceWithin",
  "probeAfter",
  "idle",
  "bareGap",
  "logLevel",
] as const satisfies readonly (keyof ServerOptions)[];

/** The configuration that options describe. */
export function serverConfig(options: ServerOptions): ServerConfig {
  return {
    limits: options.strict ? STRICT_LIMITS : DEFAULT_LIMITS,
    rateLimit: { rate: options.rate, burst: 10 * options.rate },
    outbox: options.outbox,
    outboxes: options.outboxes,
    unfinished: options.unfinished,
    bareGap: options.bareGap,
    connections: options.connections,
    perAddress: options.perAddress,
    presenceWithin: 1000 * options.presenceWithin,
    idle: 1000 * options.idle,
    probeAfter: 1000 * options.probeAfter,
    newRooms: options.newRooms,
    newAccounts: options.newAccounts,
    dailyPerAccount: options.dailyPerAccount,
    dailyPerAddress: options.dailyPerAddress,
    emptyRooms: 1000 * options.emptyRooms,
    language: options.lang ?? "en",
    rules: {
      registration: options.registration === "open",
      guests: options.guests === "yes",
      devices: options.devices,
      rooms: options.rooms,
      replay: options.replay,
      sessionDays: options.sessionDays,
      editMinutes: options.editMinutes,
    },
  };
}

/** What a change of the options has done. */
export interface Reconfigured {
  /** The options that count from now on. */
  readonly options: ServerOptions;
  /** The keys of those that have changed. */
  readonly changed: readonly string[];
  /** The keys of those that have other values now, which only a restart brings into effect. */
  readonly postponed: readonly string[];
}

/** Changes a configuration in place, as far as it can be changed while the server runs. */
export function reconfigure(config: ServerConfig, before: ServerOptions, wanted: ServerOptions): Reconfigured {
  const differing = (Object.keys(wanted) as (keyof ServerOptions)[])
    .filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(before[key]));
  const isChangeable = (key: keyof ServerOptions) => (CHANGEABLE as readonly string[]).includes(key);
  const changed = differing.filter(isChangeable), postponed = differing.filter((key) => !isChangeable(key));
  const options = { ...before, ...Object.fromEntries(changed.map((key) => [key, wanted[key]])) };
  const { rules, rateLimit, ...rest } = serverConfig(options);
  Object.assign(config.rules, rules);
  Object.assign(config.rateLimit, rateLimit);
  Object.assign(config, { ...rest, rules: config.rules, rateLimit: config.rateLimit });
  return { options, changed, postponed };
}
