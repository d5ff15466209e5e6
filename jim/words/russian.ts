/** Русский. @module */
import { isoTime } from "../time.ts";
import { ACTIONS, EXAMPLE_MSG, EXAMPLE_PRESENCE, type Words } from "./words.ts";

export const russian: Words = {
  refusals: {
    garbage: (r) => `Нужен объект JSON, он начинается с {, например ${EXAMPLE_PRESENCE}, а пришло ${r.got}`,
    utf16: (r) => `Нужен UTF-8, а пришло ${r.got}, это похоже на UTF-16; в .NET пишите через new UTF8Encoding(false)`,
    broken: (r) => `Объект нужно закрыть скобкой }, прежде чем начинать новое, а пришло ${r.got}`,
    big: (r) => `Нужен объект не длиннее ${r.limit} байт; этот длиннее, он пропущен`,
    deep: (r) => `Нужно не больше ${r.limit} скобок одна в другой; здесь больше, объект пропущен`,
    endless: (r) => `Большой объект должен был кончиться не позже чем через ${r.limit} байт; соединение закрывается`,
    length: (r) => `Нужны четыре байта с длиной следующего объекта, а пришло ${r.got}; соединение закрывается`,
    json: (r) => `Нужен правильный JSON в UTF-8, например ${EXAMPLE_MSG}, а пришло ${r.got}`,
    utf8: (r) =>
      `Нужен правильный JSON в UTF-8, например ${EXAMPLE_MSG}, а пришёл байт ${r.character} на месте ${r.position}, ` +
      (r.encoding === undefined ? "это не UTF-8" : `это похоже на ${r.encoding}`),
    object: (r) => `Нужен объект JSON, например ${EXAMPLE_PRESENCE}, а пришло ${r.got}`,
    size: (r) => `Нужен объект не длиннее ${r.limit} символов, а пришло ${r.got}`,
    action: (r) => `action: нужна строка, например "presence", "msg" или "quit", а пришло ${r.got}`,
    unknown: (r) => `action: нужно одно из ${ACTIONS}, а пришло ${r.got}: такого действия в JIM нет`,
    user: (r) => `user: нужен объект с account_name, например {"account_name":"ann"}, а пришло ${r.got}`,
    time: (r) => `time: нужны секунды Unix числом, а пришло ${r.got}`,
    name: (r) => `${r.at}: нужно имя от 1 до ${r.limit} символов, не с #, а пришло ${r.got}`,
    letters: (r) =>
      `${r.at}: нужны видимые символы и простые пробелы только между ними, а пришло ${r.got}, в нём ${r.character}`,
    marks: (r) =>
      `${r.at}: нужны знаки только над своими буквами, не больше четырёх и без повторов, ` +
      `а пришло ${r.got}, в нём ${r.character}`,
    room: (r) => `${r.at}: нужна комната, например "#cats", от 1 до ${r.limit} символов после #, а пришло ${r.got}`,
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
    noname: () => `user.account_name: нужно имя, например ${EXAMPLE_PRESENCE}`,
    members: (r) => `user.account_name: ${r.got} войдёт только с паролем: гостей сюда не пускают, нужно authenticate`,
    reserved: (r) => `user.account_name: ${r.got} занято учётной записью; нужно authenticate с паролем или другое имя`,
    login: (r) => `user: нет учётной записи ${r.got} с таким паролем`,
    devices: (r) => `user: ${r.got} уже подключён столько раз, сколько можно: ${r.limit}`,
    queue: (r) =>
      `user: из вашей сети уже ждут проверки ${r.limit} паролей, больше нельзя: попробуйте снова через минуту`,
    closed: () => "register: учётные записи здесь заводит оператор",
    taken: (r) => `user.account_name: имя ${r.got} уже чужое`,
    password: (r) => `user.password: нужно не меньше ${r.limit} символов`,
    account: (r) => `action: вход выполнен как ${r.got}; чтобы войти под другим именем, сначала quit`,
    noroom: (r) => `${r.at}: комнаты ${r.got} нет; её создаёт первый join`,
    outside: (r) => `${r.at}: нужна комната, в которой вы есть; сначала join в ${r.got}`,
    rooms: (r) => `room: можно быть не больше чем в ${r.limit} комнатах сразу; сначала leave`,
    everybody: () => "room: #all — общая комната, в неё нельзя войти и из неё нельзя выйти",
    deaf: (r) => `to: ${r.got} только пишет, его программа сообщений не читает`,
    self: (r) => `to: ${r.got} — это ваше собственное имя, больше никого с ним здесь нет`,
    gone: (r) => `to: ${r.got} — гость, он уже ушёл`,
    stranger: (r) => `user_id: ${r.got} нет среди ваших контактов`,
    own: (r) => `with: переписка с ${r.got} хранится только для учётных записей: нужно authenticate или register`,
    full: (r) => `Сервер полон: подключено ${r.limit}, приходите позже`,
    crowd: (r) => `С адреса ${r.got} уже ${r.limit} подключений, больше нельзя`,
    late: (r) => `За ${r.limit} с после подключения нужно presence, например ${EXAMPLE_PRESENCE}`,
    idle: (r) => `${r.limit} с ничего не было слышно; приходите снова, когда захотите`,
    fast: (r) => `Ожидалось не больше ${r.limit} объектов в секунду: делайте между ними паузу`,
    frame: (r) => `Из этого WebSocket нельзя читать дальше: ${r.got}`,
    until: (r) => `until: нужны секунды Unix числом не больше ${r.limit}, например 1764086400, а пришло ${r.got}`,
    address: (r) => `address: нужен адрес без порта, например "10.0.0.7" или "2001:db8::7", а пришло ${r.got}`,
    operator: (r) => `action: ${r.got} — только для операторов, нужно authenticate`,
    inspect: () => "inspect: только для операторов, нужно authenticate или поле token: оно в файле DIR/token",
    token: () => "token: это не token работающего сервера; он в файле DIR/token, при каждом запуске новый",
    banned: (r) => `Вам сюда нельзя${end(r.limit)}`,
    muted: (r) => `Вам здесь нельзя писать${end(r.limit)}`,
    kicked: () => "Оператор закрыл ваше соединение",
    removed: (r) => `Учётная запись ${r.got} удалена`,
    changed: (r) => `У учётной записи ${r.got} теперь другой пароль, нужно authenticate с ним`,
    lookalike: (r) =>
      `user.account_name: ${r.got} выглядит как учётная запись ${r.like}; возьмите имя, которое с ней не спутать`,
    default: (r) =>
      `user.account_name: именем ${r.got} программы называют тех, кто имени не дал, поэтому учётную запись с ним может сделать только оператор`,
    store: () => "Сервер сейчас не может писать на диск: ничего не сохранено и не отправлено, повторите позже",
  },
  notes: {
    lost: "(это сообщение больше не хранится)",
    time: "time: нужны секунды Unix числом, не миллисекунды и не наносекунды, поэтому взято время сервера",
    deaf: "программа, которая пишет без перевода строки, получает ответы, но не сообщения; " +
      "заканчивайте объекты переводом строки, чтобы получать и то и другое",
  },
};

/** Until when, in Unix seconds. An end that no clock will show is none. */
function end(until: number | undefined): string {
  const time = until === undefined ? undefined : isoTime(until);
  return time === undefined ? "" : ` до ${time}`;
}
