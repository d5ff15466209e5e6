// The client in a pipe, in Russian: what stands on standard error. What stands on standard output is the chat itself.

import assert from "node:assert/strict";
import { languages } from "../../jim/mod.ts";
import { catalogues } from "../../client/words.ts";
import { Session } from "../../client/pipe/session.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function begin() {
  const told: string[] = [];
  const options = { address: "::1", port: 7777, only: undefined, name: "Анна", json: false, lang: "ru" } as const;
  const session = new Session(options, (line) => told.push(line), 0);
  const hear = (...objects: object[]) => {
    session.link.framer.push(encode(objects.map((each) => JSON.stringify(each)).join("")));
    session.receive(1);
  };
  return { session, told, hear };
}

Deno.test("Session in Russian tells what became of what was said", () => {
  const { session, told, hear } = begin();
  session.link.requests.take(0);
  hear({ response: 200, alert: "welcome", jim: 1 });
  session.type(encode("привет\nраз\nдва\n"), 2);
  session.link.requests.take(3);
  hear({ response: 403, error: "не сейчас" }, { response: 100, alert: "сервер останавливается" });
  session.disconnected(4);
  assert.equal(session.finish(), 1);
  assert.deepEqual(told, [
    "Вы в чате [::1]:7777 под именем Анна: welcome",
    'Сервер не принял "привет": не сейчас',
    "сервер останавливается",
    "Остановлено, нет ответа на 2 сообщения",
  ]);
});

Deno.test("Session in Russian refuses lines that cannot be sent, and a server that is none", () => {
  const { session, told } = begin();
  session.type(Uint8Array.of(0x68, 0xff, 10), 1);
  session.link.framer.push(encode("SSH-2.0-OpenSSH\r\n"));
  session.receive(2);
  session.finish();
  assert.match(told[0]!, /^Не отправлено: нужен UTF-8, а пришёл байт 0xFF на месте 1 строки 1/);
  assert.match(told[1]!, /^\[::1\]:7777 не говорит на JIM, а говорит "SSH-/);
});

Deno.test("each catalogue counts messages as its language does", () => {
  const counted = (n: number) => languages.map((language) => catalogues[language].notSent(n));
  assert.deepEqual([1, 2, 5, 21].map(counted), [
    ["1 message was not sent", "не отправлено 1 сообщение"],
    ["2 messages were not sent", "не отправлены 2 сообщения"],
    ["5 messages were not sent", "не отправлено 5 сообщений"],
    ["21 messages were not sent", "не отправлено 21 сообщение"],
  ]);
});
