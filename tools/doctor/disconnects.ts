/** Checks of how connections end, and of many at once: the others must not notice. */
import type { Text } from "../../cli/mod.ts";
import { pause } from "../harness/pause.ts";
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
  LOST,
  msg,
  note,
  ok,
} from "./check.ts";
import { type LenientClient, STOPPED } from "./lenient_client.ts";

const CROWD = 50;
/** Nothing that a system keeps for a reader that does not read is larger, in bytes. */
const FLOOD = 6_000_000;
const WRITERS = 12;
/** The flood ends by then in any case, in milliseconds. */
const FLOOD_TIME = 30_000;
/** Milliseconds in which a server notices a reset; one that breaks on it fails the bystanders. */
const NOTICED = 50;

/** A connection in the middle of a message. */
async function midMessage(context: CheckContext): Promise<LenientClient> {
  const writer = await context.join();
  await writer.send('{"action":"msg","mess');
  return writer;
}

async function noReaction(): Promise<Finding> {
  await pause(NOTICED);
  return ok({ en: "nothing, as it should", ru: "ничего, как и надо" });
}

/** After the client's end of stream: good when the server ends its own, and no fault when it does not. */
async function ended(writer: LenientClient, closed: Text, open: Text): Promise<Finding> {
  return await writer.until(() => writer.isOver) ? ok(closed) : note(open);
}

export const disconnectChecks: readonly Check[] = [
  {
    name: { en: "a half-close", ru: "полузакрытие" },
    sent: { en: "a message, and the end of the writer's own stream", ru: "сообщение и конец потока писателя" },
    why: {
      en: "A robust server deals with what came before the end, and then closes its side.",
      ru: "Надёжный сервер обрабатывает всё, что пришло до конца, а потом закрывает свою сторону.",
    },
    async run(context) {
      const text = context.text(), reader = await context.join(), writer = await context.join();
      await writer.send(msg(text));
      writer.end();
      if (await reader.receive(carries(text)) === undefined) return fault(LOST);
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
    async run(context) {
      const writer = await midMessage(context);
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
    async run(context) {
      (await midMessage(context)).reset();
      return await noReaction();
    },
  },
  {
    name: { en: "twenty connections that are reset", ru: "двадцать обрывов сразу после подключения" },
    sent: { en: "a reset, twenty times", ru: "обрыв, двадцать раз" },
    why: {
      en: "A robust server goes on accepting whatever became of those before.",
      ru: "Надёжный сервер принимает новых, что бы ни стало с прежними.",
    },
    async run(context) {
      for (let i = 0; i < 20; i++) (await context.connect()).reset();
      return await noReaction();
    },
  },
  {
    name: { en: `${CROWD} at once`, ru: `${CROWD} сразу` },
    sent: { en: `${CROWD} connections, each with its presence`, ru: `${CROWD} соединений, в каждом presence` },
    why: {
      en: "A robust server waits for all of its connections together, and lets nobody queue behind another.",
      ru: "Надёжный сервер ждёт все соединения вместе, и никто не стоит в очереди за другим.",
    },
    async run(context) {
      const crowd = await Promise.all(Array.from({ length: CROWD }, () => context.join()));
      const greeted =
        crowd.filter(({ received }) => received.some((each) => isAnswer(each) && code(each) < 300)).length;
      return greeted === CROWD || !context.answers
        ? ok({ en: `${greeted} greeted`, ru: `ответ получили ${greeted}` })
        : fault({ en: `${greeted} of ${CROWD} greeted`, ru: `ответ получили ${greeted} из ${CROWD}` });
    },
  },
  {
    name: { en: "a reader that never reads", ru: "читатель, который не читает" },
    sent: {
      en: "much from twelve writers, while one connection reads nothing of it",
      ru: "много от двенадцати писателей, а одно соединение ничего не читает",
    },
    why: {
      en:
        "A robust server never waits for one reader: it keeps a bounded queue for each, and drops a reader that does not read.",
      ru:
        "Надёжный сервер никогда не ждёт одного читателя: у каждого своя ограниченная очередь, и кто не читает, того он отключает.",
    },
    async run(context) {
      const stalled = await context.join(), reader = await context.join();
      stalled.stopReading();
      const writers = await Promise.all(Array.from({ length: WRITERS }, () => context.join()));
      for (const writer of writers) writer.discard();
      const text = "x".repeat(880), end = performance.now() + FLOOD_TIME;
      let sent = 0;
      while (sent < FLOOD && performance.now() < end) {
        const words = context.text();
        for (const writer of writers) await writer.send(msg(`${words}.${writers.indexOf(writer)} ${text}`));
        sent += WRITERS * text.length;
        for (let i = 0; i < WRITERS; i++) {
          const received = await reader.receive(
            carries(`${words}.${i} `),
            Math.max(0, reader.received.length - 4 * WRITERS),
            STOPPED,
          );
          if (received === undefined) {
            return fault({
              en: `after ${sent} bytes another reader received nothing for ${STOPPED / 1000} s`,
              ru: `после ${sent} байт другой читатель ${STOPPED / 1000} с ничего не получал`,
            });
          }
        }
      }
      const came = { en: `others received all of ${sent} bytes`, ru: `другие получили все ${sent} байт` };
      const seconds = FLOOD_TIME / 1000;
      const few = { en: `, in ${seconds} s: too few to tell`, ru: ` за ${seconds} с: слишком мало, чтобы судить` };
      return sent >= FLOOD ? ok(came) : note(concat(came, few));
    },
  },
];
