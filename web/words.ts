/**
 * The texts of the page in English and Russian, and its dates and times. Texts of the server are in the server's
 * language.
 * @module
 */

import { plural } from "../jim/words/plural.ts";
import type { Language } from "../jim/explain.ts";
import { rewriteTimes } from "../jim/time.ts";
import type { Role } from "../jim/client/event.ts";
import type { RoomEvent } from "../jim/client/room_event.ts";
import type { Rank } from "../jim/message.ts";

const english = {
  title: "Hanita",
  tagline: "A chat for the people around you",
  method: "How to enter",
  asGuest: "Guest",
  asMember: "Log in",
  asNew: "Register",
  enterGuest: "Join the chat",
  enterMember: "Log in",
  enterNew: "Register and join",
  guestHint: "No account needed. Private messages of guests are not kept.",
  memberHint: "Your password is not stored.",
  stay: "Stay logged in on this computer",
  newHint: "The name is yours from then on, and your private messages are kept.",
  loginOver: "You have been logged out, so enter your password again. What you have written is still here.",
  name: "Your name",
  another: "Suggest another name",
  password: "Password",
  newPassword: "Password, at least 8 characters",
  ownPassword: "Your own password, at least 8 characters",
  oneTime: "That password is for the first login only: choose your own.",
  coming: "Joining…",
  cancel: "Cancel",
  close: "Close",
  skip: "Skip to the message field",
  places: "Conversations",
  rooms: "Rooms",
  people: "People",
  direct: "Private",
  common: "Everybody",
  goTo: "Rooms and people",
  goHint: "Type a few letters of a name. A new room is made only if you choose it.",
  goNothing: "No room or person here has this name. You can choose one of these:",
  goMake: (room: string) => `Make the room ${room}`,
  goUnknown: (name: string) => `Write to ${name} (offline)`,
  goJoin: "room",
  goPerson: "person",
  go: "Go",
  leave: "Leave the room",
  putAway: "Close the conversation",
  addContact: "Add to contacts",
  dropContact: "Remove from contacts",
  search: "Search",
  searchIn: (where: string) => `Search in ${where}`,
  searchEverywhere: "Search in all conversations",
  searchScope: "Where to search",
  everywhere: "Everywhere",
  searchHint: "from:name, in:#room, before:2026-11-30; home* finds all words that begin so.",
  noDay: (got: string) => `before: expected a day such as 2026-11-30, got "${got}"`,
  searching: "Searching…",
  found: (n: number) => n === 0 ? "Nothing found" : n === 1 ? "1 message found" : `${n} messages found`,
  foundMore: (n: number) => `The latest ${n} are shown, and there are more`,
  more: "Show more",
  lost: "That message no longer exists",
  status: "Your status",
  statusEmoji: "An emoji",
  statusText: "What you do, or where you are",
  isAway: "I am away",
  setStatus: "Set",
  clearStatus: "Clear",
  away: "away",
  /** @param two another one; `more` if there are others */
  typing: (one: string, two?: string, more = false) =>
    more ? "Several people are typing…" : two === undefined ? `${one} is typing…` : `${one} and ${two} are typing…`,
  roomSettings: "About this room",
  roomMembers: "Members",
  isInvited: "invited",
  isPrivate: "private",
  rankOf: (name: string) => `Rank of ${name}`,
  ranks: { owner: "owner", moderator: "moderator", member: "member" } as Readonly<Record<Rank, string>>,
  invite: "Invite",
  addToGroup: "Add to the group",
  uninvite: (name: string) => `Take back the invitation of ${name}`,
  takeBack: "Take back",
  moderate: (name: string) => `Moderate ${name}`,
  namesHint: "A name",
  newGroup: "Write to several people",
  newGroupHint: "A conversation that nobody else sees. Choose at least two accounts.",
  beginGroup: "Begin",
  pin: "Pin in the room",
  pinned: "Pinned",
  unpin: "Unpin",
  olderMessage: "An older message",
  privateRoom: "Private: only those see it that are invited",
  announcementRoom: "For announcements: only owners write",
  renameRoom: "Rename",
  clearRoom: "Delete all messages",
  clearHint: "All messages of the room, of everybody, for good.",
  removeRoom: "Remove the room",
  removeRoomHint: "The room and all its messages, for good.",
  comeIn: "Join",
  roomNotice: ({ action, by, room, reason, users }: RoomEvent) =>
    action === "invite"
      ? `${by} invites you to ${room}`
      : action === "group"
      ? `${by} has taken you into a group: ${users!.join(", ")}`
      : action === "remove"
      ? `${by} has removed the room ${room}`
      : `${by} has put you out of ${room}${reason === undefined ? "" : `: ${reason}`}`,
  menu: "Menu",
  showPeople: "Who is here",
  online: "online",
  offline: "offline",
  here: (n: number) => n === 1 ? "1 person here" : `${n} people here`,
  you: "you",
  roles: { guest: "guest", account: "account", operator: "operator" } satisfies Record<Role, string>,
  roleHints: {
    guest: "Anybody may use this name",
    account: "The name is protected by a password",
    operator: "Moderates this chat",
  } satisfies Record<Role, string>,
  bot: "bot",
  botHint: "The account of a program",
  namesake: (n: number) => `guest number ${n} by this name`,
  namesakes: (n: number) => `${n} guests by this name`,
  about: (name: string) => `What to do about ${name}`,
  writeTo: "Write privately",
  ignore: "Ignore",
  unignore: "Show again",
  ignoreHint: "If you ignore somebody, you do not see their messages, and they are not told.",
  ignored: (name: string) => `You ignore ${name}: their messages are hidden.`,
  isIgnored: "ignored",
  ignoredPeople: "Ignored people",
  messages: (where: string) => `Messages, ${where}`,
  write: (where: string) => `Write to ${where}`,
  send: "Send",
  noCommand: (command: string, where: string) =>
    `The page has no commands: ${command} … would be sent as a message to ${where}. To write to one person, ` +
    "choose a name in the list of people; Ctrl K finds any person or room.",
  sendText: "Send it as a message",
  isCode: "You have pasted what looks like code.",
  makeBlock: "Make it a block of code",
  copyCode: "Copy the code",
  copied: "Copied",
  unfold: (lines: number) => lines === 1 ? "Show all" : `Show all ${lines} lines`,
  fold: "Show less",
  waiting: "Waiting to be sent",
  sending: "Sending…",
  unsure: "The connection failed: the message may not have arrived",
  refused: "Not sent",
  again: "Send again",
  drop: "Discard",
  notifications: "Notifications",
  notifyOf: (where: string) => `Notifications in ${where}`,
  levels: { all: "All", mentions: "Mentions", none: "Nothing" },
  sound: "Play a sound",
  popups: "Show notifications of the system while I look elsewhere",
  popupHints: {
    granted: "The browser allows them.",
    default: "The browser will ask for your permission.",
    denied: "The browser does not allow notifications for this page. Its settings can change that.",
    missing: "This browser has no notifications, or only over HTTPS.",
  },
  emoji: "Emoji",
  attach: "Send files",
  dropHere: "Drop files here to send them",
  uploading: (name: string) => `Sending ${name}`,
  cancelUpload: (name: string) => `Do not send ${name}`,
  uploadLost: "The file could not be sent: there is no connection",
  uploadGone: "The page was loaded again before the file was sent: choose the file again",
  chooseEmoji: "Choose an emoji",
  searchEmoji: "Find an emoji",
  noEmoji: "No emoji found",
  emojiGroups: "Kinds of emoji",
  emojiGroup: (number: number) => emojiGroups.en[number] ?? emojiGroups.en[SYMBOLS]!,
  otherEmoji: "Other reaction",
  actions: "What to do with this message",
  reply: "Reply",
  openThread: "Thread",
  thread: "Thread",
  replies: (n: number) => n === 0 ? "no replies yet" : n === 1 ? "1 reply" : `${n} replies`,
  replyInThread: "Reply in the thread",
  sendReply: "Send the reply",
  showInPlace: "Show it in the conversation",
  replyingTo: "Reply to",
  noReply: "Do not reply to it",
  inReplyTo: "In reply to:",
  edit: "Edit",
  editText: "Edit the message",
  edited: "edited",
  save: "Save",
  remove: "Delete",
  removeAsk: "Delete this message?",
  removeHint: "Its text and its reactions are erased for everybody.",
  deleted: "This message was deleted",
  reactions: "Reactions",
  reactWith: (emoji: string) => `React with ${emoji}`,
  others: (n: number) => n === 1 ? "1 other" : `${n} others`,
  notChanged: "No connection: the message may not have changed. Try again.",
  chooseMessage: "Up and down arrows choose a message",
  later: "Delivered when they are back online",
  fresh: "New",
  start: "This is the beginning",
  nothing: "Nothing has been said here yet. Say hello!",
  loading: "Loading…",
  chooseConversation: "Choose it…",
  saveConversation: "Save the conversation",
  download: "Download",
  openInTab: "Open in a tab",
  cannotLoad: "This cannot be loaded now. Close it, and try again when there is a connection.",
  down: (n: number) => n === 0 ? "No connection. Trying again now" : `No connection. Trying again in ${n} s`,
  dialling: "Connecting…",
  unsent: (n: number) => n === 1 ? "1 message was not sent" : `${n} messages were not sent`,
  retry: "Try now",
  kept: "What you write is sent when the connection is back.",
  newest: "To the newest messages",
  unreadBelow: "More unread below",
  gap: "Messages between these are not shown",
  fillAfter: "Show what came next",
  fillBefore: "Show what came before",
  unread: (n: number) => n === 1 ? "1 unread message" : `${n} unread messages`,
  mentions: (n: number) => n === 1 ? "you are mentioned" : `you are mentioned ${n} times`,
  settings: "Settings",
  theme: "Theme",
  themes: { auto: "System", light: "Light", dark: "Dark" },
  language: "Language",
  keepName: "Keep this name",
  keepNameHint: (name: string) => `Anybody may use the name ${name}. With a password it is only yours.`,
  keepNameLater: "No connection: the name is registered when the connection is back.",
  quit: "Leave the chat",
  logOut: "Log out",
  keys: "Keyboard",
  keyGo: "Find a room or a person",
  keyNext: "Previous and next conversation",
  keySend: "Send; with Shift, a new line",
  keyMessage: "From the field: edit your last message. In the list (Shift Tab): choose a message",
  keyActions: "Reply to the chosen message, edit it, show its thread, react, delete it",
  keyBack: "Close what is open; then to the newest messages and the message field",
  today: "Today",
  yesterday: "Yesterday",
  someday: "At an unknown time",
  dismiss: "Dismiss",
  tooLong: (n: number) => `${n} characters too many`,
};

