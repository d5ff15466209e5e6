/** Checks of malformed input: it must be refused, and the connection must go on. */
import { type Text, untranslated } from "../../cli/mod.ts";
import {
  carries,
  type Check,
  type CheckContext,
  code,
  concat,
  ENDED,
  fault,
  type Finding,
  isAnswer,
  line,
  LOST,
  msg,
  note,
  ok,
  RECEIVED,
  show,
  WORDLESS,
} from "./check.ts";

const TIME = 1764000000;
const THEN: Text = { en: ", then ", ru: ", потом " };
const NOT_RELAYED: Text = {
  en: ", and the good message behind it was not relayed",
  ru: ", а правильное сообщение после него не передано",
};
const UNTOLD: Text = {
  en: ": a learner will not know what was wrong",
  ru: ": ученик не узнает, что было не так",
};
const TAKEN: Text = { en: ": it was taken", ru: ": это принято" };

/** Malformed input. Each must be refused, and the next message must be relayed. */
const malformed: readonly [name: Text, sent: Text, said: string | Uint8Array][] = [
  [{ en: "garbage", ru: "не JSON" }, untranslated("hello, is anybody there?"), "hello, is anybody there?\n"],
  [{ en: "JSON that is no object", ru: "JSON, но не объект" }, untranslated("[1,2]"), "[1,2]\n"],
  [{ en: "single quotes", ru: "одинарные кавычки" }, untranslated("{'action':'probe'}"), "{'action':'probe'}\n"],
  [{ en: "an object that breaks off", ru: "оборванный объект" }, {
    en: '{"action":"msg","message":"hel and a newline',
    ru: '{"action":"msg","message":"hel и перевод строки',
  }, '{"action":"msg","message":"hel\n'],
  [{ en: "no action", ru: "нет action" }, untranslated('{"time":…,"to":"#all"}'), line({ time: TIME, to: "#all" })],
  [
    { en: "an action that nobody knows", ru: "неизвестное action" },
    untranslated('{"action":"fly",…}'),
    line({ action: "fly", time: TIME }),
  ],
  [
    { en: "no time", ru: "нет time" },
    untranslated('{"action":"msg","to":"#all","message":…}'),
    line({ action: "msg", to: "#all", message: "timeless" }),
  ],
  [
    { en: "a text that is a number", ru: "число вместо текста" },
    untranslated('"message":5'),
    line({ action: "msg", time: TIME, to: "#all", message: 5 }),
  ],
  [
    { en: "an addressee that is a list", ru: "список вместо адресата" },
    untranslated('"to":["#all"]'),
    line({ action: "msg", time: TIME, to: ["#all"], message: "x" }),
  ],
  [
    { en: "a user that is a string", ru: "строка вместо user" },
    untranslated('"user":"me"'),
    line({ action: "presence", time: TIME, user: "me" }),
  ],
  [
    { en: "bytes that are no UTF-8", ru: "байты, которые не UTF-8" },
    { en: "a message with FF in its text", ru: "сообщение с байтом FF в тексте" },
    new Uint8Array([
      ...new TextEncoder().encode('{"action":"msg","time":1764000000,"to":"#all","message":"a'),
      0xff,
      ...new TextEncoder().encode('b"}\n'),
    ]),
  ],
  [{ en: "NUL between objects", ru: "NUL между объектами" }, {
    en: "a byte 00 and a newline",
    ru: "байт 00 и перевод строки",
  }, "\0\n"],
];

/** Oversized input. It may end the connection too, if the server says why. */
const oversized: readonly [name: Text, sent: Text, said: string][] = [
  [
    { en: "an object of 1 MB", ru: "объект на 1 МБ" },
    { en: "a message that goes on for 1,000,000 bytes", ru: "сообщение на 1 000 000 байт" },
    `{"action":"msg","time":1,"message":"${"x".repeat(1e6)}"}\n`,
  ],
  [
    { en: "100,000 brackets", ru: "100 000 скобок" },
    { en: "[ 100,000 times", ru: "[ 100 000 раз" },
    `${"[".repeat(100_000)}\n`,
  ],
];

async function refused(context: CheckContext, said: string | Uint8Array): Promise<Finding> {
  const text = context.text(),
    reader = await context.join(),
    writer = await context.join(),
    from = writer.received.length;
  await writer.send(said);
  const answer = await writer.receive(isAnswer, from);
  if (writer.isOver) return fault(answer === undefined ? ENDED : concat(show(answer), THEN, ENDED));
  await writer.send(msg(text));
  const next = await reader.receive(carries(text));
  if (next === undefined) return fault(concat(show(answer), NOT_RELAYED));
  if (answer === undefined) return note(concat(show(answer), UNTOLD));
  return code(answer) >= 400 && code(answer) < 500 ? ok(show(answer)) : note(concat(show(answer), TAKEN));
}

async function bounded(context: CheckContext, said: string): Promise<Finding> {
  const writer = await context.join(), from = writer.received.length;
  await writer.send(said);
  const answer = await writer.receive(isAnswer, from);
  if (answer !== undefined) return code(answer) >= 400 ? ok(show(answer)) : note(concat(show(answer), TAKEN));
  return note(writer.isOver ? WORDLESS : show(answer));
}

export const malformedChecks: readonly Check[] = [
  ...malformed.map(([name, sent, said]): Check => ({
    name,
    sent,
    why: {
      en: "A robust server answers 400 with what was wrong, and understands the very next object.",
      ru: "Надёжный сервер отвечает 400, говорит, что не так, и понимает уже следующий объект.",
    },
    run: (context) => refused(context, said),
  })),
  {
    name: { en: "garbage, and a message in the same segment", ru: "мусор и сообщение в одном сегменте" },
    sent: { en: "oops, a newline, a message", ru: "oops, перевод строки, сообщение" },
    why: {
      en: "A robust server passes over what is no object, up to the next line or bracket.",
      ru: "Надёжный сервер пропускает то, что не объект, до следующей строки или скобки.",
    },
    async run(context) {
      const text = context.text(), reader = await context.join(), writer = await context.join();
      await writer.send(`oops\n${msg(text)}`);
      const relay = await reader.receive(carries(text));
      if (relay !== undefined) return ok(concat(RECEIVED, show(relay)));
      return fault(writer.isOver ? ENDED : LOST);
    },
  },
  ...oversized.map(([name, sent, said]): Check => ({
    name,
    sent,
    why: {
      en: "A robust server has a limit, says so with 400, and keeps no more than that in memory.",
      ru: "У надёжного сервера есть предел: он говорит о нём с 400 и больше в памяти не держит.",
    },
    run: (context) => bounded(context, said),
  })),
];
