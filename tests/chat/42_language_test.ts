// A server in Russian: what a person reads is Russian, at a terminal and in a browser; what programs read is as ever.

import assert from "node:assert/strict";
import { makeFolder } from "../log/folder.ts";
import { connect } from "./peer.ts";
import { cannotRun, run, startProgram } from "./program.ts";

Deno.test("server --lang ru answers a browser in Russian, at the port of the chat and of the page", {
  ignore: cannotRun,
}, async () => {
  await using server = await startProgram("--lang", "ru", "--web", "--web-port", "0", "-a", "127.0.0.1");
  assert.equal(server.ready, `listening on 127.0.0.1:${server.port}`);
  const page = `http://127.0.0.1:${server.webPort}`;
  for (
    const [url, status, text] of [
      [`http://127.0.0.1:${server.port}/`, 303, `Смотрите ${page}/\n`],
      [`${page}/nothing`, 404, "По адресу /nothing ничего нет\n"],
      [`${page}/metrics`, 403, /^Нужен заголовок Authorization: Bearer TOKEN/],
      [`${page}/jim`, 426, /^Здесь JIM поверх WebSocket/],
    ] as const
  ) {
    const answer = await fetch(url, { redirect: "manual" });
    const said = await answer.text();
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [status, "text/plain; charset=utf-8"]);
    if (typeof text === "string") assert.equal(said, text);
    else assert.match(said, text);
  }
  const peer = await connect(server.port);
  await peer.say("{'action':'presence'}\n");
  const { error } = await peer.hear();
  assert.match(String(error), /^Нужен правильный JSON/);
  peer.close();
  assert.match(server.log(), /listening on/);
});

Deno.test("server --lang ru says what is wrong at its start in Russian", { ignore: cannotRun }, async () => {
  await using server = await startProgram("-a", "127.0.0.1");
  for (
    const [args, code, err] of [
      [["--prot", "1"], 2, "Ключа --prot нет, может быть, --port? (подробнее: --help)"],
      [["-p", "x"], 2, '-p: нужно целое число от 0 до 65535, а не "x" (подробнее: --help)'],
      [
        ["--web", "--web-origin", "x"],
        2,
        '--web-origin: нужен сайт вида https://chat.example.org, а не "x" (подробнее: --help)',
      ],
      [
        ["--tls-cert", "/none.pem", "--tls-key", "/none.pem"],
        1,
        'Не читается --tls-cert "/none.pem": нет прав; добавьте после -P=server ещё ' +
        "--allow-read=./data,/none.pem",
      ],
      [
        ["--trust-proxy", "10.0.0.1/8"],
        2,
        '--trust-proxy: нужно 10.0.0.0/8, а не "10.0.0.1/8" (подробнее: --help)',
      ],
      [
        ["-a", "127.0.0.1", "-p", `${server.port}`],
        1,
        `Нельзя слушать 127.0.0.1, порт ${server.port}: его занимает другая программа (другой порт: -p)`,
      ],
    ] as const
  ) {
    using folder = makeFolder();
    const ended = await run(folder.path, "--lang", "ru", ...args);
    assert.deepEqual(ended, { code, out: "", err: `hanita-server: ${err}\n` });
  }
});

Deno.test("server --lang ru says that another one has the data folder, in Russian", { ignore: cannotRun }, async () => {
  await using server = await startProgram("-a", "127.0.0.1");
  const { code, err } = await run(server.folder, "--lang", "ru", "-a", "127.0.0.1", "-p", "0");
  assert.equal(code, 1);
  assert.equal(err, `hanita-server: Не открывается "${server.folder}/hanita.db": его использует другой сервер\n`);
});