/** A catalogue. */
export type Words = typeof english;

const russian: Words = {
  title: "Hanita",
  tagline: "Чат для тех, кто рядом",
  method: "Как войти",
  asGuest: "Гость",
  asMember: "Вход",
  asNew: "Регистрация",
  enterGuest: "Войти в чат",
  enterMember: "Войти",
  enterNew: "Зарегистрироваться и войти",
  guestHint: "Учётная запись не нужна. Личные сообщения гостей не хранятся.",
  memberHint: "Пароль не сохраняется.",
  stay: "Не выходить на этом компьютере",
  newHint: "Имя останется за вами, а личные сообщения сохранятся.",
  loginOver: "Сеанс завершён: введите пароль ещё раз. Всё, что вы написали, сохранилось.",
  name: "Ваше имя",
  another: "Предложить другое имя",
  password: "Пароль",
  newPassword: "Пароль, не меньше 8 символов",
  ownPassword: "Свой пароль, не меньше 8 символов",
  oneTime: "Этот пароль годится только для первого входа: придумайте свой.",
  coming: "Входим…",
  cancel: "Отмена",
  close: "Закрыть",
  skip: "Перейти к полю сообщения",
  places: "Беседы",
  rooms: "Комнаты",
  people: "Люди",
  direct: "Личное",
  common: "Общий чат",
  goTo: "Комнаты и люди",
  goHint: "Введите несколько букв имени. Новая комната появится, только если её выбрать.",
  goNothing: "Ни комнаты, ни человека с таким именем здесь нет. Можно выбрать:",
  goMake: (room) => `Создать комнату ${room}`,
  goUnknown: (name) => `Написать: ${name} (не в сети)`,
  goJoin: "комната",
  goPerson: "человек",
  go: "Перейти",
  leave: "Выйти из комнаты",
  putAway: "Закрыть беседу",
  addContact: "Добавить в контакты",
  dropContact: "Убрать из контактов",
  search: "Поиск",
  searchIn: (where) => `Искать: ${where}`,
  searchEverywhere: "Искать во всех беседах",
  searchScope: "Где искать",
  everywhere: "Везде",
  searchHint: "from:имя, in:#комната, before:2026-11-30; дом* находит все слова, которые так начинаются.",
  noDay: (got) => `before: нужен день, например 2026-11-30, а пришло "${got}"`,
  searching: "Ищем…",
  found: (n) => n === 0 ? "Ничего не нашлось" : `${plural(n, "Нашлось", "Нашлись", "Нашлось")} ${n} ${said(n)}`,
  foundMore: (n) =>
    `${plural(n, "Показано", "Показаны", "Показано")} ${n} ${
      plural(n, "последнее", "последних", "последних")
    }, есть ещё`,
  more: "Показать ещё",
  lost: "Этого сообщения уже нет",
  status: "Ваш статус",
  statusEmoji: "Эмодзи",
  statusText: "Что вы делаете или где вы",
  isAway: "Меня нет на месте",
  setStatus: "Установить",
  clearStatus: "Убрать",
  away: "нет на месте",
  typing: (one, two, more) =>
    more ? "Несколько человек пишут…" : two === undefined ? `${one} пишет…` : `${one} и ${two} пишут…`,
  roomSettings: "Об этой комнате",
  roomMembers: "Кто в комнате",
  isInvited: "приглашён",
  isPrivate: "закрытая",
  rankOf: (name) => `Ранг: ${name}`,
  ranks: { owner: "владелец", moderator: "модератор", member: "участник" },
  invite: "Пригласить",
  addToGroup: "Взять в группу",
  uninvite: (name) => `Отменить приглашение: ${name}`,
  takeBack: "Отменить",
  moderate: (name) => `Порядок: ${name}`,
  namesHint: "Имя",
  newGroup: "Написать нескольким",
  newGroupHint: "Разговор, которого больше никто не видит. Выберите хотя бы две учётные записи.",
  beginGroup: "Начать",
  pin: "Закрепить в комнате",
  pinned: "Закреплено",
  unpin: "Открепить",
  olderMessage: "Более давнее сообщение",
  privateRoom: "Закрытая: видят только приглашённые",
  announcementRoom: "Для объявлений: пишут только владельцы",
  renameRoom: "Переименовать",
  clearRoom: "Удалить все сообщения",
  clearHint: "Все сообщения комнаты, чьи угодно, навсегда.",
  removeRoom: "Удалить комнату",
  removeRoomHint: "Комнату со всеми сообщениями, навсегда.",
  comeIn: "Войти",
  roomNotice: ({ action, by, room, reason, users }) =>
    action === "invite"
      ? `${by} приглашает вас в ${room}`
      : action === "group"
      ? `${by}: теперь вы в группе: ${users!.join(", ")}`
      : action === "remove"
      ? `${by}: комнаты ${room} больше нет`
      : `${by}: вы больше не в ${room}${reason === undefined ? "" : `: ${reason}`}`,
  menu: "Меню",
  showPeople: "Кто здесь",
  online: "в сети",
  offline: "не в сети",
  here: (n) => `Здесь ${n} ${plural(n, "человек", "человека", "человек")}`,
  you: "вы",
  roles: { guest: "гость", account: "учётная запись", operator: "оператор" },
  roleHints: {
    guest: "Это имя может взять кто угодно",
    account: "Имя подтверждено паролем",
    operator: "Следит за порядком в чате",
  },
  bot: "бот",
  botHint: "Учётная запись программы",
  namesake: (n) => `гость номер ${n} с этим именем`,
  namesakes: (n) => `${n} ${plural(n, "гость", "гостя", "гостей")} с этим именем`,
  about: (name) => `Действия: ${name}`,
  writeTo: "Написать лично",
  ignore: "Не показывать",
  unignore: "Показывать",
  ignoreHint: "«Не показывать»: вы не увидите сообщений этого человека, а он об этом не узнает.",
  ignored: (name) => `Сообщения от ${name} скрыты.`,
  isIgnored: "скрыт",
  ignoredPeople: "Скрытые люди",
  messages: (where) => `Сообщения, ${where}`,
  write: (where) => `Написать: ${where}`,
  send: "Отправить",
  noCommand: (command, where) =>
    `На странице нет команд: ${command} … уйдёт как обычное сообщение (${where}). Чтобы написать одному ` +
    "человеку, выберите его в списке людей или нажмите Ctrl K.",
  sendText: "Отправить как сообщение",
  isCode: "Похоже, вы вставили код.",
  makeBlock: "Оформить как код",
  copyCode: "Скопировать код",
  copied: "Скопировано",
  unfold: (lines) => lines === 1 ? "Показать всё" : `Показать все строки (${lines})`,
  fold: "Свернуть",
  waiting: "Ждёт отправки",
  sending: "Отправляется…",
  unsure: "Соединение прервалось: сообщение могло не дойти",
  refused: "Не отправлено",
  again: "Отправить снова",
  drop: "Удалить",
  notifications: "Уведомления",
  notifyOf: (where) => `О чём сообщать: ${where}`,
  levels: { all: "Обо всём", mentions: "Упоминания", none: "Ни о чём" },
  sound: "Звук",
  popups: "Уведомления системы, когда я смотрю в другое место",
  popupHints: {
    granted: "Браузер их разрешает.",
    default: "Браузер спросит вашего разрешения.",
    denied: "Браузер не разрешает этой странице уведомления. Это можно изменить в его настройках.",
    missing: "В этом браузере уведомлений нет, или они есть только по HTTPS.",
  },
  emoji: "Эмодзи",
  attach: "Отправить файлы",
  dropHere: "Отпустите файлы здесь, чтобы отправить",
  uploading: (name) => `Отправляется ${name}`,
  cancelUpload: (name) => `Не отправлять ${name}`,
  uploadLost: "Файл не отправлен: нет соединения",
  uploadGone: "Страница загружена заново раньше, чем файл отправлен: выберите его ещё раз",
  chooseEmoji: "Выберите эмодзи",
  searchEmoji: "Найти эмодзи",
  noEmoji: "Ничего не нашлось",
  emojiGroups: "Виды эмодзи",
  emojiGroup: (number) => emojiGroups.ru[number] ?? emojiGroups.ru[SYMBOLS]!,
  otherEmoji: "Другая реакция",
  actions: "Действия с сообщением",
  reply: "Ответить",
  openThread: "Ветка",
  thread: "Ветка",
  replies: (n) => n === 0 ? "ответов пока нет" : `${n} ${plural(n, "ответ", "ответа", "ответов")}`,
  replyInThread: "Ответить в ветке",
  sendReply: "Отправить ответ",
  showInPlace: "Показать в беседе",
  replyingTo: "Ответ:",
  noReply: "Не отвечать на него",
  inReplyTo: "Ответ на:",
  edit: "Изменить",
  editText: "Изменить сообщение",
  edited: "изменено",
  save: "Сохранить",
  remove: "Удалить",
  removeAsk: "Удалить сообщение?",
  removeHint: "Текст и реакции исчезнут у всех.",
  deleted: "Сообщение удалено",
  reactions: "Реакции",
  reactWith: (emoji) => `Реакция ${emoji}`,
  others: (n) => `ещё ${n}`,
  notChanged: "Нет соединения: сообщение могло не измениться. Попробуйте ещё раз.",
  chooseMessage: "Стрелки вверх и вниз выбирают сообщение",
  later: "Придёт, когда человек вернётся",
  fresh: "Новые",
  start: "Это начало",
  nothing: "Здесь пока нет сообщений. Поздоровайтесь!",
  loading: "Загружаем…",
  chooseConversation: "Выбрать…",
  saveConversation: "Сохранить разговор",
  download: "Скачать",
  openInTab: "Открыть во вкладке",
  cannotLoad: "Сейчас не загружается. Закройте и попробуйте, когда будет соединение.",
  down: (n) => n === 0 ? "Нет соединения. Пробуем снова" : `Нет соединения. Попробуем через ${n} с`,
  dialling: "Соединяемся…",
  unsent: (n) => `${plural(n, "Не отправлено", "Не отправлены", "Не отправлено")} ${n} ${said(n)}`,
  retry: "Сейчас",
  kept: "Сообщения уйдут, когда соединение восстановится.",
  newest: "К новым сообщениям",
  unreadBelow: "Ниже есть непрочитанное",
  gap: "Часть сообщений не показана",
  fillAfter: "Показать следующие",
  fillBefore: "Показать предыдущие",
  unread: (n) => `${n} ${plural(n, "непрочитанное", "непрочитанных", "непрочитанных")} ${said(n)}`,
  mentions: (n) => n === 1 ? "вас упомянули" : `вас упомянули ${n} ${plural(n, "раз", "раза", "раз")}`,
  settings: "Настройки",
  theme: "Тема",
  themes: { auto: "Как в системе", light: "Светлая", dark: "Тёмная" },
  language: "Язык",
  keepName: "Закрепить имя",
  keepNameHint: (name) => `Имя ${name} может взять кто угодно. С паролем оно останется за вами.`,
  keepNameLater: "Соединения нет. Имя закрепится, когда оно восстановится.",
  quit: "Выйти из чата",
  logOut: "Выйти из учётной записи",
  keys: "Клавиатура",
  keyGo: "Найти комнату или человека",
  keyNext: "Предыдущая и следующая беседа",
  keySend: "Отправить; с Shift — новая строка",
  keyMessage: "В пустом поле: изменить своё последнее сообщение. В списке (Shift Tab): выбрать сообщение",
  keyActions: "Ответить на выбранное сообщение, изменить, открыть ветку, реакция, удалить",
  keyBack: "Закрыть открытое; затем к новым сообщениям и полю сообщения",
  today: "Сегодня",
  yesterday: "Вчера",
  someday: "Время неизвестно",
  dismiss: "Скрыть",
  tooLong: (n) => `Лишних символов: ${n}`,
};

