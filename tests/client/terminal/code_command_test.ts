import assert from "node:assert/strict";
import { JIM, meet } from "./meet.ts";

const ID = 1_764_000_000_000_000, FENCE = "```";
const msg = (id: number, from: string, message: string) => ({
  action: "msg",
  time: 5,
  to: "#all",
  from,
  message,
  id: ID + id,
});

/** Somebody in the chat. */
function listener(columns = 40) {
  const all = meet("ann", { columns });
  all.connect(JIM);
  all.serve();
  all.said();
  return all;
}

Deno.test("a block of code is shown as it is written: its spaces, its fences, and no line broken between words", () => {
  const { hear, look } = listener();
  const code = "if x:\n\tprint(ann,  2)   # a long line that is wide";
  hear(msg(1, "bob", `see:\n${FENCE}python\n${code}\n${FENCE}\n  \t- end`));
  const rows = look().filter((row) => row.includes("│")).map((row) => row.slice(row.indexOf("│") + 2));
  assert.deepEqual(rows, [
    ...["see:", `${FENCE}python`, "if x:", "    print(ann,  2)   # a", " long line that is wide"],
    ...[FENCE, "    - end"],
  ]);
});

Deno.test("/code shows the last code with nothing before its lines, that of a long block too", () => {
  const { hear, look, type } = listener();
  const lines = Array.from({ length: 60 }, (_, at) => `${"  ".repeat(at % 3)}line ${at + 1};`);
  hear(msg(1, "bob", `${FENCE}\n${lines.join("\n")}\n${FENCE}`), msg(2, "eve", `${FENCE}\nevil\x1b[31m\n${FENCE}`));
  hear(msg(3, "bob", "what do you think?"));
  assert.ok(look().some((row) => /│ … 23 more lines; \/code$/.test(row)));
  type("/code bob\r");
  const shown = look(), from = shown.findIndex((row) => row.startsWith("── code of bob"));
  assert.deepEqual(shown.slice(from + 1, from + 61), lines);
  assert.match(shown[from + 61]!, /^── now/);
  type("/code\r");
  assert.ok(look().includes("evil␛[31m"));
  type("/ignore eve\r/code\r");
  assert.match(look().findLast((row) => row.startsWith("── code of"))!, /code of bob/);
  type("/code ann\r");
  assert.match(look().slice(-4).join(" "), /No block of code of ann/);
});

Deno.test("pasted code may be sent as one block, other lines may not", () => {
  const { look, said, type, hear } = listener(120);
  const paste = (text: string) => type(`\x1b[200~${text}\x1b[201~`);
  paste("if x:\n\n\tprint(1)\n");
  assert.equal(look().at(-1), "Send 2 lines to #all? y/N, or c for a block of code");
  type("c");
  const block = `${FENCE}\nif x:\n\n\tprint(1)\n${FENCE}`;
  assert.deepEqual(said().map(({ message }) => message), [block]);
  hear({ response: 200, id: ID + 1 });
  paste("if x:\n  y();\n");
  type("y");
  assert.deepEqual(said().map(({ message }) => message), ["if x:", "  y();"]);
  paste("Dear bob,\nsee you\n");
  assert.equal(look().at(-1), "Send 2 lines to #all? y/N");
  type("c");
  assert.match(look().at(-2)!, /Nothing was sent$/);
  paste(`a();\n`.repeat(1000));
  type("c");
  assert.match(look().at(-2)!, /expected at most 4000 characters, got 5007/);
  assert.deepEqual(said(), []);
});
