import assert from "node:assert/strict";
import { consoleWriter } from "../../log/console.ts";
import { may } from "../may.ts";

Deno.test("consoleWriter shows warnings and errors and nothing below", () => {
  const seen: string[] = [];
  const tell = consoleWriter((line) => seen.push(line));
  for (const level of ["debug", "info", "warning", "error"]) tell(level, level);
  assert.deepEqual(seen, ["warning", "error"]);
});

Deno.test("consoleWriter does not throw when what it tells does", () => {
  const tell = consoleWriter(() => {
    throw new Error("The prompt is gone");
  });
  tell("error", "line");
});

Deno.test({
  name: "consoleWriter writes to standard error, without colours when it is no terminal, and nowhere when told none",
  ignore: !may("read", "run"),
  fn: async () => {
    const module = new URL("../../log/console.ts", import.meta.url).href;
    const code = `import { consoleWriter } from "${module}";
      consoleWriter("none")("error", "hidden");
      consoleWriter("stderr")("info", "hidden too");
      consoleWriter("stderr")("warning", "shown");`;
    const child = await new Deno.Command("deno", { args: ["eval", "-q", code] }).output();
    const text = new TextDecoder();
    assert.deepEqual([text.decode(child.stdout), text.decode(child.stderr)], ["", "shown\n"]);
  },
});
