/** Long messages to an account that is offline, and to all: what is kept must still fit its reader. */
import { Client, login } from "../client.ts";
import { type Scenario, type ScenarioContext, VICTIM } from "../scenario.ts";

/** Characters of a text, each of which takes six bytes in JSON. */
const LONG = "\u0001".repeat(4_000);
/** Writers, and messages of each: no more than a burst lets through, and no more than are replayed. */
const WRITERS = 5, MESSAGES = 18;

export const past: Scenario = { run };

async function run(context: ScenarioContext): Promise<void> {
  const { port } = context;
  const kept = await Promise.all(
    [VICTIM, "#all"].flatMap((to) =>
      Array.from({ length: context.scaled(WRITERS) }, async (_, i) => {
        const writer = await Client.join(port, `writer ${i} ${to === "#all" ? "all" : "one"}`);
        let kept = 0;
        for (let n = 0; n < MESSAGES; n++) {
          const answer = await writer.request({ action: "msg", to, message: LONG });
          if (answer !== undefined && answer.response! < 300) kept++;
        }
        writer.close();
        return to === VICTIM ? kept : 0;
      })
    ),
  );
  const missed = kept.reduce((sum, each) => sum + each, 0);
  await context.begin();
  const victim = await Client.connect(port);
  await victim.send(login(VICTIM));
  let received = 0;
  while (received < missed) {
    const told = await victim.next(5_000);
    if (told === undefined) break;
    if (told.from?.endsWith(" one")) received++;
  }
  if (received < missed) {
    context.report(
      `${received} of ${missed} missed messages, and ${victim.ended || "no more"}`,
      "all of them, after the login",
    );
  }
  const reader = victim.ended === "" ? victim : await Client.join(port, "reader");
  const { answer, rows } = await reader.requestList({ action: "history", limit: 500 });
  if (answer?.response !== 202 || rows.length !== answer.quantity) {
    context.report(
      `${rows.length} of ${answer?.quantity} rows of history: ${reader.ended || "no more"}`,
      "a whole page",
    );
  }
  reader.close();
  victim.close();
}
