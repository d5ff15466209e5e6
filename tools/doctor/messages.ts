/** Checks of messages, and of where one ends: glued, split, and ended by anything. */
import { pause } from "../harness/pause.ts";
import {
  carries,
  type Check,
  type CheckContext,
  code,
  concat,
  fault,
  type Finding,
  isAnswer,
  LOST,
  msg,
  note,
  ok,
  RECEIVED,
  show,
} from "./check.ts";
import type { ReceivedObject } from "./lenient_client.ts";

const FIND_THE_END = {
  en: "A robust server collects bytes until an object's last bracket has come, whatever one recv gave.",
  ru: "Надёжный сервер собирает байты, пока не придёт последняя скобка объекта, сколько бы ни дал один recv.",
};
/** Long enough for an echo, in milliseconds, once others have received it. */
const ECHO = 200;

type Parts = readonly (string | Uint8Array)[];

/** A writer says these parts; a reader must receive all texts. */
async function relayed(context: CheckContext, texts: readonly string[], parts: Parts): Promise<Finding> {
  const reader = await context.join(), writer = await context.join();
  await writer.send(...parts);
  const received: (ReceivedObject | undefined)[] = [];
  for (const text of texts) received.push(await reader.receive(carries(text)));
  const missing = texts.filter((_, i) => received[i] === undefined);
  if (missing.length === 0) return ok(concat(RECEIVED, show(received.at(-1))));
  const came = texts.length - missing.length;
  const count = { en: `${came} of ${texts.length}`, ru: `${came} из ${texts.length}` };
  const end = { en: ", and the end of the writer's connection", ru: ", а соединение писателя закрыто" };
  return fault(concat(RECEIVED, count, ...writer.isOver ? [end] : []));
}

/** A message in two parts, cut behind the first of these bytes. */
function cutIn(text: string, at: string, behind: number): Parts {
  const bytes = new TextEncoder().encode(text), [before] = text.split(at);
  const place = new TextEncoder().encode(before).length + behind;
  return [bytes.subarray(0, place), bytes.subarray(place)];
}

