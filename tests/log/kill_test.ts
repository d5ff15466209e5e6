import assert from "node:assert/strict";
import { may } from "../may.ts";
import { makeFolder } from "./folder.ts";

const PROGRAM = new URL("./endless_writer.ts", import.meta.url).href;
const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d info writer main line (\d+) привет (x*) end$/;
const ENOUGH = 10_000; // lines; the kill falls on one of those after them

Deno.test({
  name: "openLog leaves no torn line and loses none that was said when the program is killed in the middle of logging",
  ignore: !may("read", "write", "run"),
  fn: async () => {
    using folder = makeFolder();
    const args = ["run", "-q", "--no-prompt", `--allow-read=${folder.path}`, `--allow-write=${folder.path}`, PROGRAM];
    const child = new Deno.Command("deno", { args: [...args, folder.path], stdout: "piped", stderr: "inherit" })
      .spawn();
    let told = "";
    let said = 0;
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      told += chunk;
      said = Number(/(\d+)\n[^\n]*$/.exec(told)?.[1] ?? 0);
      if (said < ENOUGH) continue;
      child.kill("SIGKILL"); // before the pipe is closed, which would end it too
      break;
    }
    const { signal } = await child.status;
    assert.equal(signal, "SIGKILL");

    const names = [...Deno.readDirSync(`${folder.path}/log`)].map(({ name }) => name).sort(); // two if it is midnight now
    const lines = names.flatMap((name) => folder.lines(`log/${name}`));
    assert.ok(lines.length >= said, `${lines.length} lines on disk, ${said} said`);
    lines.forEach((line, index) => {
      const [, n, xs] = LINE.exec(line) ?? assert.fail(`Torn: ${line}`);
      assert.deepEqual([Number(n), xs!.length], [index + 1, (index + 1) % 500]);
    });
  },
});
