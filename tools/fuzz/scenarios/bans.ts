/** Bans and mutes until any time: those whom they concern, and the server that reads them when it is started again. */
import { Client, login } from "../client.ts";
import { OPERATOR, type Scenario, type Stage } from "../stage.ts";

const UNTIL = [9_999_999_999_999, 1e308, 2 ** 53, 8.64e12, 8.64e12 + 1, 32_503_680_000, 4_000_000_000.5, 1e15];

export const bans: Scenario = { run };

async function run(stage: Stage): Promise<void> {
  const operator = await Client.connect(stage.port);
  await operator.ask(login(OPERATOR));
  await stage.begin();
  for (const [i, until] of UNTIL.entries()) {
    for (const action of ["ban", "mute"]) {
      const answer = await operator.ask({ action, user_id: `${action} ${i}`, until });
      if (answer === undefined || answer.response! >= 500) {
        stage.find(`${answer?.response ?? "no answer"} to a ${action} until ${until}`, "an answer");
      }
    }
  }
  operator.close();
  await visit(stage);
  await stage.restart();
  if (stage.alive) await visit(stage);
}

/** Those who are banned and muted connect, and are told so. */
async function visit(stage: Stage): Promise<void> {
  for (const [i, until] of UNTIL.entries()) {
    for (const action of ["ban", "mute"]) {
      const client = await Client.connect(stage.port);
      const answers = [
        await client.ask({ action: "presence", user: { account_name: `${action} ${i}`, status: "" } }),
        ...action === "mute" ? [await client.ask({ action: "msg", to: "#all", message: "hello" })] : [],
      ];
      if (answers.includes(undefined)) {
        stage.find(`${client.ended || "no answer"} to one with a ${action} until ${until}`, "a refusal");
      }
      client.close();
    }
  }
}
