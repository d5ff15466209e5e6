// Commits for ever, alone and with others, and tells each id that has been acknowledged: `endless_committer.ts PATH`.
import { openStore } from "../../../server/store/sqlite.ts";
import { turn } from "./said.ts";

const store = openStore({ path: Deno.args[0]! });
let { lastId } = store.snapshot();
console.log(`begins ${lastId}`);
for (let round = 0;; round++) {
  const said = Array.from({ length: 1 + round % 50 }, () => ({
    id: ++lastId,
    conversation: lastId % 7 === 0 ? "#room" : "#all",
    message: `message ${lastId} ${"x".repeat(round % 300)}`,
  }));
  await store.commit(turn(said));
  console.log(lastId);
  if (round % 20 === 0) {
    store.tend(1);
    await new Promise((done) => setTimeout(done));
  }
}
