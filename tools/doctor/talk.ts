/** Checks of messages, and of where one ends: glued, split, and ended by anything. */
import { pause } from "../pause.ts";
import { carries, type Check, code, fault, type Finding, isAnswer, msg, note, ok, show, type Visit } from "./check.ts";
import type { Heard } from "./patient.ts";

const FIND_THE_END = "A robust server collects bytes until an object's last bracket has come, whatever one recv gave.";
/** Long enough for an echo, in milliseconds, once others have heard. */
const ECHO = 200;

type Parts = readonly (string | Uint8Array)[];

/** A writer says these parts; a reader must hear all texts. */
async function relayed(visit: Visit, texts: readonly string[], parts: Parts): Promise<Finding> {
  const reader = await visit.join(), writer = await visit.join();
  await writer.say(...parts);
  const heard: (Heard | undefined)[] = [];
  for (const text of texts) heard.push(await reader.hear(carries(text)));
  const missing = texts.filter((_, i) => heard[i] === undefined);
  if (missing.length === 0) return ok(`the reader heard ${show(heard.at(-1))}`);
  const end = writer.over ? ", and the end of the writer's connection" : "";
  return fault(`the reader heard ${texts.length - missing.length} of ${texts.length}${end}`);
}

/** A message whose bytes are cut in two behind the first of these bytes. */
function cutIn(text: string, at: string, behind: number): Parts {
  const bytes = new TextEncoder().encode(text), [before] = text.split(at);
  const place = new TextEncoder().encode(before).length + behind;
  return [bytes.subarray(0, place), bytes.subarray(place)];
}

export const talk: readonly Check[] = [
  {
    name: "a message to all",
    sent: '{"action":"msg","to":"#all",…} by one of two',
    why: "A robust server relays it to everybody else.",
    run: (visit) => said(visit, (text) => relayed(visit, [text], [msg(text)])),
  },
  {
    name: "an answer to a message",
    sent: "a message to all",
    why: "A robust server answers each message, so that its writer knows what became of it.",
    async run(visit) {
      const writer = await visit.join(), from = writer.heard.length;
      await writer.say(msg(visit.text()));
      const answer = await writer.hear(isAnswer, from);
      if (answer === undefined) return note(show(answer));
      return code(answer) < 300 ? ok(show(answer)) : fault(show(answer));
    },
  },
  {
    name: "no echo",
    sent: "a message to all",
    why: "A robust server does not send a text back to who wrote it.",
    async run(visit) {
      const text = visit.text(), reader = await visit.join(), writer = await visit.join();
      await writer.say(msg(text));
      await reader.hear(carries(text));
      await pause(ECHO);
      const echo = writer.heard.find(carries(text));
      return echo === undefined ? ok("nothing of it came back") : note(`it came back: ${show(echo)}`);
    },
  },
  {
    name: "a name that is somebody else's",
    sent: 'a message with "from":"the teacher"',
    why: "A robust server knows who is at the other end, and never trusts the from of a request.",
    async run(visit) {
      const text = visit.text(), reader = await visit.join(), writer = await visit.join();
      await writer.say(msg(text, { from: "the teacher" }));
      const relay = await reader.hear(carries(text));
      if (relay === undefined) return fault("the message was not relayed");
      return JSON.stringify(relay).includes("the teacher") ? fault(`it was believed: ${show(relay)}`) : ok(show(relay));
    },
  },
  {
    name: "letters of every kind",
    sent: "a message with Ж and 😀 in raw UTF-8, and with \\u escapes",
    why: "A robust server reads UTF-8 and escapes, and relays what was meant.",
    run: (visit) =>
      said(visit, (text) => relayed(visit, [`${text} Ж😀 ж`], [msg(`${text} Ж😀 @`).replace("@", "\\u0436")])),
  },
  {
    name: "two objects in one segment",
    sent: "two messages glued in one write",
    why: FIND_THE_END,
    run: (visit) => {
      const one = visit.text(), two = visit.text();
      return relayed(visit, [one, two], [msg(one).trim() + msg(two)]);
    },
  },
  {
    name: "an object in two segments",
    sent: "one message in two writes",
    why: FIND_THE_END,
    run: (visit) => said(visit, (text) => relayed(visit, [text], cutIn(msg(text), '"message"', 4))),
  },
  {
    name: "a letter in two segments",
    sent: "one message, cut inside the two bytes of Ж",
    why: "A robust server decodes whole objects, never what one recv gave.",
    run: (visit) => said(visit, (text) => relayed(visit, [`${text} Ж`], cutIn(msg(`${text} Ж`), "Ж", 1))),
  },
  {
    name: "an escape in two segments",
    sent: "one message, cut inside of \\u0416",
    why: "A robust server parses whole objects, never what one recv gave.",
    run: (visit) =>
      said(
        visit,
        (text) => relayed(visit, [`${text} Ж`], cutIn(msg(`${text} @`).replace("@", "\\u0416"), "\\u0416", 3)),
      ),
  },
  {
    name: "a message ended by CRLF",
    sent: "a message and \\r\\n",
    why: "A robust server takes any white space between objects.",
    run: (visit) => said(visit, (text) => relayed(visit, [text], [`${msg(text).trim()}\r\n`])),
  },
  {
    name: "a message of more than 1,024 bytes",
    sent: "a message with a text of 1,500 letters",
    why: "A robust server relays it, or says how long a text may be.",
    async run(visit) {
      const text = visit.text(), reader = await visit.join(), writer = await visit.join(), from = writer.heard.length;
      await writer.say(msg(text + "x".repeat(1500)));
      const relay = await reader.hear(carries(text));
      if (relay !== undefined) return ok("it was relayed");
      const answer = writer.heard.find((heard, i) => i >= from && isAnswer(heard));
      return answer !== undefined && code(answer) >= 400 ? ok(show(answer)) : fault(show(answer));
    },
  },
];

function said(visit: Visit, use: (text: string) => Promise<Finding>): Promise<Finding> {
  return use(visit.text());
}
