// What can be said to the client on its command line, and to the launchers that pass some of it on.

import {
  flag,
  lang,
  type Language,
  oneOf,
  type Option,
  type Positional,
  text,
  topic,
  UsageError,
  type Values,
  whole,
} from "../cli/mod.ts";
import { encode, explain, parse } from "../jim/mod.ts";
import { levels, type LogLevel } from "../log/mod.ts";
import { guestName } from "./guest.ts";
import { catalogues } from "./words.ts";

/** What the user wants. */
export interface Options {
  /** Where the server is: a name, an IPv4 or an IPv6 address. */
  readonly address: string;
  readonly port: number;
  /** Further servers of the same chat, to be tried in turn when that one is gone. */
  readonly others: readonly ServerAddress[];
  /** Encrypt, and connect only to a server with a valid certificate. */
  readonly tls: boolean;
  /** The file with a certificate to trust, beside those of the well-known authorities. */
  readonly ca: string | undefined;
  /** `-r` only reads the chat, `-w` only writes to it. */
  readonly only: "read" | "write" | undefined;
  readonly name: string;
  /** Print the objects of messages as they came. */
  readonly json: boolean;
  /** A file to send instead of a chat. */
  readonly send: string | undefined;
  /** The data folder, where it was named. */
  readonly data: string | undefined;
  readonly logLevel: LogLevel;
  /** What the program itself says is said in it. */
  readonly lang: Language;
}

/** Where a server is. */
export type ServerAddress = Pick<Options, "address" | "port">;

/** Where a server is, and how it is spoken to. */
export type Peer = Pick<Options, "address" | "port" | "tls" | "ca"> & Partial<Pick<Options, "lang">>;

/** The optional `[ADDR [PORT]]` of the launchers: this machine by default. */
export const peer = {
  address: {
    ...text(
      { en: "The server's name or address, as in 127.0.0.1.", ru: "Имя или адрес сервера, например 127.0.0.1." },
      "127.0.0.1",
    ),
    value: "ADDR",
    read: readAddress,
  },
  port: { ...whole({ en: "The server's port.", ru: "Порт сервера." }, 7777, { min: 1, max: 65_535 }), value: "PORT" },
} satisfies Record<string, Positional<unknown>>;

/** A server of a chat, or several; a port that is not given is that of the command line. */
const servers = {
  ...text(
    {
      en:
        "The server's name or address, as in 127.0.0.1; several of one chat with commas, as in ann.example,bob.example:7778.",
      ru:
        "Имя или адрес сервера, например 127.0.0.1; несколько серверов одного чата — через запятую: ann.example,bob.example:7778.",
    },
    "127.0.0.1",
  ),
  value: "ADDR[,ADDR...]",
  default: [{ address: "127.0.0.1", port: undefined }],
  required: true,
  read: (text: string, language: Language) => text.split(",").map((each) => readServer(each.trim(), language)),
} satisfies Positional<readonly NamedServer[]>;

/** An address with the port that was written behind it, if any. */
interface NamedServer {
  readonly address: string;
  readonly port: number | undefined;
}

function readServer(text: string, language: Language): NamedServer {
  const [, host, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(text) ?? [];
  const address = readAddress(host ?? text, language);
  if (address === "") throw new UsageError(catalogues[language].noAddress);
  return { address, port: port === undefined ? undefined : peer.port.read(port, language) };
}

/** Takes an address. An IPv6 address is often copied with its brackets; an address with a port behind it is two words here. */
function readAddress(text: string, language: Language): string {
  const { urlAsAddress, portApart } = catalogues[language];
  const [, host, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(text) ?? [];
  if (/^\w+:\/\//.test(text)) throw new UsageError(urlAsAddress(JSON.stringify(text)));
  if (host !== undefined) throw new UsageError(portApart(`${host} ${port}`));
  return text.replace(/^\[(.*)\]$/, "$1");
}

/** How a server is spoken to: shared by all programs that connect to one. */
export const encryption = {
  tls: flag({ en: "Encrypt, and check the server's certificate.", ru: "Шифровать и проверить, тот ли это сервер." }),
  ca: text(
    {
      en: "A certificate (PEM) to trust beside those known to all: the server's, or its signer's.",
      ru: "Сертификат (PEM), которому верить, кроме известных всем: сервера или того, кто его подписал.",
    },
    undefined,
    {
      value: "FILE",
      requires: "tls",
    },
  ),
};

const name: Option<string | undefined> = {
  ...text({ en: "Your name; guest-… by default.", ru: "Ваше имя; если не дано — guest-…" }, undefined, {
    short: "n",
    value: "NAME",
  }),
  read(name, language) {
    const mistake = wrongIn(name, language);
    if (mistake !== undefined) throw new UsageError(mistake);
    return name;
  },
};

/** The client, as its help tells of it. */
export const program = {
  name: "hanita-client",
  summary: {
    en: "Chats in a terminal with a server that speaks JIM.",
    ru: "Чат в терминале с сервером, который говорит на JIM.",
  },
  options: {
    ...topic("chat", {
      read: flag({ en: "Only read the chat.", ru: "Только читать чат." }, { short: "r" }),
      write: flag({
        en: "Only write: each line of standard input is a message, but an empty one.",
        ru: "Только писать: каждая строка стандартного ввода, кроме пустых, — сообщение.",
      }, { short: "w", conflictsWith: "read" }),
      name,
      send: text({ en: "Send one file to the chat, and leave.", ru: "Отправить в чат один файл и выйти." }, undefined, {
        value: "FILE",
      }),
      json: flag({ en: "Print messages as JSON, one a line.", ru: "Печатать сообщения как JSON, по одному в строке." }),
    }),
    ...topic("tls", encryption),
    ...topic("logging", {
      data: text(
        {
          en: "The data folder, for the log; ./data by default.",
          ru: "Папка данных, для журнала; если не дана — ./data.",
        },
        undefined,
        { value: "DIR" },
      ),
      logLevel: oneOf({ en: "How much the log says.", ru: "Насколько подробен журнал." }, levels, "info"),
    }),
    ...topic("general", { lang }),
  },
  positionals: { servers, port: peer.port },
};

/**
 * What a command line that was read comes to.
 *
 * @param random makes up a name, see {@linkcode guestName}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { read } from "../cli/mod.ts";
 * const { address, port, only } = optionsOf(read(program, ["[::1]", "8888", "-r", "-n", "Ann"]), Math.random);
 * assert.deepEqual([address, port, only], ["::1", 8888, "read"]);
 * const { others } = optionsOf(read(program, ["one.example,two.example:7778", "8888"]), Math.random);
 * assert.deepEqual(others, [{ address: "two.example", port: 7778 }]);
 * ```
 */
export function optionsOf(
  { read, write, name, servers, port, ...rest }: Values<typeof program.options & typeof program.positionals>,
  random: () => number,
): Options {
  const [first, ...others] = servers.map((each) => ({ address: each.address, port: each.port ?? port }));
  return {
    ...rest,
    ...first!,
    others,
    only: read ? "read" : write ? "write" : undefined,
    name: name ?? guestName(random),
  };
}

/** What a server would have against a name. */
function wrongIn(name: string, language: Language): string | undefined {
  const read = parse(encode({ action: "presence", time: 0, user: { account_name: name } }));
  return "refusal" in read ? explain(read.refusal, language).replace("user.account_name: ", "") : undefined;
}
