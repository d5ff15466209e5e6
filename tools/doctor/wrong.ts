/** Checks of what is wrong in what is sent: it must be told so, and must be able to go on. */
import {
  carries,
  type Check,
  code,
  fault,
  type Finding,
  isAnswer,
  line,
  msg,
  note,
  ok,
  show,
  type Visit,
} from "./check.ts";

const TIME = 1764000000;

/** What is said, and what it is. All of them are owed a refusal, and the next message must be relayed. */
const sayings: readonly [name: string, sent: string, said: string | Uint8Array][] = [
  ["garbage", "hello, is anybody there?", "hello, is anybody there?\n"],
  ["JSON that is no object", "[1,2]", "[1,2]\n"],
  ["single quotes", "{'action':'probe'}", "{'action':'probe'}\n"],
  ["an object that breaks off", '{"action":"msg","message":"hel and a newline', '{"action":"msg","message":"hel\n'],
  ["no action", '{"time":…,"to":"#all"}', line({ time: TIME, to: "#all" })],
  ["an action that nobody knows", '{"action":"fly",…}', line({ action: "fly", time: TIME })],
  ["no time", '{"action":"msg","to":"#all","message":…}', line({ action: "msg", to: "#all", message: "timeless" })],
  ["a text that is a number", '"message":5', line({ action: "msg", time: TIME, to: "#all", message: 5 })],
  ["an addressee that is a list", '"to":["#all"]', line({ action: "msg", time: TIME, to: ["#all"], message: "x" })],
  ["a user that is a string", '"user":"me"', line({ action: "presence", time: TIME, user: "me" })],
  [
    "bytes that are no UTF-8",
    "a message with FF in its text",
    new Uint8Array([
      ...new TextEncoder().encode('{"action":"msg","time":1764000000,"to":"#all","message":"a'),
      0xff,
      ...new TextEncoder().encode('b"}\n'),
    ]),
  ],
  ["NUL between objects", "a byte 00 and a newline", "\0\n"],
];

/** What may end the connection too, if only it is said why. */
const measureless: readonly [name: string, sent: string, said: string][] = [
  [
    "an object of 1 MB",
    "a message that goes on for 1,000,000 bytes",
    `{"action":"msg","time":1,"message":"${"x".repeat(1e6)}"}\n`,
  ],
  ["100,000 brackets", "[ 100,000 times", `${"[".repeat(100_000)}\n`],
];

async function refused(visit: Visit, said: string | Uint8Array): Promise<Finding> {
  const text = visit.text(), reader = await visit.join(), writer = await visit.join(), from = writer.heard.length;
  await writer.say(said);
  const answer = await writer.hear(isAnswer, from);
  if (writer.over) return fault(`${answer === undefined ? "" : `${show(answer)}, then `}the end of the connection`);
  await writer.say(msg(text));
  const next = await reader.hear(carries(text));
  if (next === undefined) return fault(`${show(answer)}, and the good message behind it was not relayed`);
  if (answer === undefined) return note("nothing within 0.7 s: a learner will not know what was wrong");
  return code(answer) >= 400 && code(answer) < 500 ? ok(show(answer)) : note(`${show(answer)}: it was taken`);
}

async function bounded(visit: Visit, said: string): Promise<Finding> {
  const writer = await visit.join(), from = writer.heard.length;
  await writer.say(said);
  const answer = await writer.hear(isAnswer, from);
  if (answer !== undefined) return code(answer) >= 400 ? ok(show(answer)) : note(`${show(answer)}: it was taken`);
  return note(writer.over ? "the end of the connection, without a word" : show(answer));
}

export const wrong: readonly Check[] = [
  ...sayings.map(([name, sent, said]): Check => ({
    name,
    sent,
    why: "A robust server answers 400 with what was wrong, and understands the very next object.",
    run: (visit) => refused(visit, said),
  })),
  {
    name: "garbage, and a message in the same segment",
    sent: "oops, a newline, a message",
    why: "A robust server passes over what is no object, up to the next line or bracket.",
    async run(visit) {
      const text = visit.text(), reader = await visit.join(), writer = await visit.join();
      await writer.say(`oops\n${msg(text)}`);
      const relay = await reader.hear(carries(text));
      if (relay !== undefined) return ok(`the reader heard ${show(relay)}`);
      return fault(writer.over ? "the end of the connection" : "the message was not relayed");
    },
  },
  ...measureless.map(([name, sent, said]): Check => ({
    name,
    sent,
    why: "A robust server has a limit, says so with 400, and keeps no more than that in memory.",
    run: (visit) => bounded(visit, said),
  })),
];
