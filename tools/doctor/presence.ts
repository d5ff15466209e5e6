/** Checks of the first thing that anybody says. */
import { untranslated } from "../../cli/mod.ts";
import {
  type Check,
  code,
  ENDED,
  fault,
  type Finding,
  isAnswer,
  joined,
  line,
  note,
  ok,
  show,
  type Visit,
  WORDLESS,
} from "./check.ts";

const TIME = 1764000000;

async function greeted({ meet }: Visit, said: string): Promise<Finding> {
  const patient = await meet();
  await patient.say(said);
  const answer = await patient.hear(isAnswer);
  if (answer === undefined) return fault(patient.over ? ENDED : show(answer));
  if (code(answer) !== 200) return fault(show(answer));
  const odd = answer.response !== 200
    ? { en: "response is no number 200", ru: "response — не число 200" }
    : !("time" in answer)
    ? { en: "there is no time", ru: "нет time" }
    : !("alert" in answer)
    ? { en: "there is no alert, and some clients read it", ru: "нет alert, а некоторые клиенты его читают" }
    : undefined;
  return odd === undefined ? ok(show(answer)) : note(joined(show(answer), untranslated(": "), odd));
}

/** A flaw that many servers have in common, and few clients meet. */
async function leniently(found: Promise<Finding>): Promise<Finding> {
  const { mark, came } = await found;
  return { mark: mark === "fault" ? "note" : mark, came };
}

export const greeting: readonly Check[] = [
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
    run: (visit) =>
      greeted(visit, line({ action: "presence", time: TIME, user: { account_name: visit.text("a"), status: "" } })),
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
    run: (visit) =>
      greeted(
        visit,
        line({ action: "presence", time: TIME, user: { account_name: visit.text("b"), status: "" } }).trim(),
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
    run: (visit) => leniently(greeted(visit, line({ action: "presence", time: TIME, account_name: visit.text("c") }))),
  },
  {
    name: { en: "two people of one name", ru: "двое с одним именем" },
    sent: { en: "the same presence from two connections", ru: "одно и то же presence с двух соединений" },
    why: {
      en: "A robust server lets both in: some programs always say the same name.",
      ru: "Надёжный сервер пускает обоих: некоторые программы всегда называют одно и то же имя.",
    },
    async run(visit) {
      const said = line({ action: "presence", time: TIME, user: { account_name: visit.text("John"), status: null } });
      const first = await visit.meet(), second = await visit.meet();
      await first.say(said);
      await first.hear(isAnswer);
      await second.say(said);
      const answer = await second.hear(isAnswer);
      if (first.over) return fault({ en: "the first of them was thrown out", ru: "первого из них выгнали" });
      if (answer === undefined && visit.answers) return fault(second.over ? ENDED : show(answer));
      return answer === undefined || code(answer) < 300 ? ok(show(answer)) : note(show(answer));
    },
  },
  {
    name: { en: "a message before presence", ru: "сообщение до presence" },
    sent: { en: '{"action":"msg",…} as the first thing', ru: '{"action":"msg",…} в самом начале' },
    why: {
      en: "A robust server relays nothing from who has no name, and answers 401.",
      ru: "Надёжный сервер ничего не передаёт от того, кто без имени, и отвечает 401.",
    },
    async run(visit) {
      const text = visit.text(), reader = await visit.join(), stranger = await visit.meet();
      await stranger.say(line({ action: "msg", time: TIME, to: "#all", message: text }));
      const answer = await stranger.hear(isAnswer);
      if (reader.raw.includes(text)) {
        return fault({ en: "it was relayed, from nobody", ru: "оно передано, неизвестно от кого" });
      }
      if (answer === undefined) return note(stranger.over ? WORDLESS : show(answer));
      return code(answer) >= 400 ? ok(show(answer)) : fault(show(answer));
    },
  },
];
