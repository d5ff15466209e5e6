/** Checks of the first thing that anybody says. */
import { type Check, code, fault, type Finding, isAnswer, line, note, ok, show, type Visit } from "./check.ts";

const TIME = 1764000000;

async function greeted({ meet }: Visit, said: string): Promise<Finding> {
  const patient = await meet();
  await patient.say(said);
  const answer = await patient.hear(isAnswer);
  if (answer === undefined) return fault(patient.over ? "the end of the connection" : show(answer));
  if (code(answer) !== 200) return fault(show(answer));
  const odd = answer.response !== 200
    ? "response is no number 200"
    : !("time" in answer)
    ? "there is no time"
    : !("alert" in answer)
    ? "there is no alert, and some clients read it"
    : undefined;
  return odd === undefined ? ok(show(answer)) : note(`${show(answer)}: ${odd}`);
}

/** A flaw that many servers have in common, and few clients meet. */
async function leniently(found: Promise<Finding>): Promise<Finding> {
  const { mark, came } = await found;
  return { mark: mark === "fault" ? "note" : mark, came };
}

export const greeting: readonly Check[] = [
  {
    name: "presence that a newline ends",
    sent: '{"action":"presence",…,"user":{"account_name":"…"}} and a newline',
    why: "A robust server answers presence first and at once, with the number 200, an alert and its time.",
    run: (visit) =>
      greeted(visit, line({ action: "presence", time: TIME, user: { account_name: visit.text("a"), status: "" } })),
  },
  {
    name: "presence that nothing ends",
    sent: "the same with no newline behind it, as most home-made clients do",
    why: "A robust server finds the object's own last bracket, and waits for no newline.",
    run: (visit) =>
      greeted(
        visit,
        line({ action: "presence", time: TIME, user: { account_name: visit.text("b"), status: "" } }).trim(),
      ),
  },
  {
    name: "presence with a flat name",
    sent: '{"action":"presence",…,"account_name":"…"}, no user',
    why: "A robust server takes the name where it finds it.",
    run: (visit) => leniently(greeted(visit, line({ action: "presence", time: TIME, account_name: visit.text("c") }))),
  },
  {
    name: "two people of one name",
    sent: "the same presence from two connections",
    why: "A robust server lets both in: some programs always say the same name.",
    async run(visit) {
      const said = line({ action: "presence", time: TIME, user: { account_name: visit.text("John"), status: null } });
      const first = await visit.meet(), second = await visit.meet();
      await first.say(said);
      await first.hear(isAnswer);
      await second.say(said);
      const answer = await second.hear(isAnswer);
      if (first.over) return fault("the first of them was thrown out");
      if (answer === undefined && visit.answers) return fault(second.over ? "the end of the connection" : show(answer));
      return answer === undefined || code(answer) < 300 ? ok(show(answer)) : note(show(answer));
    },
  },
  {
    name: "a message before presence",
    sent: '{"action":"msg",…} as the first thing',
    why: "A robust server relays nothing from who has no name, and answers 401.",
    async run(visit) {
      const text = visit.text(), reader = await visit.join(), stranger = await visit.meet();
      await stranger.say(line({ action: "msg", time: TIME, to: "#all", message: text }));
      const answer = await stranger.hear(isAnswer);
      if (reader.raw.includes(text)) return fault("it was relayed, from nobody");
      if (answer === undefined) return note(stranger.over ? "the end of the connection, without a word" : show(answer));
      return code(answer) >= 400 ? ok(show(answer)) : fault(show(answer));
    },
  },
];
