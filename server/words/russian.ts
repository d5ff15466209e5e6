/** What the server says in Russian, beside JIM's refusals: to a browser, and on the terminal it was started on. @module */
import type { Texts } from "./english.ts";

export const russian: Texts = {
  speaksJim: "Этот порт говорит на JIM, это чат в JSON, а не HTTP.",
  pageOff: "Страница сервера выключена, её включает --web.",
  pageAt: (port) => `Страница на порту ${port}.`,
  see: (url) => `Смотрите ${url}`,
  speaksTls: (client, openssl) => `Этот сервер говорит на TLS: подключайтесь через ${client} или ${openssl}`,

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
  portTaken: (address, port, option) =>
    `Нельзя слушать ${address}, порт ${port}: его занимает другая программа (другой порт: ${option})`,
  listenNotPermitted: (address, port) =>
    `Нельзя слушать ${address}: нет прав; добавьте после -P=server ещё --allow-net=${address}:${port}`,
  privileged: (port) => `Нельзя слушать порт ${port}: этому пользователю можно от 1024`,
  cannotListen: (address, port, why) => `Нельзя слушать ${address}, порт ${port}: ${why}`,
};