/** The group whose name any other has too. */
const SYMBOLS = 8;

/** The groups of the table of emoji by their numbers; -1 are those used last, -2 those found. */
const emojiGroups: Readonly<Record<Language, Readonly<Record<number, string>>>> = {
  en: {
    [-2]: "Found",
    [-1]: "Used last",
    0: "Smileys",
    1: "People",
    3: "Animals and nature",
    4: "Food and drink",
    5: "Travel and places",
    6: "Activities",
    7: "Objects",
    8: "Symbols",
    9: "Flags",
  },
  ru: {
    [-2]: "Найдено",
    [-1]: "Недавние",
    0: "Смайлики",
    1: "Люди",
    3: "Животные и природа",
    4: "Еда и напитки",
    5: "Путешествия и места",
    6: "Занятия",
    7: "Предметы",
    8: "Символы",
    9: "Флаги",
  },
};

/** All catalogues. */
export const catalogues: Readonly<Record<Language, Words>> = { en: english, ru: russian };

/** Each language by its own name. */
export const languages: Readonly<Record<Language, string>> = { en: "English", ru: "Русский" };

/**
 * The default language: the first preferred language that the page has.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(languageOf(["fr", "ru-RU", "en"]), "ru");
 * assert.equal(languageOf([]), "en");
 * ```
 */
