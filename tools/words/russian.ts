/** What the tools for an operator and a teacher say, in Russian. @module */
import type { Texts } from "./english.ts";

export const russian: Texts = {
  nameExpected: (command, got) => `после ${command} нужно имя от 1 до 25 символов, а не ${got}`,
  long: (quoted, length) => `${quoted}, в нём ${length}`,
  newNameExpected: (got) => `после старого имени нужно новое от 1 до 25 символов, а не ${got}`,
  oneNameExpected: (got) => `нужно одно имя, а там ещё ${got}`,
  noNameExpected: (got) => `после list имя не нужно, а там ${got}`,
  onlyWith: (option, commands, got) => `${option} бывает только с ${commands.join(" или ")}, а не с ${got}`,
  hasAccount: (name) => `у ${name} уже есть учётная запись`,
  noAccount: (name) => `у ${name} нет учётной записи`,
  noAccountAnyMore: (name) => `у ${name} больше нет учётной записи`,
  isOperator: (name) => `${name} и так оператор`,
  isNoOperator: (name) => `${name} и так не оператор`,
  lastOperator: (name) => `${name} — последний оператор: сначала назначьте другого (promote) или добавьте --force`,
  added: (name) => `учётная запись ${name} создана`,
  removed: (name) => `учётная запись ${name} удалена`,
  renamed: (name, newName) => `${name} теперь ${newName}`,
  taken: "это имя другой учётной записи",
  promoted: (name) => `${name} теперь оператор`,
  demoted: (name) => `${name} больше не оператор`,
  oneTimePassword: (password) => `пароль для первого входа: ${password}`,
  newPassword: (name) => `у ${name} новый пароль`,
  lookalike: (name, other) => `Внимание: ${name} выглядит как учётная запись ${other}`,
  loggedOut: (name, tokens) => `${name}: все сессии завершены (${tokens})`,
  noTokens: (name) => `у ${name} нет сессий`,
  token: (since, used, device) => `вход ${since}  последний раз ${used}${device}`,
  noAccounts: "учётных записей нет",
  brokerSilent: "Нет ответа от брокера, или серверы возвращают ему то, что он потерял; попробуйте ещё раз",
  chatNotBegun: "Чат у брокера ещё не начат: сначала запустите сервер",
  changeUnknown: "Брокер не ответил: изменение, возможно, всё же сделано; проверьте командой list",
  damagedRecords: (count) => `Внимание: повреждённых записей: ${count}; какие, покажет deno task check`,
  roles: { operator: "оператор      ", account: "учётная запись", bot: "бот           " },
  password: (least) => `Пароль (не короче ${least} символов): `,
  passwordOf: (name) => `Пароль ${name}: `,
  onceMore: "Ещё раз: ",
  another: (flaw) => `${flaw}; наберите другой или нажмите Ctrl-C`,
  passwordsDiffer: "пароли разные",
  longPassword: (most, length) => `нужен пароль не длиннее ${most} символов, а в нём ${length}`,
  shortPassword: (least) => `нужен пароль не короче ${least} символов`,
  passwordNotUtf8: (encoding) =>
    `нужен пароль в UTF-8, а это ${encoding === undefined ? "другая кодировка" : `похоже на ${encoding}`}`,

  lists: {
    line: (line) => `строка ${line}`,
    notUtf8: (encoding) =>
      `нужна кодировка UTF-8, а это ${encoding === undefined ? "другая" : `похоже на ${encoding}`}`,
    openQuote: "кавычки бывают только вокруг целого поля, и в его конце нужна вторая",
    tooManyFields: (fields) => `нужно имя или имя и группа, а полей ${fields}`,
    commonRoom: (got) => `группе нужна своя комната, а ${got} — общая`,
    sameName: (name, other, line) => `${name} — то же имя, что ${other} в строке ${line}`,
    looksLike: (name, other, line) => `${name} выглядит как ${other} в строке ${line}`,
    looksLikeAccount: (name, other) => `${name} выглядит как учётная запись ${other}`,
    roomOfOthers: (room, owner) => `комната ${room} уже есть, и это не закрытая комната, которой владеет ${owner}`,
    noOwner: (name) => `--owner: у ${name} нет учётной записи, создайте её: deno task account add`,
    botAsOwner: (name) => `--owner: ${name} — бот, а нужен человек`,
    empty: "нужен список, в каждой строке имя, а он пуст",
    tooLong: (most, got) => `в списке может быть не больше ${most} имён, а их ${got}`,
    nothing: (wrong) => `ничего не создано, неверных строк: ${wrong}; исправьте их или пропустите с --skip`,
    noneLeft: "ничего не создано: неверны все строки",
    leftOut: (wrong) => `пропущено строк: ${wrong}`,
    noRooms: (groups) => `Комнаты для групп (${groups}) не создаются: назовите их владельца, --owner ИМЯ`,
    link: (link) => `На карточках адрес страницы сервера, ${link}; другой задаёт --link URL`,
    guessedLink: (link) =>
      `На карточках адрес ${link}: сервер со страницей здесь не запускался, так что проверьте адрес или задайте --link URL`,
    cannotRead: (file, why) => `Не прочитать "${file}": ${why}`,
    cannotWrite: (file, why) => `Не записать "${file}": ${why}; ничего не создано`,
    sheetExists: (file) => `Не записать "${file}": такой файл уже есть; назовите другой (--sheet) или добавьте --force`,
    notPermitted: (file, flags) =>
      `Нет разрешения на "${file}": запустите deno run -P=class ${flags} tools/class.ts с теми же аргументами`,
    created: (accounts, rooms) => `создано учётных записей: ${accounts}, комнат: ${rooms}`,
    cardsIn: (file) => `карточки в "${file}"`,
    roomsFailed: "учётные записи созданы, комнаты нет",
    changed: "ничего не создано: одно из имён только что заняли; попробуйте ещё раз",
    badLink: (got) => `--link: нужен адрес, например http://192.168.1.5:8080/, а не ${got}`,
    largeFile: (most) => `в списке может быть не больше ${most} байтов`,
    notGranted: (file) => `Нет разрешения на "${file}": нужен файл рядом со списком или названный в --sheet`,
  },
  sheet: {
    title: "Входы",
    note: "Напечатайте, разрежьте и удалите файл: каждая карточка — это вход.",
    name: "Имя",
    password: "Пароль для первого входа",
    address: "Адрес",
    group: "Комната",
    how: "Откройте адрес, выберите «Вход», введите имя и пароль. Потом придумайте свой пароль.",
  },

  export: {
    date: (got) => `--since: нужен день, например 2026-11-29, или время, например 2026-11-29T16:45, а не ${got}`,
    noRoom: (got) => `--room: комнаты ${got} нет; без --room будут все комнаты`,
    leftOut: (count) =>
      `повреждено или записано более новой Hanita, пропущено: ${count}; какие — скажет deno task check`,
    cannotWrite: (why) => `Не удалось записать: ${why}`,
    transcript: { language: "ru", title: "Что было сказано", edited: "исправлено", deleted: "(удалено)" },
  },

  whole: (path, counts) => `${path}: всё цело; ${counts}`,
  faulty: (path, faults, counts) => `${path}: повреждений ${faults}; цело: ${counts}`,
  counts: (messages, records) => `сообщений ${messages}, других записей ${records}`,
  files: (files) => `, файлов ${files}`,
  newer: (count) => `записей от более новой Hanita, эта их пропускает: ${count}`,
  faults: {
    file: (detail) => `файл: ${detail}`,
    records: (after, detail) => `записи после номера ${after} не читаются: ${detail}`,
    messages: (after, detail) => `сообщения после номера ${after} не читаются: ${detail}`,
    record: (id, kind) => `запись ${id} (${kind}) повреждена`,
    run: (first, last, count) =>
      count === 1 ? `сообщение ${first} повреждено` : `сообщения с ${first} по ${last} (${count}) повреждены`,
    message: (after) => `сообщение после номера ${after} повреждено`,
    missingFile: (id, hash) => `файла ${hash} из сообщения ${id} нет`,
    damagedFile: (id, hash) => `файл ${hash} из сообщения ${id} повреждён`,
    end: (last, noted, wal) =>
      `нет конца: последний номер ${last}, а был уже ${noted}; файл ${wal} удалён или обрезан, последняя секунда потеряна при отключении питания, или это старая копия`,
  },

  backedUp: (file, counts, files, megabytes) => `${file}: копия цела; ${counts}, файлов ${files}, ${megabytes} МБ`,
  backupExists: (file) => `Не записать "${file}": такой файл уже есть, нужно новое имя`,
  backupOfFaulty: (data, faults) =>
    `Не скопировать "${data}": повреждений в базе данных ${faults}; какие, покажет deno task check`,
  backupNotPermitted: (data, folder) =>
    `Нет прав; нужно deno run -P=backup --allow-read=${data},${folder} --allow-write=${folder} tools/backup.ts, ` +
    "с теми же словами дальше",
  cannotBackUp: (file, why) => `Не удалось сделать "${file}": ${why}`,
  restored: (data, time, files) => `В "${data}" чат, каким он был ${time}, файлов ${files}`,
  movedAside: (folder) => `то, что там было, лежит в "${folder}"`,
  restoreInUse: (data) => `Не восстановить в "${data}": там работает сервер; сначала остановите его`,
  restoreOverChat: (data) =>
    `Не восстановить в "${data}": там уже есть чат; нужна пустая папка или --replace, чтобы отложить его в сторону`,
  restoreNotPermitted: (file, data) =>
    `Нет прав; нужно deno run -P=restore --allow-read=${data},${file} --allow-write=${data} tools/restore.ts, ` +
    "с теми же словами дальше",
  cannotRestore: (file, why) => `Не удалось восстановить "${file}": ${why}`,
  archive: {
    cutOff: (file) => `Не восстановить "${file}": файл обрезан`,
    noBackup: (file) => `Не восстановить "${file}": это не копия Hanita`,
    damaged: (file) => `Не восстановить "${file}": файл повреждён, контрольная сумма не сходится`,
    newer: (file) => `Не восстановить "${file}": его сделала более новая Hanita; нужна она`,
  },

  configRight: (file) => `${file}: ошибок нет`,
  defaultValue: "по умолчанию",

  closed: "Сервер закрыл соединение",
  tokenExpected: "Нужен --token-file FILE или --login NAME оператора",
  tokenNotPermitted: (file) => `Не читается ${file}: нет прав; добавьте к "deno run" --allow-read=./data,${file}`,
  noToken: (file, why) => `Не читается ${file}: ${why}; нужна --data DIR сервера, --token-file или --login`,
  refused: "отказано",
  skipped: (what) => `Сервер присылает то, чего эта программа не знает (${what}): это пропускается`,
  skippedInAll: (n) => `пропущено объектов: ${n}`,

  pair: (peer) => `Каждая строка — сообщение всем на ${peer}, команд здесь нет. Выйти: Ctrl-D или Ctrl-C.`,
  cannotStart: (why) => `Клиент не запущен: команда «deno» не выполняется: ${why}`,
  noCrowd: (size, joined) => `Подключились не все клиенты: ${joined} из ${size}`,
  crowd: (clients, sent, received, expected, seconds, lost, doubled, failed) =>
    `Клиентов ${clients}: отправлено ${sent}, получено ${received} из ${expected} за ${seconds} с, ` +
    `потеряно ${lost}, лишних ${doubled}, с ошибкой завершилось клиентов: ${failed}`,
  progress: (done, all, what) => `${what === "joined" ? "в чате" : "получено"} ${done} из ${all}`,
};
