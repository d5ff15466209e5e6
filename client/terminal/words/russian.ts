// What the client on a terminal says, in Russian.

import { plural } from "../../../jim/words/plural.ts";
import type { Texts } from "./english.ts";

const said = (n: number) => `${n} ${plural(n, "сообщение", "сообщения", "сообщений")}`;
const sent = (n: number) => plural(n, "отправлено", "отправлены", "отправлено");

export const russian: Texts = {
  commands: (page) => ({
    help: { takes: "[КОМАНДА]", does: "ещё messages, status, account, operator" },
    join: { takes: "#комната", does: "войти в комнату; если её нет, она создаётся" },
    leave: { takes: "[#комната]", does: "выйти из комнаты" },
    room: { takes: "[#комната | ИМЯ]", does: "писать теперь в другую комнату или человеку" },
    rooms: { takes: "", does: "показать список комнат" },
    who: { takes: "", does: "кто здесь" },
    topic: { takes: "[текст | -]", does: "о чём комната; - — ни о чём" },
    msg: { takes: "ИМЯ текст", does: "написать одному человеку" },
    history: { takes: "[n]", does: `показать ещё раз последние сообщения, n или ${page}` },
    search: { takes: "слова", does: "найти сообщения, где есть все эти слова" },
    contacts: { takes: "[add ИМЯ | del ИМЯ]", does: "ваши контакты: показать, добавить, удалить" },
    ignore: { takes: "[ИМЯ]", does: "скрыть чьи-то сообщения; кто скрыт" },
    unignore: { takes: "ИМЯ", does: "снова показывать чьи-то сообщения" },
    name: { takes: "ИМЯ", does: "назваться иначе, как гость" },
    login: { takes: "[ИМЯ]", does: "войти с паролем: имя ваше" },
    register: { takes: "[ИМЯ]", does: "закрепить имя за собой, с паролем" },
    reply: { takes: "ИМЯ текст", does: "ответить на чьё-то последнее сообщение" },
    edit: { takes: "текст", does: "исправить своё последнее сообщение" },
    delete: { takes: "[ИМЯ]", does: "удалить своё последнее; оператор — чьё угодно" },
    react: { takes: "ИМЯ ЭМОДЗИ [-]", does: "эмодзи на чьё-то последнее сообщение; - — убрать" },
    away: { takes: "[текст | -]", does: "отойти, можно с причиной; - — вернуться" },
    status: { takes: "[ЭМОДЗИ] текст | -", does: "сказать, где вы и что делаете; - — ничего" },
    code: { takes: "[ИМЯ]", does: "последний код, без ничего перед строками, чтобы скопировать" },
    send: { takes: "ФАЙЛ", does: "отправить файл в эту комнату или этому человеку" },
    save: { takes: "[ФАЙЛ]", does: "сохранить последний файл: в ./files или под другим именем" },
    passwd: { takes: "", does: "сменить пароль; другие входы завершатся" },
    sessions: { takes: "[end ID]", does: "где открыт вход; завершить один из них" },
    unregister: { takes: "", does: "удалить свою учётную запись, с паролем" },
    kick: { takes: "ИМЯ [причина]", does: "отключить от чата (только для операторов)" },
    ban: { takes: "ИМЯ | АДРЕС [10m] [причина]", does: "не пускать, можно на срок (s m h d w)" },
    unban: { takes: "ИМЯ | АДРЕС", does: "снова пускать" },
    mute: { takes: "ИМЯ [10m] [причина]", does: "не давать писать" },
    unmute: { takes: "ИМЯ", does: "снова давать писать" },
    promote: { takes: "ИМЯ", does: "сделать оператором" },
    demote: { takes: "ИМЯ", does: "снять права оператора" },
    bans: { takes: "", does: "показать запреты" },
    motd: { takes: "текст | -", does: "чем встречать каждого, кто входит; - — ничем" },
    quit: { takes: "", does: "выйти из чата" },
  }),
  keys: [
    ["Tab", "дописать имя, комнату, команду"],
    ["↑ ↓", "набранное раньше"],
    ["//…", "текст, который начинается с /"],
    ['"…"', "имя с пробелами, в команде"],
    ["+ *", "перед именем: учётная запись, оператор"],
    ["#1 #2", "перед именем: который из гостей с этим именем"],
  ],
  noCommand: (name, meant) =>
    meant === undefined
      ? `Команды "/${name}" нет: все есть в /help, а с // начинается текст с /`
      : `Команды "/${name}" нет: может быть, /${meant}? С // начинается текст с /`,
  noPasswordHere: (usage) => `Нужно ${usage}: пароль спросят потом, и его не будет видно`,
  noDuration: (got, meant) =>
    `"${got}" — это не срок: может быть, "${meant}"? Единицы: s, m, h, d, w; причина начинается со слова`,
  unreadable: (line, usage) => `Непонятно "${line}": нужно ${usage}`,

  joined: (peer, name) => `Вы в чате ${peer} под именем ${name}; команды: /help`,
  joinedUnanswered: (peer) =>
    `${peer} не отвечает: точно ли это порт сервера JIM? То, что вы пишете, всё равно отправляется`,
  lost: (why) => `Соединение прервалось: ${why}`,
  lostForNow: (why, next) =>
    `Соединение прервалось: ${why}. ` +
    (next === undefined
      ? "Что вы напишете, уйдёт, когда оно вернётся; Enter — попробовать сразу"
      : `Пробуем ${next}; что вы напишете, уйдёт туда`),
  closed: "его закрыл сервер",
  stopping: "сервер останавливается",
  silent: "сервер не отвечает",
  endless: "сервер прислал объект, который не кончается",
  notJim: (peer, said) => `${peer} не говорит на JIM, а говорит ${said}`,
  noise: (said) => `Сервер прислал непонятное: ${said}`,
  back: (seconds, n, peer) =>
    `Соединение вернулось через ${seconds} с${peer === undefined ? "" : `, теперь с ${peer}`}${
      n === 0 ? "" : `, ${sent(n)} ${said(n)}`
    }`,
  notSent: (n) => `не ${sent(n)} ${said(n)}`,
  unknown: (text) => `Неизвестно, дошло ли это: "${text}"`,
  serverSays: (words) => `Сервер: ${words}`,

  cannot: (label) => `Сейчас нельзя ${label}: нет соединения`,
  lacks: (label) => `На этом сервере нет ${label}: он умеет меньше, чем Hanita`,
  unanswered: (label) => `Соединение прервалось до ответа на ${label}: повторите, когда оно вернётся`,
  noAnswer: (label) => `На ${label} нет ответа: возможно, этот сервер такого не знает`,
  refuses: (what, words) => `Сервер не принял ${what}: ${words}`,
  operatorsOnly: (label) => `Нельзя ${label}: это только для операторов; войти оператором: /login ИМЯ`,
  turnedAway: (peer, name, words) => `${peer} не пускает "${name}": ${words}`,
  skipped: (action) => `Сервер присылает то, чего эта программа не знает (${JSON.stringify(action)}): это пропускается`,

  sending: (name, size) => `Отправляется ${name} (${size})`,
  sent: (name, percent) => `Отправлено ${percent} файла ${name}`,
  saved: (path) => `Сохранено: ${path}`,
  noFile: (place) => `В ${place} нет известных файлов; прежние сообщения покажет /history`,

  password: (name) => `Пароль для ${name}: `,
  needsPassword: (name) => `Имя "${name}" здесь с паролем; просто Enter — выйти`,
  newPassword: (name) => `Новый пароль для ${name}: `,
  onceMore: "Ещё раз: ",
  notLoggedIn: "Вход не выполнен",
  nowLoggedIn: (name, words) => `Теперь вы ${name}; сервер: ${words}`,
  notRegistered: "Имя не закреплено",
  shortPassword: (least, length) => `Нужно не меньше ${least} символов, а не ${length}: выберите другой`,
  otherPassword: "Пароли разные: начните сначала; Enter — отказаться",
  namesakes: (name, n) => `Гостей по имени ${name} здесь ${n}, вы один из них; другое имя: /name ИМЯ`,
  renamed: (name) => `Теперь вы ${name}`,
  registered: (name) => `Имя ${name} теперь ваше`,

  samePassword: "Пароль остался прежним",
  passwordChanged: "Пароль новый; другие входы завершены",
  sessions: "Вход открыт здесь",
  sessionEnd: "/sessions end ID завершает один из них",
  sessionEnded: (id) => `Вход ${id} завершён`,
  noDevice: "программа без имени",
  since: (time) => `с ${time}`,
  thisSession: "этот",
  connected: "на связи",
  lastUsed: (time) => `последний раз ${time}`,
  whatGoes: (name) =>
    `${name}, ваши контакты и всё личное будут удалены. Сказанное в комнатах останется. Просто Enter — оставить всё как есть`,
  notUnregistered: "Ничего не удалено",
  unregistered: (name) => `Учётная запись ${name} удалена`,

  roles: { operator: "оператор", account: "учётная запись", guest: "гость" },
  groups: { operator: "операторы", account: "учётные записи", guest: "гости" },
  others: "другие",
  // Behind the name: "учётная запись bob теперь здесь" is no Russian. No name has a bracket behind a space without quotes.
  person: (name, role) => role === undefined ? name : `${name} (${role})`,
  came: (person) => `${person} теперь здесь`,
  left: (person) => `${person} больше не здесь`,
  away: "отошёл",
  status: (name, status) => `${name}: ${status}`,
  backAgain: (name) => `${name}: статуса больше нет`,
  yourStatus: (status) => `Ваш статус: ${status}`,
  noStatus: "У вас нет статуса",
  writing: ([one, two, ...others]) =>
    others.length > 0 ? "несколько человек пишут" : two === undefined ? `${one} пишет` : `${one} и ${two} пишут`,
  here: (n) => `Здесь ${n} ${plural(n, "человек", "человека", "человек")}`,
  noContacts: "У вас нет контактов",
  contacts: (names) => `Ваши контакты: ${names}`,
  contactAdded: (name) => `${name} теперь в ваших контактах`,
  contactRemoved: (name) => `${name} больше не в ваших контактах`,
  ignored: (name) => `Больше не видно, что пишет ${name}; вернуть: /unignore ${name}`,
  unignored: (name) => `Снова видно, что пишет ${name}`,
  notIgnored: (name) => `${name} и так видно`,
  notYourself: "Самого себя скрыть нельзя",
  ignores: (names) => `Вы не видите, что пишут: ${names}`,
  ignoresNobody: "Вы видите всех",
  done: {
    kick: (name) => `${name} больше не в чате`,
    ban: (name, end) => `Вход закрыт: ${name}${lasting(end)}`,
    unban: (name) => `Вход снова открыт: ${name}`,
    mute: (name, end) => `Писать нельзя: ${name}${lasting(end)}`,
    unmute: (name) => `Писать снова можно: ${name}`,
    promote: (name) => `Теперь оператор: ${name}`,
    demote: (name) => `Больше не оператор: ${name}`,
  },
  greeting: (text) => `Каждый, кто входит, увидит: ${text}`,
  noGreeting: "Входящие больше не увидят приветствия",
  bans: "Запреты",
  noBans: "Никому ничего не запрещено",
  kinds: { ban: "вход закрыт", mute: "нельзя писать" },
  until: (time) => `до ${time}`,
  by: (name) => `оператор ${name}`,
  between: ", ",
  because: (reason) => `причина: ${reason}`,

  rooms: "Комнаты",
  isIn: (room) => `${room}, вы в ней`,
  notIn: (room) => `Вы не в ${room}`,
  notInJoin: (room, typed) => `Вы не в ${room}; войти: /join ${typed}`,
  notInAnyMore: (room, words) => `Вы больше не в ${room}: ${words}`,
  cannotLeave: (room) => `Из ${room} выйти нельзя; выйти из чата: /quit`,
  nobodyCalled: (name, room) => `Здесь нет никого по имени ${name}; комната пишется с #: /room ${room}`,
  topic: (room, topic) => `${room} о том: ${topic}`,
  topicBy: (room, topic, name) => `${room} о том: ${topic} (так решил ${name})`,
  noTopic: (room) => `У ${room} нет темы`,
  noTopicsHere: (place) => `Тема бывает только у комнат, а у ${place} её нет`,
  reaction: (person, emoji, words) => `${person}: ${emoji} на "${words}"`,
  noReaction: (person, emoji, words) => `${person}: больше нет ${emoji} на "${words}"`,
  deleted: (words) => `Удалено: "${words}"`,
  deletedBy: (person, words) => `Удалено: "${words}"; так решил ${person}`,
  deletedMessage: "(удалено)",
  earlierMessage: "более раннее сообщение",
  noMessageOf: (name, where) => `Сообщений от ${name} в ${where} не видно; прежние есть в /history`,
  noCode: (name, where) =>
    `В ${where} не видно кода${name === undefined ? "" : ` от ${name}`}; /history покажет сообщения`,
  codeOf: (name) => `код: ${name}`,
  moreLines: (n) => `… ещё ${n} ${plural(n, "строка", "строки", "строк")}; весь код покажет /code`,
  hasLeft: (name) => `Беседа ${name} закрыта`,
  conversations: "Ваши беседы",
  front: (name) => `${name}, вы пишете сюда`,
  fresh: (name, n) => `${name}, ${n} ${plural(n, "новое", "новых", "новых")}`,
  moreBefore: (n) => `До этого ещё ${said(n)}; они в /history`,

  history: (where) => `история ${where}`,
  search: (where) => `поиск в ${where}`,
  nothingIn: (title) => `Пусто: ${title}`,
  leftOut: (n, title) => `Скрыто из-за /ignore: ${said(n)} (${title})`,
  now: "сейчас",
  day: (date) => date.toLocaleDateString("ru", { weekday: "long", day: "numeric", month: "long", year: "numeric" }),

  tooLong: (most, length) => `Не отправлено: можно не больше ${most} символов, а в тексте ${length}`,
  sendLines: (n, where) => `Отправить ${n} ${plural(n, "строку", "строки", "строк")} в ${where}? д/Н `,
  sendCode: (n, where) =>
    `Отправить ${n} ${plural(n, "строку", "строки", "строк")} в ${where}? д/Н, или к — одним блоком кода `,
  nothingSent: "Ничего не отправлено",
  offline: "нет связи",
  inWait: (n) => `${plural(n, "ждёт", "ждут", "ждут")} ${n}`,
  newElsewhere: (n) => `${n} ${plural(n, "новое", "новых", "новых")}`,
};

/** Until the clock shows that time. */
function lasting(end: string | undefined): string {
  return end === undefined ? " насовсем" : ` до ${end}`;
}
