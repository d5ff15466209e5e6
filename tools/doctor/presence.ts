/** Checks of the first object of a connection. */
import { untranslated } from "../../cli/mod.ts";
import {
  type Check,
  type CheckContext,
  code,
  concat,
  ENDED,
  fault,
  type Finding,
  isAnswer,
  line,
  note,
  ok,
  show,
  WORDLESS,
} from "./check.ts";

const TIME = 1764000000;

async function answered({ connect }: CheckContext, said: string): Promise<Finding> {
  const client = await connect();
  await client.send(said);
  const answer = await client.receive(isAnswer);
  if (answer === undefined) return fault(client.isOver ? ENDED : show(answer));
  if (code(answer) !== 200) return fault(show(answer));
  const odd = answer.response !== 200
    ? { en: "response is no number 200", ru: "response — не число 200" }
    : !("time" in answer)
    ? { en: "there is no time", ru: "нет time" }
    : !("alert" in answer)
    ? { en: "there is no alert, and some clients read it", ru: "нет alert, а некоторые клиенты его читают" }
    : undefined;
  return odd === undefined ? ok(show(answer)) : note(concat(show(answer), untranslated(": "), odd));
}

/** A fault that many servers have, and that disturbs few clients: it is only a note. */
async function leniently(found: Promise<Finding>): Promise<Finding> {
  const { mark, observed } = await found;
  return { mark: mark === "fault" ? "note" : mark, observed };
}

export const presenceChecks: readonly Check[] = [
  {
    name: { en: "presence that a newline ends", ru: "presence с переводом строки" },
    sent: {
      en: '{"action":"presence",…,"user":{"account_name":"…"}} and a newline',
      ru: '{"action":"presence",…,"user":{"account_name":"…"}} и перевод строки',
    },
    why: {
      en: "A robust server answers presence first and at once, with the number 200, an alert and its time.",
      ru: "Надёжный сервер отвечает на presence первым делом и сразу: число 200, alert и своё time.",
    },
    run: (context) =>
      answered(
        context,
        line({ action: "presence", time: TIME, user: { account_name: context.text("a"), status: "" } }),
      ),
  },
  {
    name: { en: "presence that nothing ends", ru: "presence без перевода строки" },
    sent: {
      en: "the same with no newline behind it, as most home-made clients do",
      ru: "то же без перевода строки, как у большинства самодельных клиентов",
    },
    why: {
      en: "A robust server finds the object's own last bracket, and waits for no newline.",
      ru: "Надёжный сервер находит последнюю скобку объекта и не ждёт перевода строки.",
    },
    run: (context) =>
      answered(
        context,
        line({ action: "presence", time: TIME, user: { account_name: context.text("b"), status: "" } }).trim(),
      ),
  },
  {
    name: { en: "presence with a flat name", ru: "presence с именем прямо в объекте" },
    sent: {
      en: '{"action":"presence",…,"account_name":"…"}, no user',
      ru: '{"action":"presence",…,"account_name":"…"}, без user',
    },
    why: {
      en: "A robust server takes the name where it finds it.",
      ru: "Надёжный сервер берёт имя оттуда, где оно есть.",
    },
    run: (context) =>
      leniently(answered(context, line({ action: "presence", time: TIME, account_name: context.text("c") }))),
  },
  {
    name: { en: "two people of one name", ru: "двое с одним именем" },
    sent: { en: "the same presence from two connections", ru: "одно и то же presence с двух соединений" },
    why: {
      en: "A robust server lets both in: some programs always say the same name.",
      ru: "Надёжный сервер пускает обоих: некоторые программы всегда называют одно и то же имя.",
    },
    async run(context) {
      const said = line({ action: "presence", time: TIME, user: { account_name: context.text("John"), status: null } });
      const first = await context.connect(), second = await context.connect();
      await first.send(said);
      await first.receive(isAnswer);
      await second.send(said);
      const answer = await second.receive(isAnswer);
      if (first.isOver) return fault({ en: "the first of them was thrown out", ru: "первого из них выгнали" });
      if (answer === undefined && context.answers) return fault(second.isOver ? ENDED : show(answer));
      return answer === undefined || code(answer) < 300 ? ok(show(answer)) : note(show(answer));
    },
  },
  {
    name: { en: "a message before presence", ru: "сообщение до presence" },
    sent: { en: '{"action":"msg",…} as the first thing', ru: '{"action":"msg",…} в самом начале' },
    why: {
      en: "A robust server relays nothing from a connection without a name, and answers 401.",
      ru: "Надёжный сервер ничего не передаёт от соединения без имени и отвечает 401.",
    },
    async run(context) {
      const text = context.text(), reader = await context.join(), stranger = await context.connect();
      await stranger.send(line({ action: "msg", time: TIME, to: "#all", message: text }));
      const answer = await stranger.receive(isAnswer);
      if (reader.raw.includes(text)) {
        return fault({ en: "it was relayed, from nobody", ru: "оно передано, неизвестно от кого" });
      }
      if (answer === undefined) return note(stranger.isOver ? WORDLESS : show(answer));
      return code(answer) >= 400 ? ok(show(answer)) : fault(show(answer));
    },
  },
];
