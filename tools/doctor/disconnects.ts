/** Checks of how people go, and of many at once: nobody else may notice. */
import type { Text } from "../../cli/mod.ts";
import { pause } from "../pause.ts";
import {
  carries,
  type Check,
  code,
  ENDED,
  fault,
  type Finding,
  isAnswer,
  joined,
  LOST,
  msg,
  note,
  ok,
  type Visit,
} from "./check.ts";
import type { Patient } from "./lenient_client.ts";

const CROWD = 50;
/** Nothing that a system keeps for a reader that does not read is larger, in bytes. */
const FLOOD = 6_000_000;
const WRITERS = 12;
/** The flood ends by then in any case, in milliseconds. */
const FLOOD_TIME = 15_000;
/** Long enough for a reset to be noticed, in milliseconds; whoever minds it shows so to the bystanders. */
const NOTICED = 50;

/** Somebody in the middle of a message. */
async function halfway(visit: Visit): Promise<Patient> {
  const writer = await visit.join();
  await writer.say('{"action":"msg","mess');
  return writer;
}

async function unmoved(): Promise<Finding> {
  await pause(NOTICED);
  return ok({ en: "nothing, as it should", ru: "ничего, как и надо" });
}

/** Who has ended its stream: good when the server ends its own, and no fault when not. */
async function ended(writer: Patient, closed: Text, open: Text): Promise<Finding> {
  return await writer.until(() => writer.over) ? ok(closed) : note(open);
}

export const leaving: readonly Check[] = [
  {
    name: { en: "a half-close", ru: "полузакрытие" },
    sent: { en: "a message, and the end of the writer's own stream", ru: "сообщение и конец потока писателя" },
    why: {
      en: "A robust server deals with what came before the end, and then closes its side.",
      ru: "Надёжный сервер обрабатывает всё, что пришло до конца, а потом закрывает свою сторону.",
    },
    async run(visit) {
      const text = visit.text(), reader = await visit.join(), writer = await visit.join();
      await writer.say(msg(text));
      writer.end();
      if (await reader.hear(carries(text)) === undefined) return fault(LOST);
      return await ended(
        writer,
        { en: "relayed, then closed", ru: "передано, потом закрыто" },
        { en: "relayed, and never closed", ru: "передано, но не закрыто" },
      );
    },
  },
  {
    name: { en: "an end in the middle of an object", ru: "конец посреди объекта" },
    sent: { en: 'presence, {"action":"msg","mess and the end', ru: 'presence, {"action":"msg","mess и конец' },
    why: {
      en: "A robust server lets go of the rest, and closes.",
      ru: "Надёжный сервер забывает остаток и закрывает соединение.",
    },
    async run(visit) {
      const writer = await halfway(visit);
      writer.end();
      return await ended(writer, ENDED, { en: "the connection stays open", ru: "соединение остаётся" });
    },
  },
  {
    name: { en: "a sudden close in the middle of an object", ru: "обрыв посреди объекта" },
    sent: { en: "presence, half a message, and a reset", ru: "presence, половина сообщения и обрыв" },
    why: {
      en: "A robust server takes a broken connection for an event, and goes on with the others.",
      ru: "Для надёжного сервера обрыв — это событие, он продолжает работать с остальными.",
    },
    async run(visit) {
      (await halfway(visit)).reset();
      return await unmoved();
    },
  },
  {
    name: { en: "twenty who connect and break off", ru: "двадцать подключились и оборвали" },
    sent: { en: "a reset, twenty times", ru: "обрыв, двадцать раз" },
    why: {
      en: "A robust server goes on accepting whatever became of those before.",
      ru: "Надёжный сервер принимает новых, что бы ни стало с прежними.",
    },
    async run(visit) {
      for (let i = 0; i < 20; i++) (await visit.meet()).reset();
      return await unmoved();
    },
  },
  {
    name: { en: `${CROWD} at once`, ru: `${CROWD} сразу` },
    sent: { en: `${CROWD} connections, each with its presence`, ru: `${CROWD} соединений, в каждом presence` },
    why: {
      en: "A robust server waits for all of its connections together, and lets nobody queue behind another.",
      ru: "Надёжный сервер ждёт все соединения вместе, и никто не стоит в очереди за другим.",
    },
    async run(visit) {
      const crowd = await Promise.all(Array.from({ length: CROWD }, () => visit.join()));
      const greeted = crowd.filter(({ heard }) => heard.some((each) => isAnswer(each) && code(each) < 300)).length;
      return greeted === CROWD || !visit.answers
        ? ok({ en: `${greeted} greeted`, ru: `ответ получили ${greeted}` })
        : fault({ en: `${greeted} of ${CROWD} greeted`, ru: `ответ получили ${greeted} из ${CROWD}` });
    },
  },
  {
    name: { en: "a reader who never reads", ru: "читатель, который не читает" },
    sent: {
      en: "much from twelve writers, while one connection reads nothing of it",
      ru: "много от двенадцати писателей, а одно соединение ничего не читает",
    },
    why: {
      en: "A robust server never waits for one reader: it keeps a bounded queue for each, and drops who does not read.",
      ru:
        "Надёжный сервер никогда не ждёт одного читателя: у каждого своя ограниченная очередь, и кто не читает, того он отключает.",
    },
    async run(visit) {
      const stalled = await visit.join(), reader = await visit.join();
      stalled.stopReading();
      const writers = await Promise.all(Array.from({ length: WRITERS }, () => visit.join()));
      const text = "x".repeat(880), end = performance.now() + FLOOD_TIME;
      let sent = 0;
      while (sent < FLOOD && performance.now() < end) {
        const words = visit.text();
        for (const writer of writers) await writer.say(msg(`${words}.${writers.indexOf(writer)} ${text}`));
        sent += WRITERS * text.length;
        for (let i = 0; i < WRITERS; i++) {
          const heard = await reader.hear(carries(`${words}.${i} `), Math.max(0, reader.heard.length - 4 * WRITERS));
          if (heard === undefined) {
            return fault({
              en: `after ${sent} bytes another reader heard nothing for 0.7 s`,
              ru: `после ${sent} байт другой читатель 0,7 с ничего не получал`,
            });
          }
        }
      }
      const came = { en: `others heard all of ${sent} bytes`, ru: `другие получили все ${sent} байт` };
      const seconds = FLOOD_TIME / 1000;
      const few = { en: `, in ${seconds} s: too few to tell`, ru: ` за ${seconds} с: слишком мало, чтобы судить` };
      return sent >= FLOOD ? ok(came) : note(joined(came, few));
    },
  },
];
