// Appends for ever, and tells each message that has come back: `endless_appender.ts PATH`. Messages are numbered from 1.
import { openJournal } from "../../../server/journal/sqlite.ts";
import { Driver, type Said } from "./driver.ts";

const driver = new Driver(() => openJournal({ path: Deno.args[0]! }));
driver.journal.snapshot();
let last = 0;
for (const conversation of ["#all", "#7"]) {
  const [newest] = await driver.page({ conversation, limit: 1 });
  if (newest !== undefined) last = Math.max(last, Number(/^(\d+) /.exec(newest.message)![1]));
}
for (let round = 0;; round++) {
  const said = Array.from({ length: 1 + round % 50 }, (): Said => ({
    message: `${++last} ${"x".repeat(round % 300)}`,
    conversation: last % 7 === 0 ? "#7" : "#all",
  }));
  await driver.keep(...said);
  console.log(last);
  if (round % 20 > 0) continue;
  driver.journal.maintain(1);
  await new Promise((done) => setTimeout(done));
}
