/** Русский. @module */
import { isoTime } from "../time.ts";
import type { JsonError } from "../json_error.ts";
import { ACTION_LIST, type Catalogue, EXAMPLE_MSG, EXAMPLE_PRESENCE, jsonErrorText } from "./words.ts";

export const russian: Catalogue = {
  refusals: {
    garbage: (r) => `Нужен объект JSON, он начинается с {, например ${EXAMPLE_PRESENCE}, а пришло ${r.got}`,
    utf16: (r) =>
      `Нужен UTF-8, а пришло ${r.got}, это похоже на ${
        r.encoding ?? "UTF-16"
      }; в .NET пишите через new UTF8Encoding(false)`,
    broken: (r) =>
      r.jsonError !== undefined
        ? invalid(r.jsonError)
        : `Объект нужно закрыть скобкой }, прежде чем начинать новое, а пришло ${r.got}`,
    big: (r) => `Нужен объект не длиннее ${r.limit} байт; этот длиннее, он пропущен`,
    deep: (r) => `Нужно не больше ${r.limit} скобок одна в другой; здесь больше, объект пропущен`,
    endless: (r) => `Большой объект должен был кончиться не позже чем через ${r.limit} байт; соединение закрывается`,
    length: (r) => `Нужны четыре байта с длиной следующего объекта, а пришло ${r.got}; соединение закрывается`,
    json: (r) =>
      r.jsonError !== undefined
        ? invalid(r.jsonError)
        : `Нужен правильный JSON, например ${EXAMPLE_MSG}, а пришло ${r.got}`,
    utf8: (r) =>
      `Нужен UTF-8, а пришёл байт ${r.character} на месте ${r.position}` +
      (r.encoding === undefined ? "" : `, это похоже на ${r.encoding}`),
    object: (r) => `Нужен объект JSON, например ${EXAMPLE_PRESENCE}, а пришло ${r.got}`,
    twice: (r) => `Нужен объект JSON, а пришла строка с ним внутри, кодируйте его один раз, а не два: ${r.got}`,
    size: (r) => `Нужен объект не длиннее ${r.limit} символов, а пришло ${r.got}`,
    action: (r) => `action: нужна строка, например "presence", "msg" или "quit", а пришло ${r.got}${length(r.length)}`,
    unknown: (r) => `action: нужно одно из ${ACTION_LIST}, а пришло ${r.got}: такого действия в JIM нет`,
    user: (r) => `user: нужен объект с account_name, например {"account_name":"ann"}, а пришло ${r.got}`,
    time: (r) => `time: нужны секунды Unix числом, а пришло ${r.got}`,
    name: (r) => `${r.at}: нужно имя от 1 до ${r.limit} символов, не с #, а пришло ${r.got}${length(r.length)}`,
    letters: (r) =>
      `${r.at}: нужны видимые символы и простые пробелы только между ними, а пришло ${r.got}, в нём ${r.character}`,
    marks: (r) =>
      `${r.at}: нужны знаки только над своими буквами, не больше четырёх и без повторов, ` +
      `а пришло ${r.got}, в нём ${r.character}`,
    room: (r) =>
      `${r.at}: нужна комната, например "#cats", от 1 до ${r.limit} символов после #, а пришло ${r.got}${
        length(r.length)
      }`,
    to: (r) => `to: нужно "#all", "#комната" или имя, а пришло ${r.got}`,
    text: (r) => `message: нужен текст, например "hello", а пришло ${r.got}`,
    long: (r) => `${r.at}: нужно не больше ${r.limit} символов, а пришло ${r.got}`,
    string: (r) => `${r.at}: нужна строка, а пришло ${r.got}`,
    presence: () => `Сначала нужно presence, например ${EXAMPLE_PRESENCE}`,
    nobody: (r) => `${r.at}: здесь нет никого с именем ${r.got}`,
    either: (r) => `with: нужна или комната, или имя, а пришло и то и другое; имя ${r.got}`,
    words: (r) => `text: нужны слова, которые искать, а пришло ${r.got}`,
    id: (r) => `${r.at}: нужен id сообщения, целое число от 0, а пришло ${r.got}`,
    limit: (r) => `limit: нужно число от 1 до 500, а пришло ${r.got}`,
    features: (r) => `features: нужен массив имён, например ["id"], а пришло ${r.got}`,
    noname: () => `user.account_name: нужно имя, например ${EXAMPLE_PRESENCE}`,
    members: (r) => `user.account_name: ${r.got} войдёт только с паролем: гостей сюда не пускают, нужно authenticate`,
    reserved: (r) => `user.account_name: ${r.got} занято учётной записью; нужно authenticate с паролем или другое имя`,
    login: (r) => `user: нет учётной записи ${r.got} с таким паролем`,
    devices: (r) => `user: ${r.got} уже подключён столько раз, сколько можно: ${r.limit}`,
    queue: (r) =>
      `user: из вашей сети уже ждут проверки ${r.limit} паролей, больше нельзя: попробуйте снова через минуту`,
    ended: () => "register: поток должен быть открыт до ответа, поэтому учётная запись не создана",
    closed: () => "Учётные записи здесь заводит оператор",
    taken: (r) => `user.account_name: имя ${r.got} уже чужое`,
    password: (r) => `user.password: нужно не меньше ${r.limit} символов`,
    account: (r) => `action: вход выполнен как ${r.got}; чтобы войти под другим именем, сначала quit`,
    noroom: (r) => `${r.at}: комнаты ${r.got} нет; её создаёт первый join`,
    outside: (r) => `${r.at}: нужна комната, в которой вы есть; сначала join в ${r.got}`,
    rooms: (r) => `room: можно быть не больше чем в ${r.limit} комнатах сразу; сначала leave`,
    newrooms: (r) =>
      `room: ожидалась уже созданная комната: из вашей сети можно создать ${r.limit} в час; следующую через ${r.got} с`,
    newaccounts: (r) =>
      `register: из вашей сети можно зарегистрировать учётных записей в час: ${r.limit}; попробуйте через ${r.got} с`,
    accountquota: (r) =>
      `message: от вас сохраняется ${r.limit} байт сообщений в день, и они исчерпаны: попробуйте снова через ${r.got} с`,
    networkquota: (r) =>
      `message: из вашей сети сохраняется ${r.limit} байт сообщений в день, и они исчерпаны: попробуйте снова через ${r.got} с`,
    everybody: () => "room: #all — общая комната, в неё нельзя войти и из неё нельзя выйти",
    writeonly: (r) => `to: ${r.got} только пишет, его программа сообщений не читает`,
    self: (r) => `to: ${r.got} — это ваше собственное имя, больше никого с ним здесь нет`,
    gone: (r) => `to: ${r.got} — гость, он уже ушёл`,
    stranger: (r) => `user_id: ${r.got} нет среди ваших контактов`,
    contacts: (r) => `user_id: контактов может быть не больше ${r.limit}, сначала удалите один из них`,
    own: (r) => `with: переписка с ${r.got} хранится только для учётных записей: нужно authenticate или register`,
    full: (r) => `Сервер заполнен: подключено ${r.limit}, попробуйте позже`,
    crowd: (r) => `С адреса ${r.got} уже ${r.limit} подключений, больше нельзя`,
    unready: () => "У сервера сейчас нет связи с другими серверами чата; подключитесь снова чуть позже",
    late: (r) => `За ${r.limit} с после подключения нужно presence, например ${EXAMPLE_PRESENCE}`,
    idle: (r) => `${r.limit} с от вас ничего не приходило; можно подключиться снова`,
    unfinished: (r) =>
      `Ожидался конец объекта: все начатые вместе могут занимать ${r.limit} байт, а этот из самых больших и давних`,
    frame: (r) => `Из этого WebSocket нельзя читать дальше: ${r.got}`,
    until: (r) => `until: нужны секунды Unix числом не больше ${r.limit}, например 1764086400, а пришло ${r.got}`,
    duration: (r) =>
      `for: нужен срок от "1s" до "520w", например "10m": s, m, h, d или w, и без until, а пришло ${r.got}`,
    beside: (r) =>
      `${r.at}: здесь не нужно, а пришло ${r.got}: ban бывает для user_id или для address, mute и kick — для user_id, ` +
      "а срок есть только у ban и mute",
    over: (r) => `until: нужно время в будущем, а пришло ${r.got}`,
    yourself: (r) => `${r.at}: нужен кто-то другой, а ${r.got} — это и вы сами`,
    ownsession: (r) =>
      `${r.at}: нужны адреса, с которых не подключены вы сами, а ${r.got} — это и другой ваш сеанс, с адреса ${r.like}`,
    lastoperator: (r) => `${r.at}: нужен кто-то другой: ${r.got} — последний оператор, который может войти`,
    alloperators: (r) =>
      `${r.at}: нужны адреса, после которых здесь останется оператор, а ${r.got} — это все, кто подключён: ${r.like}`,
    noaccount: (r) => `${r.at}: у ${r.got} нет учётной записи; оператором становится только зарегистрированное имя`,
    appointed: (r) => `${r.at}: ${r.got} уже оператор`,
    unappointed: (r) => `${r.at}: ${r.got} не оператор`,
    unbanned: (r) => `${r.at}: такого запрета для ${r.got} нет; действие bans показывает все`,
    address: (r) =>
      `address: нужен адрес без порта, например "10.0.0.7" или "2001:db8::7", или диапазон "10.0.0.0/8", а пришло ${r.got}`,
    operator: (r) => `action: ${r.got} — только для операторов, нужно authenticate`,
    inspect: () => "inspect: только для операторов, нужно authenticate или поле token: оно в файле DIR/token",
    token: () => "token: это не token работающего сервера; он в файле DIR/token, при каждом запуске новый",
    banned: (r) => `Вам сюда нельзя${end(r.until)}${why(r.why)}`,
    muted: (r) =>
      `${r.at === undefined ? "Вам" : `${r.at}: это прочтут другие, а вам`} здесь нельзя писать${end(r.until)}${
        why(r.why)
      }`,
    kicked: (r) => `Оператор закрыл ваше соединение${why(r.why)}`,
    removed: (r) => `Учётная запись ${r.got} удалена`,
    renamed: (r) => `Учётная запись ${r.got} теперь называется ${r.like}, нужно authenticate с этим именем`,
    changed: (r) => `У учётной записи ${r.got} теперь другой пароль, нужно authenticate с ним`,
    session: () =>
      "token: нужен тот, что был выдан при входе и ещё действует; войдите заново: authenticate с именем и паролем",
    revoked: (r) => `Этот вход в ${r.got} завершён; войдите заново: authenticate с паролем`,
    lookalike: (r) =>
      `user.account_name: ${r.got} выглядит как учётная запись ${r.like}; возьмите имя, которое с ней не спутать`,
    default: (r) =>
      `user.account_name: именем ${r.got} программы называют тех, кто имени не дал, поэтому учётную запись с ним может сделать только оператор`,
    undecided: () =>
      "Сервер пока не знает, будет ли это сохранено и отправлено: прежде чем повторить, посмотрите историю",
    store: () => "Сервер сейчас не может писать на диск: ничего не сохранено и не отправлено, повторите позже",
    nospace: () =>
      "На сервере больше нет места: ничего не сохранено и не отправлено; скажите оператору, он может его освободить",
  },
  jsonErrors: {
    trailing: ["лишняя запятая перед закрывающей скобкой", "уберите запятую"],
    comma: ["запятая там, где должно быть значение или ключ", "уберите запятую"],
    foreign: [(f) => f.word!, (f) => `такого слова в JSON нет, напишите ${f.expected}`],
    word: ["текст без кавычек", 'возьмите его в "двойные кавычки"'],
    expression: ["кусок программы", "подставьте значение (в Python: json.dumps от словаря, а не его текст)"],
    key: ["ключ без кавычек", 'возьмите его в "двойные кавычки"'],
    quote: ["другая кавычка вместо двойной", 'напишите " с обеих сторон (в Python: json.dumps, а не str)'],
    line: [
      "перевод строки внутри текста в кавычках",
      'напишите вместо него \\n или закройте текст кавычкой " перед ним',
    ],
    control: [
      "управляющий символ внутри текста в кавычках",
      "напишите его как \\t или \\u0000, как это делает библиотека JSON",
    ],
    escape: ["обратная косая черта перед тем, что в JSON так не пишут", "напишите две косых черты"],
    inside: ["кавычка внутри текста в кавычках", 'напишите вместо неё \\"'],
    comment: ["комментарий, а их в JSON нет", "уберите его"],
    number: ["число, которое в JSON так не пишут", "напишите его, например, как 7, -1 или 0.5, или в кавычках"],
    colon: ["после ключа стоит не двоеточие", "напишите : между ключом и значением"],
    value: ["закрывающая скобка там, где должно быть значение", "напишите значение, например null"],
    missing: ["значение или ключ без запятой перед ним", "напишите запятую"],
    unclosed: ["новый объект, а этот ещё не закончен", (f) => `закройте этот: ${f.expected}`],
    between: ["после значения стоит не запятая и не закрывающая скобка", "напишите запятую или закройте объект"],
    bracket: ["не та закрывающая скобка", (f) => `напишите ${f.expected}`],
    string: ["конец текста, а кавычка не закрыта", 'закройте её: "'],
    end: ["конец текста, а объект не закончен", (f) => f.expected ? `закройте его: ${f.expected}` : "напишите объект"],
    behind: ["что-то ещё после конца объекта", "закончите объект один раз"],
    character: ["символ, который в JSON бывает только в кавычках", "уберите его или напишите в кавычках"],
  },
  suggestion: (suggestion, misnamed) =>
    misnamed === undefined ? `может быть, "${suggestion}"?` : `может быть, вместо ${misnamed} нужно "${suggestion}"?`,
  ignored: (field, action, suggestion) => `поля ${field} в ${action} нет, оно не учтено; может быть, "${suggestion}"?`,
  notes: {
    promoted: "Теперь вы оператор",
    demoted: "Вы больше не оператор",
    lost: "(это сообщение больше не хранится)",
    time: "time: нужны секунды Unix числом, например 1764000000, поэтому взято время сервера",
    milliseconds: "time: нужны секунды Unix, а это похоже на миллисекунды: другие увидят далёкий год",
    norelays: "программа, которая пишет без перевода строки, получает ответы, но не сообщения; " +
      "заканчивайте объекты переводом строки, чтобы получать и то и другое",
  },
};

/** Сколько символов в слишком длинном тексте. */
function length(characters: number | undefined): string {
  return characters === undefined ? "" : `, в нём ${characters}`;
}

/** The reason that an operator has given. */
function why(words: string | undefined): string {
  return words === undefined ? "" : `: ${words}`;
}

/** Until when, in Unix seconds. An end that no clock will show is none. */
function end(until: number | undefined): string {
  const time = until === undefined ? undefined : isoTime(until);
  return time === undefined ? "" : ` до ${time}`;
}

function invalid(jsonError: JsonError): string {
  const { position, line, column, before, after } = jsonError, { what, advice } = jsonErrorText(russian, jsonError);
  const inLine = line === undefined ? "" : ` (строка ${line}, символ ${column})`;
  return `Нужен правильный JSON, а на месте ${position}${inLine}${around(before, after)} — ${what}; ${advice}`;
}

function around(before: string, after: string): string {
  if (before !== "" && after !== "") return `, между ${before} и ${after}`;
  if (before !== "") return `, после ${before}`;
  return after === "" ? "" : `, перед ${after}`;
}
