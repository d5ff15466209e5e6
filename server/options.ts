/** The command line of the server, as data. */
import { flag, oneOf, type Option, size, type Text, text, topic, UsageError, whole } from "../cli/mod.ts";
import { type Language, languages } from "../jim/mod.ts";
import { levels } from "../log/mod.ts";
import { type SelectName, selects } from "../select/mod.ts";
import { brokerOptions } from "./broker_options.ts";
import { catalogues, inEach, type Texts } from "./words/mod.ts";

/** Bounds of options: a year in seconds, a minute in milliseconds, a hundred years in days. */
const YEAR = 366 * 86_400, MINUTE = 60_000, CENTURY = 36_500;
const MIB = 1024 * 1024;

export const program = {
  name: "hanita-server",
  summary: inEach((texts) => texts.server),
  options: {
    ...topic("network", {
      address: text(help("address"), undefined, { short: "a", value: "ADDR" }),
      port: whole(help("port"), 7777, { short: "p", value: "PORT", max: 65535 }),
      trustProxy: text(help("trustProxy"), undefined, { value: "ADDR,..." }),
    }),
    ...topic("tls", {
      tlsCert: text(help("tlsCert"), undefined, { value: "FILE", requires: "tlsKey" }),
      tlsKey: text(help("tlsKey"), undefined, { value: "FILE", requires: "tlsCert" }),
    }),
    ...topic("web", {
      web: flag(help("web")),
      webPort: whole(help("webPort"), 8080, { max: 65535, requires: "web" }),
      webOrigin: origins(help("webOrigin"), "web"),
      metricsTokenFile: text(help("metricsTokenFile"), undefined, { value: "FILE", requires: "web" }),
    }),
    ...topic("storage", {
      data: text(help("data"), "./data", { value: "DIR" }),
      memory: flag(help("memory")),
      sync: oneOf(help("sync"), ["normal", "full"], "normal", { conflictsWith: "memory" }),
      keepDays: whole(help("keepDays"), 0, { value: "DAYS", max: CENTURY, conflictsWith: "memory" }),
      journalSize: size(help("journalSize"), 0, { conflictsWith: "memory" }),
      fileLimit: size(help("fileLimit"), 16 * MIB),
      fileSpace: size(help("fileSpace"), 4096 * MIB),
      fileOrigin: origin(help("fileOrigin")),
    }),
    ...topic("cluster", {
      ...brokerOptions(help("broker")),
      servers: origins(help("servers"), "web"),
    }),
    ...topic("accounts", {
      registration: oneOf(help("registration"), ["open", "closed"], "open"),
      guests: oneOf(help("guests"), ["yes", "no"], "yes"),
      devices: whole(help("devices"), 10, { min: 1 }),
      sessionDays: whole(help("sessionDays"), 30, { value: "DAYS", max: CENTURY }),
      rooms: whole(help("rooms"), 100),
      emptyRooms: whole(help("emptyRooms"), 3600, { max: YEAR, value: "S" }),
      replay: whole(help("replay"), 100),
      editMinutes: whole(help("editMinutes"), 60, { value: "MIN", max: 60 * 24 * CENTURY }),
    }),
    ...topic("limits", {
      connections: whole(help("connections"), 15_000, { min: 1 }),
      perAddress: whole(help("perAddress"), 0),
      rate: whole(help("rate"), 100),
      newRooms: whole(help("newRooms"), 200),
      newAccounts: whole(help("newAccounts"), 120),
      dailyPerAccount: size(help("dailyPerAccount"), 0),
      dailyPerAddress: size(help("dailyPerAddress"), 0),
      dailyFiles: size(help("dailyFiles"), 1024 * MIB),
      outbox: whole(help("outbox"), 1024 * 1024, { min: 4096 }),
      outboxes: whole(help("outboxes"), 256 * 1024 * 1024, { min: 4096 }),
      unfinished: whole(help("unfinished"), 2 * 1024 * 1024, { min: 65_536 }),
      strict: flag(help("strict")),
    }),
    ...topic("timeouts", {
      presenceWithin: whole(help("presenceWithin"), 30, { min: 1, max: YEAR, value: "S" }),
      probeAfter: whole(help("probeAfter"), 60, { min: 1, max: YEAR, value: "S" }),
      idle: whole(help("idle"), 0, { max: YEAR, value: "S" }),
      bareGap: whole(help("bareGap"), 50, { max: MINUTE, value: "MS" }),
    }),
    ...topic("logging", {
      logLevel: oneOf(help("logLevel"), levels, "info"),
      logDays: whole(help("logDays"), 30, { min: 1, max: CENTURY, value: "DAYS" }),
      logSize: size(help("logSize"), 0),
      trace: flag(help("trace")),
    }),
    ...topic("general", {
      config: text(help("config"), undefined, { value: "FILE" }),
      lang: oneOf(help("lang"), languages, undefined),
      select: oneOf(help("select"), names(), "ready"),
    }),
  },
};

/** The help text of an option. */
function help(key: keyof Texts["options"]): Text {
  return inEach(({ options }) => options[key]);
}

function names(): SelectName[] {
  return Object.keys(selects) as SelectName[];
}

/** An origin, as browsers write it: a scheme, a host, a port if it is not the scheme's own. */
function origin(help: Text): Option<string | undefined> {
  return { value: "ORIGIN", help, default: undefined, read: readOrigin };
}

function readOrigin(text: string, language: Language): string {
  if (URL.parse(text)?.origin === text) return text;
  throw new UsageError(catalogues[language].notOrigin(JSON.stringify(text)));
}

function origins(help: Text, requires: string): Option<readonly string[] | undefined> {
  return {
    value: "ORIGIN,...",
    requires,
    help,
    default: undefined,
    read: (text, language) => text.split(",").map((origin) => readOrigin(origin, language)),
  };
}
