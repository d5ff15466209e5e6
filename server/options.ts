/** The command line of the server, as data. */
import { flag, Mistake, oneOf, type Option, size, type Text, text, whole } from "../cli/mod.ts";
import { languages } from "../jim/mod.ts";
import { levels } from "../log/mod.ts";
import { type SelectName, selects } from "../select/mod.ts";
import { catalogues } from "./words/mod.ts";

/** Bounds of options: a year in seconds, a minute in milliseconds, a hundred years in days. */
const YEAR = 366 * 86_400, MINUTE = 60_000, CENTURY = 36_500;

export const program = {
  name: "hanita-server",
  does: {
    en: "The server of Hanita, a chat that any program can join: JSON objects over TCP.",
    ru: "Сервер Hanita, чата, в который может войти любая программа: объекты JSON поверх TCP.",
  },
  options: {
    address: text(
      {
        en: "Address to listen on; all of this machine's unless given.",
        ru: "Адрес, на котором слушать; если не дан — все адреса этой машины.",
      },
      undefined,
      {
        short: "a",
        value: "ADDR",
      },
    ),
    port: whole(
      {
        en: "Port to listen on; 0 lets the system choose.",
        ru: "Порт, на котором слушать; 0 — пусть выберет система.",
      },
      7777,
      { short: "p", value: "PORT", max: 65535 },
    ),
    data: text(
      { en: "Folder for the log and all that is kept.", ru: "Папка для журнала и всего, что хранится." },
      "./data",
      { value: "DIR" },
    ),
    tlsCert: text(
      {
        en: "Speak TLS, and show this certificate; read again on SIGHUP.",
        ru: "Говорить на TLS и показывать этот сертификат; по SIGHUP он читается снова.",
      },
      undefined,
      {
        value: "FILE",
        with: "tlsKey",
      },
    ),
    tlsKey: text({ en: "The certificate's key.", ru: "Ключ сертификата." }, undefined, {
      value: "FILE",
      with: "tlsCert",
    }),
    web: flag({
      en: "Serve the chat's page too, and JIM over WebSocket at /jim.",
      ru: "Показывать и страницу чата, а по /jim — JIM поверх WebSocket.",
    }),
    webPort: whole(
      { en: "Port of the page; 0 lets the system choose.", ru: "Порт страницы; 0 — пусть выберет система." },
      8080,
      { max: 65535, with: "web" },
    ),
    metricsTokenFile: text(
      {
        en: "File with another word than the token that opens /metrics.",
        ru: "Файл со словом, которое, кроме token, открывает /metrics.",
      },
      undefined,
      {
        value: "FILE",
        with: "web",
      },
    ),
    trustProxy: text(
      {
        en: "Proxies, or ranges of them, that are believed about a client's address: PROXY protocol, X-Forwarded-For.",
        ru: "Прокси или диапазоны, которым верят об адресе клиента: протокол PROXY, X-Forwarded-For.",
      },
      undefined,
      { value: "ADDR,..." },
    ),
    webOrigin: origins({
      en: "Other origins whose pages may speak JIM, such as https://chat.example.org.",
      ru: "С каких ещё сайтов страницы могут говорить на JIM, например https://chat.example.org.",
    }, "web"),
    memory: flag({
      en: "Keep nothing on disk but the log: messages, accounts and rooms end with the server.",
      ru: "Не хранить на диске ничего, кроме журнала: сообщения, учётные записи и комнаты исчезнут вместе с сервером.",
    }),
    sync: {
      ...oneOf(
        {
          en: "What a power cut may cost: the last moments, or nothing at a disk's own speed.",
          ru: "Что может пропасть при отключении питания: последние мгновения или ничего, но со скоростью диска.",
        },
        ["normal", "full"],
        "normal",
      ),
      not: "memory",
    },
    keepDays: {
      ...whole(
        { en: "Days that messages are kept; 0: for ever.", ru: "Сколько дней хранить сообщения; 0 — всегда." },
        0,
        { value: "DAYS", max: CENTURY },
      ),
      not: "memory",
    },
    journalSize: size(
      {
        en: "Bytes that what is kept may have, such as 500MB; 0: as many as the disk has.",
        ru: "Сколько байт может занимать всё, что хранится, например 500MB; 0 — сколько есть на диске.",
      },
      0,
      { not: "memory" },
    ),
    registration: oneOf(
      {
        en: "Whether anybody may make an account, or only the operator.",
        ru: "Кто заводит учётные записи: кто угодно или только оператор.",
      },
      ["open", "closed"],
      "open",
    ),
    guests: oneOf(
      { en: "Whether who has no account may come in.", ru: "Пускать ли гостей, у которых нет учётной записи." },
      ["yes", "no"],
      "yes",
    ),
    devices: whole(
      { en: "Connections of one account at a time.", ru: "Подключений одной учётной записи одновременно." },
      10,
      { min: 1 },
    ),
    rooms: whole({ en: "Rooms that one person may be in.", ru: "В скольких комнатах можно быть одновременно." }, 100),
    newRooms: whole({
      en: "Rooms that may be made from one network at once, and again in each hour; 0: any number.",
      ru: "Сколько комнат можно создать из одной сети сразу, и столько же за каждый час; 0 — сколько угодно.",
    }, 200),
    newAccounts: whole({
      en: "Accounts that may be registered from one network, likewise; 0: any number.",
      ru: "Сколько учётных записей можно завести из одной сети, так же; 0 — сколько угодно.",
    }, 120),
    dailyPerAccount: size({
      en: "Bytes of messages that are kept of one account in a day; 0: any number.",
      ru: "Сколько байт сообщений одной учётной записи хранить за день; 0 — сколько угодно.",
    }, 0),
    dailyPerAddress: size({
      en: "The same of one network (an IPv4 address, an IPv6 /64).",
      ru: "То же для одной сети (адрес IPv4, /64 IPv6).",
    }, 0),
    emptyRooms: whole(
      {
        en: "Seconds after which a room without members is removed, and what was said there; 0: never.",
        ru: "Через сколько секунд исчезает пустая комната вместе со сказанным в ней; 0 — никогда.",
      },
      3600,
      {
        max: YEAR,
        value: "S",
      },
    ),
    replay: whole({
      en: "Missed messages of each conversation that are sent to who comes back.",
      ru: "Сколько пропущенных сообщений каждой беседы получает вернувшийся.",
    }, 100),
    sessionDays: whole(
      {
        en: "Days after its last use when a session token ends, by which a page stays logged in; 0: none is given.",
        ru:
          "Через сколько дней без использования истекает token сессии, с которым страница помнит вход; 0 — token не выдаётся.",
      },
      30,
      { value: "DAYS", max: CENTURY },
    ),
    probeAfter: whole(
      {
        en: "Seconds of silence after which a program is asked whether it is there.",
        ru: "Через сколько секунд молчания спросить программу, здесь ли она.",
      },
      60,
      {
        min: 1,
        max: YEAR,
        value: "S",
      },
    ),
    rate: whole(
      {
        en: "Objects a second that one connection may send, with bursts of ten seconds' worth; 0: any number.",
        ru:
          "Сколько объектов в секунду может присылать одно подключение, разом — за десять секунд; 0 — сколько угодно.",
      },
      100,
    ),
    outbox: whole(
      {
        en: "Bytes that a slow reader may be owed before it is dropped.",
        ru: "Сколько байт может ждать медленного читателя, прежде чем его отключат.",
      },
      1024 * 1024,
      { min: 4096 },
    ),
    outboxes: whole(
      { en: "Bytes that all readers together may be owed.", ru: "Сколько байт может ждать всех читателей вместе." },
      256 * 1024 * 1024,
      { min: 4096 },
    ),
    unfinished: whole(
      {
        en: "Bytes that objects which have not ended may have, of all connections together.",
        ru: "Сколько байт могут занимать незаконченные объекты всех подключений вместе.",
      },
      4 * 1024 * 1024,
      {
        min: 65_536,
      },
    ),
    connections: whole({ en: "Connections at a time.", ru: "Подключений одновременно." }, 15_000, { min: 1 }),
    perAddress: whole({
      en: "Connections of one network (an IPv4 address, an IPv6 /64) at a time; 0: any number.",
      ru: "Подключений из одной сети (адрес IPv4, /64 IPv6) одновременно; 0 — сколько угодно.",
    }, 0),
    presenceWithin: whole(
      {
        en: "Seconds in which who has connected must say presence.",
        ru: "За сколько секунд после подключения нужно прислать presence.",
      },
      30,
      {
        min: 1,
        max: YEAR,
        value: "S",
      },
    ),
    idle: whole(
      {
        en: "Seconds after which who says nothing is sent away; 0: never.",
        ru: "Через сколько секунд молчания отключать; 0 — никогда.",
      },
      0,
      { max: YEAR, value: "S" },
    ),
    bareGap: whole(
      {
        en: "Milliseconds between two objects to a program that ends them with no newline.",
        ru: "Миллисекунд между двумя объектами для программы, которая не ставит перевод строки.",
      },
      50,
      {
        max: MINUTE,
        value: "MS",
      },
    ),
    strict: flag({
      en: "Take no more than the handout allows: objects of 640 characters, texts of 500.",
      ru: "Принимать не больше, чем разрешает задание: объекты до 640 символов, тексты до 500.",
    }),
    lang: oneOf(
      {
        en:
          "The language of refusals, en unless given, and of what is printed for a person: the system's unless given.",
        ru: "Язык отказов, en, если не дан, и того, что печатается для людей: если не дан, как в системе.",
      },
      languages,
      undefined,
    ),
    trace: flag({
      en: "Show on standard error what every connection says and is told, and why it was refused.",
      ru: "Показывать в стандартном выводе ошибок, что каждое подключение присылает и получает и в чём ему отказано.",
    }),
    select: oneOf(
      {
        en: "How the loop waits: a ready list, or the literal Promise.race.",
        ru: "Как ждёт цикл: по списку готовых или буквально через Promise.race.",
      },
      names(),
      "ready",
    ),
    logLevel: oneOf(
      {
        en: "The least important lines that are logged.",
        ru: "Наименее важные строки, которые ещё попадают в журнал.",
      },
      levels,
      "info",
    ),
    logDays: whole({ en: "Days that a log is kept.", ru: "Сколько дней хранить журнал." }, 30, {
      min: 1,
      max: CENTURY,
      value: "DAYS",
    }),
    logSize: size({
      en: "Bytes that the log of all days may have, half of them today's; 0: any number.",
      ru: "Сколько байт может занимать журнал за все дни, половина — за сегодня; 0 — сколько угодно.",
    }, 0),
  },
};

function names(): SelectName[] {
  return Object.keys(selects) as SelectName[];
}

/** Origins, as browsers write them: a scheme, a host, a port if it is not the scheme's own. */
function origins(help: Text, needs: string): Option<readonly string[] | undefined> {
  return {
    value: "ORIGIN,...",
    with: needs,
    help,
    otherwise: undefined,
    read: (text, language) =>
      text.split(",").map((origin) => {
        if (URL.parse(origin)?.origin === origin) return origin;
        throw new Mistake(catalogues[language].notOrigin(JSON.stringify(origin)));
      }),
  };
}
