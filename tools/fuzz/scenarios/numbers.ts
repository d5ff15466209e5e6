/** Numbers that no client means: times at the end of all calendars, limits and ids out of range, minus zero. */
import { Client, PATIENCE } from "../client.ts";
import type { Random } from "../random.ts";
import type { Scenario, ScenarioContext } from "../scenario.ts";
import { flawIn } from "../output_flaw.ts";

/** As JSON, for `-0` and `1e999` are no values of it. */
const NUMBERS = [
  "-0",
  "0.5",
  "-1",
  "1e-320",
  "2147483648",
  "-62135596800",
  "253402300800",
  "8640000000000",
  "8640000000001",
  "-8640000000001",
  "1764000000000",
  "1764000000000000000",
  "9007199254740991",
  "9007199254740993",
  "18446744073709551616",
  "1e21",
  "1e308",
  "-1e308",
  "1e999",
];
const REQUESTS = [
  '{"action":"msg","time":N,"to":"#all","message":"at N"}',
  '{"action":"msg","time":"N","to":"#all","message":"at the text N"}',
  '{"action":"msg","time":N,"to":"witness","message":"to an account at N"}',
  '{"action":"presence","time":N,"user":{"account_name":"numbers","status":""}}',
  '{"action":"probe","time":N}',
  '{"action":"history","time":1,"limit":N}',
  '{"action":"history","time":1,"before":N}',
  '{"action":"history","time":1,"after":N,"limit":1}',
  '{"action":"search","time":1,"text":"at","limit":N}',
  '{"action":"search","time":1,"text":"at","before":N,"after":N}',
  '{"action":"ban","time":1,"user_id":"numbers","until":N}',
  '{"action":"msg","time":1,"id":N,"to":"#all","message":"with the id N"}',
  '{"action":"msg","time":1,"to":"#all","message":"an answer to N","reply_to":N}',
  '{"action":"edit","time":1,"to":"#all","id":N,"message":"an edit of N"}',
  '{"action":"delete","time":1,"to":"#all","id":N}',
  '{"action":"react","time":1,"to":"#all","id":N,"emoji":"N"}',
];

/** In a dialect in which messages are not answered. */
const UNANSWERED = '{"action":"message","time":N,"account_name":"numbers","message_text":"in another dialect at N"}';

/** Numbers that are drawn beside. */
const DRAWN = 20;

export const numbers: Scenario = { run };

async function run(context: ScenarioContext): Promise<void> {
  await context.begin();
  const reader = await Client.join(context.port, "reads numbers");
  const all = [...NUMBERS, ...Array.from({ length: context.scaled(DRAWN) }, () => drawn(context.random))];
  for (const request of [...REQUESTS, UNANSWERED]) {
    const client = await Client.join(context.port, "numbers");
    for (const number of all) {
      const text = request.replaceAll("N", number);
      await client.send(new TextEncoder().encode(`${text}\n`));
      const answered = request !== UNANSWERED, patience = answered ? PATIENCE : 50;
      const answer = await client.answer(patience);
      for (let left = answer?.quantity ?? 0; left > 0; left--) await client.next();
      if (answer === undefined && (answered || client.ended !== "")) {
        context.report(`${client.ended || "no answer"} to ${text}`, "an answer");
        break;
      }
      if (answer !== undefined && answer.response! >= 500) {
        context.report(`${answer.response} to ${text}`, "an answer that is no failure");
      }
    }
    client.close();
  }
  // And what a page of the past has of it.
  const { rows } = await reader.requestList({ action: "history", limit: 500 });
  for (const row of rows) {
    const why = flawIn(row);
    if (why !== undefined) context.report(`in the past ${why}`, "times that a Date can hold");
  }
  reader.close();
}

/** Any number, as JSON: a few digits, a fraction or none, any exponent or none. */
function drawn(random: Random): string {
  const digits = 1 + random.below(10 ** random.below(10)), fraction = random.once(3) ? `.${random.below(1_000)}` : "";
  const exponent = random.once(2) ? `e${random.below(640) - 320}` : "";
  return `${random.once(2) ? "-" : ""}${digits}${fraction}${exponent}`;
}
