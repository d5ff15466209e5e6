/** Bans and mutes with every kind of end: what banned clients are told, and whether a restarted server reads them. */
import { Client, login } from "../client.ts";
import { OPERATOR, type Scenario, type ScenarioContext } from "../scenario.ts";

const UNTIL = [9_999_999_999_999, 1e308, 2 ** 53, 8.64e12, 8.64e12 + 1, 32_503_680_000, 4_000_000_000.5, 1e15];

export const bans: Scenario = { run };

async function run(context: ScenarioContext): Promise<void> {
  const operator = await Client.connect(context.port);
  await operator.request(login(OPERATOR));
  await context.begin();
  for (const [i, until] of UNTIL.entries()) {
    for (const action of ["ban", "mute"]) {
      const answer = await operator.request({ action, user_id: `${action} ${i}`, until });
      if (answer === undefined || answer.response! >= 500) {
        context.report(`${answer?.response ?? "no answer"} to a ${action} until ${until}`, "an answer");
      }
    }
  }
  operator.close();
  await connectBanned(context);
  await context.restart();
  if (context.isAlive) await connectBanned(context);
}

/** Banned and muted guests connect, and are told so. */
async function connectBanned(context: ScenarioContext): Promise<void> {
  for (const [i, until] of UNTIL.entries()) {
    for (const action of ["ban", "mute"]) {
      const client = await Client.connect(context.port);
      const answers = [
        await client.request({ action: "presence", user: { account_name: `${action} ${i}`, status: "" } }),
        ...action === "mute" ? [await client.request({ action: "msg", to: "#all", message: "hello" })] : [],
      ];
      if (answers.includes(undefined)) {
        context.report(`${client.ended || "no answer"} to one with a ${action} until ${until}`, "a refusal");
      }
      client.close();
    }
  }
}
