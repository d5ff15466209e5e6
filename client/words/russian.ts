// What the client in a pipe and all that connects say, in Russian.

import { plural } from "../../jim/words/plural.ts";
import type { Texts } from "./english.ts";

const messages = (n: number) => plural(n, "сообщение", "сообщения", "сообщений");

export const russian: Texts = {
  noAddress: "нужно имя или адрес, например 127.0.0.1, а между запятыми пусто",
  portApart: (apart) => `порт пишется отдельным словом: ${apart}`,
  urlAsAddress: (got) => `нужно имя или адрес, например 127.0.0.1, а не ${got}; страница — для браузера`,

  cannotConnect: (address, port, why) => `Нет соединения с ${address}, порт ${port}: ${why}`,
  unknownSigner: "неизвестно, кто подписал его сертификат; нужен --ca FILE с сертификатом подписавшего",
  otherSigner: (ca) => `его сертификат подписан не тем, кто в "${ca}"; нужен --ca с сертификатом подписавшего`,
  otherName: (address, names) => `его сертификат не для ${address}, а для ${names}`,
  authority: "это сертификат удостоверяющего центра, а нужен серверный, с basicConstraints=critical,CA:FALSE",
  expired: "его сертификат истёк, нужен новый",
  notYet: "его сертификат ещё не начал действовать; проверьте часы здесь и там",
  notTls: "он не говорит на TLS; нужен сервер с --tls-cert или клиент без --tls",
  noTls: "он не начинает TLS; нужен сервер с --tls-cert или клиент без --tls",
  cannotUseCa: (file, why) => `Не годится --ca "${file}": ${why}`,
  noCertificate: "нужен сертификат в виде PEM",
  caNotPermitted: (file) => `нет прав; положите его в ./data или добавьте к "deno run" --allow-read=./data,${file}`,
  cannotLog: (folder, why) => `Не открывается журнал в "${folder}": ${why}`,
  goingOn: (why) => `Журнала не будет: ${why}`,

  joined: (peer, name) => `Вы в чате ${peer} под именем ${name}`,
  silent: (peer) => `${peer} не отвечает: точно ли это порт сервера JIM?`,
  closed: "Сервер закрыл соединение",
  tryingOthers: (peer, why) => `Нет связи с ${peer}: ${why}. Пробуем следующий сервер`,
  isStopping: "сервер останавливается",
  isSilent: "сервер не отвечает",
  isClosed: "сервер закрыл соединение",
  noServer: (seconds, why) => `Ни одного сервера чата за ${seconds} с: ${why}`,
  unknown: (text) => `Неизвестно, дошло ли это: "${text}"`,
  notJim: (peer, said) => `${peer} не говорит на JIM, а говорит ${said}`,
  endless: "Сервер прислал объект, который не кончается",
  noise: (said) => `Сервер прислал непонятное: ${said}`,
  cannotPrint: (why) => `Не удаётся вывести: ${why}`,
  stopped: "Остановлено",
  noCommandHere: (command) =>
    `Не отправлено: ${command} здесь не команда, команды есть только в "deno task client ADDR"; ` +
    `/${command} отправит это как текст`,
  notSent: (n) => `не ${plural(n, "отправлено", "отправлены", "отправлено")} ${n} ${messages(n)}`,
  notAnswered: (n) => `нет ответа на ${n} ${messages(n)}`,
  tooLong: (most, length, start) =>
    `Не отправлено: в строке может быть не больше ${most} символов, а в ней ${length}, "${start}…"`,
  notUtf8: (byte, position, line, encoding) =>
    `Не отправлено: нужен UTF-8, а пришёл байт ${byte} на месте ${position} строки ${line}` +
    (encoding === undefined ? "" : `, это похоже на ${encoding}`),
  turnedAway: (peer, name, words) => `${peer} не пускает "${name}": ${words}`,
  refuses: (text, words) => `Сервер не принял${text === undefined ? "" : ` "${text}"`}: ${words}`,

  noPlainFile: (path) => `Не отправить "${path}": нужен файл, а не папка`,
  emptyFile: (path) => `Не отправить "${path}": в нём нет байтов`,
  cannotUseFile: (path, why) => `Не использовать "${path}": ${why}`,
  closedBeforeAnswer: "Сервер закрыл соединение, не ответив",
  takesNoFiles: "Этот сервер не принимает файлов",
  notAllSent: (bytes) => `Не отправлено байтов файла: ${bytes}, нет соединения`,
  notAllFetched: (bytes) => `Не получено байтов файла: ${bytes}, соединение закрылось`,
  shorterFile: "Файл стал короче, пока отправлялся",
  fileNotPermitted: (path, folder) =>
    `Нет прав: положите "${path}" в папку ${folder} или запустите клиента командой ` +
    `deno run -P=client --allow-read=./data,${path} --allow-write=./data,${path} client.ts`,
};
