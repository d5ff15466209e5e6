/** What the server says in Russian, beside JIM's refusals: to a browser, and on the terminal it was started on. @module */
import type { Texts } from "./english.ts";

export const russian: Texts = {
  speaksJim: "Этот порт говорит на JIM, это чат в JSON, а не HTTP.",
  pageOff: "Страница сервера выключена, её включает --web.",
  pageAt: (port) => `Страница на порту ${port}.`,
  see: (url) => `Смотрите ${url}`,
  speaksTls: (client, openssl) => `Этот сервер говорит на TLS: подключайтесь через ${client} или ${openssl}`,

  jimAt: (port) => `это порт страницы, для браузеров, а JIM на порту ${port}: подключайтесь туда`,
  nothingAt: (path) => `По адресу ${path} ничего нет`,
  longPath: (most) => `Слишком длинный путь: нужно не больше ${most} байт`,
  longRequest: (most) => `Слишком длинный запрос: нужно не больше ${most} байт`,
  metricsToken: "Нужен заголовок Authorization: Bearer TOKEN со словом из DIR/token или из --metrics-token-file",
  webSocketOnly: "Здесь JIM поверх WebSocket: один объект JSON в одном текстовом кадре",
  origin: (origin) => `Странице с ${origin} сюда нельзя; её пускает --web-origin`,

  notOrigin: (got) => `нужен сайт вида https://chat.example.org, а не ${got}`,
  openToJoin: "Чтобы войти, откройте в браузере:",
  typeToJoin: "Чтобы войти, наберите что-нибудь из этого:",
  orType: "Или наберите что-нибудь из этого:",
  firstLine: (program) => `После ${program} сначала эту строку:`,
  classAddress: "Класс — по этому адресу, он только для учителя:",
  cannotRead: (option, file, why) => `Не читается ${option} "${file}": ${why}`,
  readNotPermitted: (files) => `нет прав; добавьте после -P=server ещё --allow-read=./data,${files}`,
  notTheKey: (key, cert) => `Не годится --tls-key "${key}": это ключ не от --tls-cert "${cert}"`,
  noCertificate: (option, file) => `Не годится ${option} "${file}": нужен сертификат в виде PEM`,
  noKey: (option, file) => `Не годится ${option} "${file}": нужен ключ без пароля в виде PEM`,
  weakToken: (file, least) =>
    `Не годится --metrics-token-file "${file}": нужно одно слово не короче ${least} символов ASCII`,
  notRange: (expected, got) => `нужно ${expected}, а не ${got}`,
  anyRange: "адрес или диапазон, например 127.0.0.1 или 10.0.0.0/8",
  rangeOfBits: (least, most) => `от ${least} до ${most} бит`,
  databaseInUse: (path) => `Не открывается "${path}": его использует другой сервер`,
  databaseOfOlder: (path) => `Не открывается "${path}": его использует сервер старой версии; сначала остановите его`,
  noDatabase: (path) => `Не открывается "${path}": такого файла нет, нужна папка данных сервера`,
  otherDatabase: (path) => `Не открывается "${path}": это база данных другой программы`,
  newerDatabase: (path, version, known) =>
    `Не открывается "${path}": его записала более новая Hanita (схема ${version}, здесь знают ${known}); ` +
    "запустите её или возьмите другую папку",
  olderDatabase: (path, version, known) =>
    `Не проверяется "${path}": она от более старой Hanita (схема ${version}, у этой ${known}); ` +
    "запустите на ней сервер, он приведёт её к новой",
  cannotOpen: (path, why) => `Не открывается "${path}": ${why}`,
  cannotCheck: (path, why) => `Не удаётся проверить "${path}": ${why}`,
  cannotWrite: (path, why) => `Не удаётся записать ${path}: ${why}`,
  cannotLog: (folder, why) => `Не открывается журнал в "${folder}": ${why}`,
  samePort: (port) => `нужны два разных порта, -p и --web-port, а здесь оба ${port}`,
  portTaken: (address, port, option) =>
    `Нельзя слушать ${address}, порт ${port}: его занимает другая программа (другой порт: ${option})`,
  listenNotPermitted: (address, port) =>
    `Нельзя слушать ${address}: нет прав; добавьте после -P=server ещё --allow-net=${address}:${port}`,
  privileged: (port) => `Нельзя слушать порт ${port}: этому пользователю можно от 1024`,
  cannotListen: (address, port, why) => `Нельзя слушать ${address}, порт ${port}: ${why}`,
};