export const messageChecks: readonly Check[] = [
  {
    name: { en: "a message to all", ru: "сообщение всем" },
    sent: {
      en: '{"action":"msg","to":"#all",…} by one of two',
      ru: '{"action":"msg","to":"#all",…} от одного из двух',
    },
    why: { en: "A robust server relays it to everybody else.", ru: "Надёжный сервер передаёт его всем остальным." },
    run: (context) => withText(context, (text) => relayed(context, [text], [msg(text)])),
  },
  {
    name: { en: "an answer to a message", ru: "ответ на сообщение" },
    sent: { en: "a message to all", ru: "сообщение всем" },
    why: {
      en: "A robust server answers each message, so that its writer knows what became of it.",
      ru: "Надёжный сервер отвечает на каждое сообщение, чтобы писавший знал, что с ним стало.",
    },
    async run(context) {
      const writer = await context.join(), from = writer.received.length;
      await writer.send(msg(context.text()));
      const answer = await writer.receive(isAnswer, from);
      if (answer === undefined) return note(show(answer));
      return code(answer) < 300 ? ok(show(answer)) : fault(show(answer));
    },
  },
  {
    name: { en: "no echo", ru: "без эха" },
    sent: { en: "a message to all", ru: "сообщение всем" },
    why: {
      en: "A robust server does not send a text back to its author.",
      ru: "Надёжный сервер не возвращает текст тому, кто его написал.",
    },
    async run(context) {
      const text = context.text(), reader = await context.join(), writer = await context.join();
      await writer.send(msg(text));
      await reader.receive(carries(text));
      await pause(ECHO);
      const echo = writer.received.find(carries(text));
      return echo === undefined
        ? ok({ en: "nothing of it came back", ru: "ничего не вернулось" })
        : note(concat({ en: "it came back: ", ru: "он вернулся: " }, show(echo)));
    },
  },
  {
    name: { en: "a name that is somebody else's", ru: "чужое имя" },
    sent: { en: 'a message with "from":"the teacher"', ru: 'сообщение с "from":"the teacher"' },
    why: {
      en: "A robust server knows the name of each connection, and never trusts the from of a request.",
      ru: "Надёжный сервер сам знает имя каждого соединения и не верит полю from.",
    },
    async run(context) {
      const text = context.text(), reader = await context.join(), writer = await context.join();
      await writer.send(msg(text, { from: "the teacher" }));
      const relay = await reader.receive(carries(text));
      if (relay === undefined) return fault(LOST);
      return JSON.stringify(relay).includes("the teacher")
        ? fault(concat({ en: "it was believed: ", ru: "этому поверили: " }, show(relay)))
        : ok(show(relay));
    },
  },
  {
    name: { en: "letters of every kind", ru: "буквы всех видов" },
    sent: {
      en: "a message with Ж and 😀 in raw UTF-8, and with \\u escapes",
      ru: "сообщение с Ж и 😀 прямо в UTF-8 и через \\u",
    },
    why: {
      en: "A robust server reads UTF-8 and escapes, and relays what was meant.",
      ru: "Надёжный сервер читает и UTF-8, и \\u и передаёт то, что имелось в виду.",
    },
    run: (context) =>
      withText(context, (text) => relayed(context, [`${text} Ж😀 ж`], [msg(`${text} Ж😀 @`).replace("@", "\\u0436")])),
  },
  {
    name: { en: "two objects in one segment", ru: "два объекта в одном сегменте" },
    sent: { en: "two messages glued in one write", ru: "два сообщения, склеенные в одной записи" },
    why: FIND_THE_END,
    run: (context) => {
      const one = context.text(), two = context.text();
      return relayed(context, [one, two], [msg(one).trim() + msg(two)]);
    },
  },
  {
    name: { en: "an object in two segments", ru: "объект в двух сегментах" },
    sent: { en: "one message in two writes", ru: "одно сообщение в двух записях" },
    why: FIND_THE_END,
    run: (context) => withText(context, (text) => relayed(context, [text], cutIn(msg(text), '"message"', 4))),
  },
  {
    name: { en: "a letter in two segments", ru: "буква в двух сегментах" },
    sent: { en: "one message, cut inside the two bytes of Ж", ru: "одно сообщение, разрезанное между двумя байтами Ж" },
    why: {
      en: "A robust server decodes whole objects, never what one recv gave.",
      ru: "Надёжный сервер декодирует целые объекты, а не то, что дал один recv.",
    },
    run: (context) => withText(context, (text) => relayed(context, [`${text} Ж`], cutIn(msg(`${text} Ж`), "Ж", 1))),
  },
  {
    name: { en: "an escape in two segments", ru: "\\u в двух сегментах" },
    sent: { en: "one message, cut inside of \\u0416", ru: "одно сообщение, разрезанное внутри \\u0416" },
    why: {
      en: "A robust server parses whole objects, never what one recv gave.",
      ru: "Надёжный сервер разбирает целые объекты, а не то, что дал один recv.",
    },
    run: (context) =>
      withText(
        context,
        (text) => relayed(context, [`${text} Ж`], cutIn(msg(`${text} @`).replace("@", "\\u0416"), "\\u0416", 3)),
      ),
  },
  {
    name: { en: "a message ended by CRLF", ru: "сообщение с CRLF в конце" },
    sent: { en: "a message and \\r\\n", ru: "сообщение и \\r\\n" },
    why: {
      en: "A robust server takes any white space between objects.",
      ru: "Надёжный сервер допускает между объектами любые пробелы и переводы строк.",
    },
    run: (context) => withText(context, (text) => relayed(context, [text], [`${msg(text).trim()}\r\n`])),
  },
  {
    name: { en: "a message of more than 1,024 bytes", ru: "сообщение длиннее 1024 байт" },
    sent: { en: "a message with a text of 1,500 letters", ru: "сообщение с текстом в 1500 букв" },
    why: {
      en: "A robust server relays it, or says how long a text may be.",
      ru: "Надёжный сервер передаёт его или говорит, какой длины может быть текст.",
    },
    async run(context) {
      const text = context.text(),
        reader = await context.join(),
        writer = await context.join(),
        from = writer.received.length;
      await writer.send(msg(text + "x".repeat(1500)));
      const relay = await reader.receive(carries(text));
      if (relay !== undefined) return ok({ en: "it was relayed", ru: "оно передано" });
      const answer = writer.received.find((object, i) => i >= from && isAnswer(object));
      return answer !== undefined && code(answer) >= 400 ? ok(show(answer)) : fault(show(answer));
    },
  },
];

function withText(context: CheckContext, use: (text: string) => Promise<Finding>): Promise<Finding> {
  return use(context.text());
}