export function languageOf(preferred: readonly string[]): Language {
  for (const each of preferred) {
    const code = each.slice(0, 2).toLowerCase();
    if (code === "ru" || code === "en") return code;
  }
  return "en";
}

function said(n: number): string {
  return plural(n, "сообщение", "сообщения", "сообщений");
}

const guests: Readonly<Record<Language, readonly [readonly string[], readonly string[]]>> = {
  en: [
    ["brave", "bright", "calm", "gentle", "kind", "lucky", "merry", "quick", "quiet", "sunny", "warm", "wise"],
    ["badger", "finch", "fox", "hare", "heron", "lynx", "otter", "owl", "robin", "seal", "swan", "wren"],
  ],
  ru: [
    ["быстрый", "весёлый", "добрый", "мудрый", "мягкий", "светлый", "смелый", "солнечный", "спокойный", "тихий"],
    ["барсук", "бобр", "дрозд", "ёж", "журавль", "заяц", "зимородок", "лис", "лось", "снегирь", "стриж", "чиж"],
  ],
};

/**
 * Suggests a friendly name for a guest, with a number so that two guests rarely get the same.
 *
 * @param random from 0 up to 1
 */
export function suggestName(language: Language, random: () => number): string {
  const [manners, animals] = guests[language];
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)]!;
  return `${pick(manners)}-${pick(animals)}-${10 + Math.floor(random() * 90)}`;
}

