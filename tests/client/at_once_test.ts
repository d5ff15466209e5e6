// What is typed and what is received may come in one turn of the event loop, and nothing of either is lost.

import assert from "node:assert/strict";
import { cannot, start } from "./run.ts";

for (const loop of ["pipe", "terminal"]) {
  Deno.test(
    `client with the loop of a ${loop} keeps what is typed and what is received in one moment, however close they come`,
    { ignore: cannot },
    async () => {
      await using running = start(["run", "-q", "--no-prompt", "-P=client", "tests/client/at_once.ts", loop]);
      const { status, printed, complained } = await running.end();
      const outcome = JSON.parse(complained.trimEnd().split("\n").at(-1)!), rounds = [...Array(outcome.rounds).keys()];
      assert.deepEqual(outcome.said, rounds.map((round) => `typed ${round}`));
      assert.deepEqual(printed.match(/from bob \d+/g), rounds.map((round) => `from bob ${round}`));
      assert.deepEqual([outcome.rounds, status], [18, 0]);
    },
  );
}
