// Mistakes that beginners make, and what each is told, word by word.

import { ACTION_LIST } from "../action_list.ts";
import assert from "node:assert/strict";
import { cannot, start } from "./start.ts";

const PRESENCE = '{"action":"presence","time":1764000000,"user":{"account_name":"ann","status":""}}';
const MSG = '{"action":"msg","time":1764000000,"to":"#all","message":"hello"}';
const utf8 = new TextEncoder();

/** A mistake, and the answer in English and in Russian. */
const mistakes: [what: string, said: string | Uint8Array, english: string, russian: string][] = [
  [
    "no time",
    '{"action":"msg","message":"hello"}',
    "time: expected Unix seconds as a number, got nothing",
    "time: нужны секунды Unix числом, а поля нет",
  ],
  [
    "a time of day",
    '{"action":"msg","time":"12:03","message":"hello"}',
    'time: expected Unix seconds as a number, got "12:03"',
    'time: нужны секунды Unix числом, а пришло "12:03"',
  ],
  [
    "no text",
    '{"action":"msg","time":1}',
    'message: expected a text, such as "hello", got nothing',
    'message: нужен текст, например "hello", а поля нет',
  ],
  [
    "a number as text",
    '{"action":"msg","time":1,"message":5}',
    'message: expected a text, such as "hello", got 5',
    'message: нужен текст, например "hello", а пришло 5',
  ],
  [
    "a name of 30 letters",
    `{"action":"presence","time":1,"user":{"account_name":"${"a".repeat(30)}"}}`,
    `user.account_name: expected a name of 1 to 25 characters that does not begin with #, ` +
    `got "${"a".repeat(30)}", which has 30`,
    `user.account_name: нужно имя от 1 до 25 символов, не с #, а пришло "${"a".repeat(30)}", в нём 30`,
  ],
  [
    "plain text instead of JSON",
    "hello",
    `Expected a JSON object that begins with {, such as ${PRESENCE}, got "hello"`,
    `Нужен объект JSON, он начинается с {, например ${PRESENCE}, а пришло "hello"`,
  ],
  [
    "a room without #",
    '{"action":"join","time":1,"room":"cats"}',
    'room: expected a room such as "#cats", of 1 to 25 characters after the #, got "cats"',
    'room: нужна комната, например "#cats", от 1 до 25 символов после #, а пришло "cats"',
  ],
  [
    "a message before presence",
    MSG,
    `Expected a presence before anything else, such as ${PRESENCE}`,
    `Сначала нужно presence, например ${PRESENCE}`,
  ],
  [
    "a trailing comma",
    '{"action":"quit",}',
    'Expected valid JSON, got a comma before a closing bracket at position 16, between {"action":"quit" and ,}; ' +
    "leave the comma out",
    'Нужен правильный JSON, а на месте 16, между {"action":"quit" и ,} — лишняя запятая перед закрывающей скобкой; ' +
    "уберите запятую",
  ],
  [
    "Python's True",
    '{"action":"presence","watch":True}',
    'Expected valid JSON, got True at position 29, between …ion":"presence","watch": and True}; ' +
    "JSON has no True, so write true",
    'Нужен правильный JSON, а на месте 29, между …ion":"presence","watch": и True} — True; ' +
    "такого слова в JSON нет, напишите true",
  ],
  [
    "Python's single quotes",
    "{'action': 'quit'}",
    "Expected valid JSON, got another quotation mark than the double one at position 1, between { and " +
    `'action': 'quit'}; write " on both sides (in Python: json.dumps, not str)`,
    "Нужен правильный JSON, а на месте 1, между { и 'action': 'quit'} — другая кавычка вместо двойной; " +
    'напишите " с обеих сторон (в Python: json.dumps, а не str)',
  ],
  [
    "a raw newline in a string",
    '{"action":"msg","time":1,"message":"a\nb"}',
    'Expected valid JSON, got a line break inside a string at position 37, between …g","time":1,"message":"a and ' +
    '\\nb"}\\n; write \\n instead of it, or close the string with " before it',
    'Нужен правильный JSON, а на месте 37, между …g","time":1,"message":"a и \\nb"}\\n — ' +
    'перевод строки внутри текста в кавычках; напишите вместо него \\n или закройте текст кавычкой " перед ним',
  ],
  [
    "Latin-1",
    Uint8Array.of(...utf8.encode('{"action":"msg","time":1,"message":"caf'), 0xe9, ...utf8.encode('"}')),
    "Expected UTF-8, got byte 0xE9 at position 39, which looks like Latin-1",
    "Нужен UTF-8, а пришёл байт 0xE9 на месте 39, это похоже на Latin-1",
  ],
  [
    "MSG",
    '{"action":"MSG","time":1,"message":"hello"}',
    `action: expected one of ${ACTION_LIST}, got "MSG", which is no action of JIM; did you mean "msg"?`,
    `action: нужно одно из ${ACTION_LIST}, а пришло "MSG": такого действия в JIM нет; может быть, "msg"?`,
  ],
  [
    "a field with a slip",
    '{"action":"msg","time":1,"mesage":"hello"}',
    'message: expected a text, such as "hello", got nothing; did you mean "message" where you wrote "mesage"?',
    'message: нужен текст, например "hello", а поля нет; может быть, вместо "mesage" нужно "message"?',
  ],
  [
    "a long room",
    `{"action":"join","time":1,"room":"#${"c".repeat(50)}"}`,
    `room: expected a room such as "#cats", of 1 to 25 characters after the #, got "#${"c".repeat(38)}…, which has 50`,
    `room: нужна комната, например "#cats", от 1 до 25 символов после #, а пришло "#${"c".repeat(38)}…, в нём 50`,
  ],
  [
    "the field action with a slip in another program's word for it",
    '{"tpye":"msg","time":1,"message":"hello"}',
    'action: expected a string such as "presence", "msg" or "quit", got nothing; ' +
    'did you mean "action" where you wrote "tpye"?',
    'action: нужна строка, например "presence", "msg" или "quit", а поля нет; ' +
    'может быть, вместо "tpye" нужно "action"?',
  ],
  [
    "a string as a string",
    '"hello"',
    `Expected a JSON object that begins with {, such as ${PRESENCE}, got "\\"hello\\""`,
    `Нужен объект JSON, он начинается с {, например ${PRESENCE}, а пришло "\\"hello\\""`,
  ],
  [
    "an object that was made JSON of twice",
    JSON.stringify('{"action":"quit"}'),
    "Expected a JSON object, got a string that holds one, so make JSON of it once, not twice: " +
    String.raw`"\"{\\\"action\\\":\\\"quit\\\"}\""`,
    "Нужен объект JSON, а пришла строка с ним внутри, кодируйте его один раз, а не два: " +
    String.raw`"\"{\\\"action\\\":\\\"quit\\\"}\""`,
  ],
  [
    "a list",
    "[1]",
    `Expected a JSON object, such as ${PRESENCE}, got [1]`,
    `Нужен объект JSON, например ${PRESENCE}, а пришло [1]`,
  ],
];

for (const language of ["en", "ru"] as const) {
  Deno.test(`a beginner's mistakes are answered in ${language}, word by word`, { ignore: cannot }, async () => {
    await using chat = await start({ language });
    for (const [what, said, english, russian] of mistakes) {
      const beginner = await chat.connect();
      await beginner.say(said, "\n");
      const { error } = await beginner.hear();
      assert.equal(error, language === "en" ? english : russian, what);
      beginner.close();
    }
  });
}

Deno.test("a byte order mark before an object is none of a beginner's mistakes", { ignore: cannot }, async () => {
  await using chat = await start();
  const beginner = await chat.connect();
  await beginner.say(Uint8Array.of(0xef, 0xbb, 0xbf), `${PRESENCE}\n`);
  await beginner.expect({ response: 200 });
  beginner.close();
});

Deno.test("behind a broken password nothing of what comes is in the answer", { ignore: cannot }, async () => {
  await using chat = await start();
  const beginner = await chat.connect();
  await beginner.say('{"action":"authenticate","time":1,"user":{"account_name":"ann","password":"hun\nter2",}}\n');
  for (const { error } of [await beginner.hear(), await beginner.hear()]) assert.doesNotMatch(error, /hun|ter2/);
  beginner.close();
});
