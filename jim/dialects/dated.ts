/**
 * Programs that write a time as `YYYY-MM-DD HH:MM:SS`, and compare an answer's code with the text `"200"`: at a number they
 * leave. Otherwise they are as the original Hanita's: a writer reads one answer to each message and nothing else. A presence
 * has `type:"status"` as theirs, so this dialect is looked for first.
 * @module
 */
import type { Dialect, Fields } from "./dialect.ts";
import { plain } from "./plain.ts";

const DATED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

export const dated: Dialect = {
  ...plain,
  name: "dated",
  matches: (fields, bare, before) => bare && isDated(fields) && (fields.type === "status" || before === dated),
  formatRelay: (relay, reader) => ({ ...plain.formatRelay(relay, reader), time: date(relay.time) }),
  formatAnswer: (answer) => ({ ...answer, response: String(answer.response), time: date(answer.time) }),
  writersReadRelays: false,
};

function isDated({ time }: Fields): boolean {
  return typeof time === "string" && DATED.test(time);
}

/** In the time zone of this machine, as the family's own server says it. */
function date(seconds: number): string {
  const time = new Date(seconds * 1000), two = (part: number) => String(part).padStart(2, "0");
  const day = [String(time.getFullYear()).padStart(4, "0"), two(time.getMonth() + 1), two(time.getDate())];
  return `${day.join("-")} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":")}`;
}