/**
 * Unix seconds as a date; `undefined` if no `Date` can hold them, for example if a client sends nanoseconds. Every time
 * that is shown goes through here, because formatting an invalid date throws.
 */
export function dateOf(time: number): Date | undefined {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The time of day of Unix seconds, in the language's short form; empty for an invalid time. */
export function clockOf(time: number, language: Language): string {
  const date = dateOf(time);
  return date === undefined ? "" : format(language, { hour: "2-digit", minute: "2-digit" }).format(date);
}

/** The day of Unix seconds, in words; `now` is in seconds too. */
export function dayOf(time: number, now: number, language: Language): string {
  const { today, yesterday, someday } = catalogues[language];
  const date = dateOf(time), day = dateOf(now);
  if (date === undefined || day === undefined) return someday;
  if (isSame(date, day)) return today;
  // Not 24 hours ago: a day on which the clocks change has 23 of them, or 25.
  if (isSame(date, new Date(day.getFullYear(), day.getMonth(), day.getDate() - 1))) return yesterday;
  const year = date.getFullYear() === day.getFullYear() ? undefined : "numeric";
  return format(language, { weekday: "long", day: "numeric", month: "long", year }).format(date);
}

/** Whether two times are on the same day in the user's time zone; invalid times are on a day of their own. */
export function sameDay(one: number, other: number): boolean {
  return isSame(dateOf(one), dateOf(other));
}

function isSame(one: Date | undefined, other: Date | undefined): boolean {
  return one?.toDateString() === other?.toDateString();
}

/** A date in words: for today only the time. `now` is in Unix seconds. */
export function momentOf(date: Date, language: Language, now: number): string {
  const isToday = isSame(date, dateOf(now));
  return format(language, isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/**
 * Shows the UTC times in a text of the server by the user's clock, such as the end of a ban.
 *
 * @param now Unix seconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const said = withClock("You may not write here until 2026-11-29T01:10:34.000Z: no spam", "en", 0);
 * assert.match(said, /^You may not write here until (28|29|30) Nov 2026, \d\d:\d\d: no spam$/);
 * assert.equal(withClock("until 2026-99-99T01:10:34.000Z", "en", 0), "until 2026-99-99T01:10:34.000Z");
 * ```
 */
export function withClock(text: string, language: Language, now = Date.now() / 1000): string {
  return rewriteTimes(text, (time) => momentOf(new Date(time), language, now));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes a hundred times as long as using it, so formats are kept. */
function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options);
  formats.set(key, known);
  return known;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/**
 * A number of bytes for people.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(formatBytes(71_680, "en"), "70 kB");
 * ```
 */
export function formatBytes(bytes: number, language: Language): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  const number = bytes / 1024 ** power, maximumFractionDigits = number < 10 && power > 0 ? 1 : 0;
  return number.toLocaleString(language, {
    style: "unit",
    unit: UNITS[power],
    unitDisplay: power === 0 ? "long" : "short", // the short form of one byte is that of many
    maximumFractionDigits,
  });
}
