/** The command line of the server, as data. */
import { flag, Mistake, oneOf, type Option, text, whole } from "../cli/mod.ts";
import { languages } from "../jim/mod.ts";
import { levels } from "../log/mod.ts";
import { type SelectName, selects } from "../select/mod.ts";

/** Bounds of options: a year in seconds, a minute in milliseconds, a hundred years in days. */
const YEAR = 366 * 86_400, MINUTE = 60_000, CENTURY = 36_500;

export const program = {
  name: "hanita-server",
  does: "The server of Hanita, a chat that any program can join: JSON objects over TCP.",
  options: {
    address: text("Address to listen on; all of this machine's unless given.", undefined, {
      short: "a",
      value: "ADDR",
    }),
    port: whole("Port to listen on; 0 lets the system choose.", 7777, { short: "p", value: "PORT", max: 65535 }),
    data: text("Folder for the log and all that is kept.", "./data", { value: "DIR" }),
    tlsCert: text("Speak TLS, and show this certificate; read again on SIGHUP.", undefined, {
      value: "FILE",
      with: "tlsKey",
    }),
    tlsKey: text("The certificate's key.", undefined, { value: "FILE", with: "tlsCert" }),
    web: flag("Serve the chat's page too, and JIM over WebSocket at /jim."),
    webPort: whole("Port of the page; 0 lets the system choose.", 8080, { max: 65535, with: "web" }),
    metricsTokenFile: text("File with another word than the token that opens /metrics.", undefined, {
      value: "FILE",
      with: "web",
    }),
    trustProxy: text(
      "Proxies, or ranges of them, that are believed about a client's address: PROXY protocol, X-Forwarded-For.",
      undefined,
      { value: "ADDR,..." },
    ),
    webOrigin: origins("Other origins whose pages may speak JIM, such as https://chat.example.org.", "web"),
    memory: flag("Keep nothing on disk but the log: messages, accounts and rooms end with the server."),
    sync: {
      ...oneOf(
        "What a power cut may cost: the last moments, or nothing at a disk's own speed.",
        ["normal", "full"],
        "normal",
      ),
      not: "memory",
    },
    keepDays: {
      ...whole("Days that messages are kept; 0: for ever.", 0, { value: "DAYS", max: CENTURY }),
      not: "memory",
    },
    registration: oneOf("Whether anybody may make an account, or only the operator.", ["open", "closed"], "open"),
    guests: oneOf("Whether who has no account may come in.", ["yes", "no"], "yes"),
    devices: whole("Connections of one account at a time.", 10, { min: 1 }),
    rooms: whole("Rooms that one person may be in.", 100),
    newRooms: whole("Rooms that may be made from one network at once, and again in each hour; 0: any number.", 200),
    newAccounts: whole("Accounts that may be registered from one network, likewise; 0: any number.", 120),
    emptyRooms: whole(
      "Seconds after which a room without members is removed, and what was said there; 0: never.",
      3600,
      {
        max: YEAR,
        value: "S",
      },
    ),
    replay: whole("Missed messages of each conversation that are sent to who comes back.", 100),
    sessionDays: whole(
      "Days after its last use when a session token ends, by which a page stays logged in; 0: none is given.",
      30,
      { value: "DAYS", max: CENTURY },
    ),
    probeAfter: whole("Seconds of silence after which a program is asked whether it is there.", 60, {
      min: 1,
      max: YEAR,
      value: "S",
    }),
    rate: whole(
      "Objects a second that one connection may send, with bursts of ten seconds' worth; 0: any number.",
      100,
    ),
    outbox: whole("Bytes that a slow reader may be owed before it is dropped.", 1024 * 1024, { min: 4096 }),
    outboxes: whole("Bytes that all readers together may be owed.", 256 * 1024 * 1024, { min: 4096 }),
    unfinished: whole(
      "Bytes that objects which have not ended may have, of all connections together.",
      4 * 1024 * 1024,
      {
        min: 65_536,
      },
    ),
    connections: whole("Connections at a time.", 15_000, { min: 1 }),
    perAddress: whole("Connections of one network (an IPv4 address, an IPv6 /64) at a time; 0: any number.", 0),
    presenceWithin: whole("Seconds in which who has connected must say presence.", 30, {
      min: 1,
      max: YEAR,
      value: "S",
    }),
    idle: whole("Seconds after which who says nothing is sent away; 0: never.", 0, { max: YEAR, value: "S" }),
    bareGap: whole("Milliseconds between two objects to a program that ends them with no newline.", 50, {
      max: MINUTE,
      value: "MS",
    }),
    strict: flag("Take no more than the handout allows: objects of 640 characters, texts of 500."),
    lang: oneOf("What refusals are explained in.", languages, "en"),
    trace: flag("Show on standard error what every connection says and is told, and why it was refused."),
    select: oneOf("How the loop waits: a ready list, or the literal Promise.race.", names(), "ready"),
    warmUp: whole("Milliseconds of a chat with itself before it listens, so that its code is compiled; 0: none.", 250, {
      max: MINUTE,
      value: "MS",
    }),
    logLevel: oneOf("The least important lines that are logged.", levels, "info"),
    logDays: whole("Days that a log is kept.", 30, { min: 1, max: CENTURY, value: "DAYS" }),
  },
};

function names(): SelectName[] {
  return Object.keys(selects) as SelectName[];
}

/** Origins, as browsers write them: a scheme, a host, a port if it is not the scheme's own. */
function origins(help: string, needs: string): Option<readonly string[] | undefined> {
  return {
    value: "ORIGIN,...",
    with: needs,
    help,
    otherwise: undefined,
    read: (text) =>
      text.split(",").map((origin) => {
        if (URL.parse(origin)?.origin === origin) return origin;
        throw new Mistake(`expected an origin such as https://chat.example.org, got ${JSON.stringify(origin)}`);
      }),
  };
}
