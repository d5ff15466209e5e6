// The programs that a person runs speak Russian where that is asked for, on the command line or by the system.

import assert from "node:assert/strict";
import { trusting } from "./naive.ts";
import { may } from "../may.ts";
import { task } from "./task.ts";

const ignore = !may("run", "net");

for (const name of ["server", "client", "pair", "crowd", "account", "check", "inspect", "doctor"]) {
  Deno.test(`deno task ${name} --help is in Russian with --lang ru, in 80 columns`, { ignore }, async () => {
    const { code, out, err } = await task(name, "--help", "--lang", "ru");
    assert.deepEqual([code, err], [0, ""]);
    const rows = out.trimEnd().split("\n");
    assert.match(rows.join(" "), /^[А-ЯЁ][а-яё]+[ ,].*Запуск: /);
    for (const row of rows) assert.ok(row.length <= 80, row);
    const options = rows.filter((row) => /^ {2}(-\w, )?--\w/.test(row));
    for (const row of options.filter((row) => / {2,}\S/.test(row.slice(4)))) assert.match(row, /[а-яё]/i);
  });
}

Deno.test("doctor reports in Russian, and finds checks by their English names too", { ignore }, async () => {
  await using server = trusting();
  const { code, out } = await task("doctor", "127.0.0.1", String(server.port), "--lang", "ru", "--only", "two objects");
  assert.equal(code, 1);
  assert.match(
    out,
    /^ОШИБКА {5}два объекта в одном сегменте\n +отправлено {2}два сообщения, .*\n +получено {4}читатель получил 0 из 2.*\n +Надёжный сервер /,
  );
  assert.match(out, /: хорошо: 0, 0 замечаний, 1 ошибка\n$/);
});

const cannotTell = ignore || Deno.build.os !== "linux" || !may("env");
for (
  const [env, isRussian] of [
    [{ LC_ALL: "ru_RU.UTF-8", LANG: "C" }, true],
    [{ LC_MESSAGES: "ru_RU.UTF-8", LANG: "C" }, true],
    [{ LANG: "ru_RU.UTF-8" }, true],
    [{ LC_ALL: "C", LANG: "ru_RU.UTF-8" }, false],
    [{ LANG: "fr_FR.UTF-8" }, false],
    [{}, false],
  ] as [Record<string, string>, boolean][]
) {
  Deno.test(`the client's language is the system's: ${JSON.stringify(env)}`, { ignore: cannotTell }, async () => {
    const others = Object.entries(Deno.env.toObject()).filter(([name]) => !/^(LC_.*|LANG)$/.test(name));
    const { stdout } = await new Deno.Command("deno", {
      args: ["task", "-q", "client", "--help"],
      env: { ...Object.fromEntries(others), ...env },
      clearEnv: true,
      stdin: "null",
    }).output();
    assert.match(new TextDecoder().decode(stdout), isRussian ? /^Чат в терминале/ : /^Chats in a terminal/);
  });
}
