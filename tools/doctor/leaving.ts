/** Checks of how people go, and of many at once: nobody else may notice. */
import { pause } from "../pause.ts";
import { carries, type Check, code, fault, type Finding, isAnswer, msg, note, ok, type Visit } from "./check.ts";
import type { Patient } from "./patient.ts";

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
  return ok("nothing, as it should");
}

/** Who has ended its stream: good when the server ends its own, and no fault when not. */
async function ended(writer: Patient, closed: string, open: string): Promise<Finding> {
  return await writer.until(() => writer.over) ? ok(closed) : note(open);
}

export const leaving: readonly Check[] = [
  {
    name: "a half-close",
    sent: "a message, and the end of the writer's own stream",
    why: "A robust server deals with what came before the end, and then closes its side.",
    async run(visit) {
      const text = visit.text(), reader = await visit.join(), writer = await visit.join();
      await writer.say(msg(text));
      writer.end();
      if (await reader.hear(carries(text)) === undefined) return fault("the message was not relayed");
      return await ended(writer, "relayed, then closed", "relayed, and never closed");
    },
  },
  {
    name: "an end in the middle of an object",
    sent: 'presence, {"action":"msg","mess and the end',
    why: "A robust server lets go of the rest, and closes.",
    async run(visit) {
      const writer = await halfway(visit);
      writer.end();
      return await ended(writer, "the end of the connection", "the connection stays open");
    },
  },
  {
    name: "a sudden close in the middle of an object",
    sent: "presence, half a message, and a reset",
    why: "A robust server takes a broken connection for an event, and goes on with the others.",
    async run(visit) {
      (await halfway(visit)).reset();
      return await unmoved();
    },
  },
  {
    name: "twenty who connect and break off",
    sent: "a reset, twenty times",
    why: "A robust server goes on accepting whatever became of those before.",
    async run(visit) {
      for (let i = 0; i < 20; i++) (await visit.meet()).reset();
      return await unmoved();
    },
  },
  {
    name: `${CROWD} at once`,
    sent: `${CROWD} connections, each with its presence`,
    why: "A robust server waits for all of its connections together, and lets nobody queue behind another.",
    async run(visit) {
      const crowd = await Promise.all(Array.from({ length: CROWD }, () => visit.join()));
      const greeted = crowd.filter(({ heard }) => heard.some((each) => isAnswer(each) && code(each) < 300)).length;
      return greeted === CROWD || !visit.answers ? ok(`${greeted} greeted`) : fault(`${greeted} of ${CROWD} greeted`);
    },
  },
  {
    name: "a reader who never reads",
    sent: "much from twelve writers, while one connection reads nothing of it",
    why: "A robust server never waits for one reader: it keeps a bounded queue for each, and drops who does not read.",
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
          if (heard === undefined) return fault(`after ${sent} bytes another reader heard nothing for 0.7 s`);
        }
      }
      const came = `others heard all of ${sent} bytes`;
      return sent >= FLOOD ? ok(came) : note(`${came}, in ${FLOOD_TIME / 1000} s: too few to tell`);
    },
  },
];
