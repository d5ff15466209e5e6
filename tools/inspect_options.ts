/** The command line of `inspect`: the npm package completes it, too. */
import { lang, text } from "../cli/mod.ts";
import { encryption, peer } from "../client/options.ts";

export const program = {
  name: "hanita-inspect",
  summary: {
    en: "Shows what every client of a Hanita server says and is told, and what it gets wrong.",
    ru: "Показывает, что присылает и получает каждый клиент сервера Hanita и в чём он ошибся.",
  },
  options: {
    data: text(
      {
        en: "The server's data folder, which has its token; ./data by default, on this machine.",
        ru: "Папка данных сервера, в ней его token; если не дана — ./data, для этой машины.",
      },
      undefined,
      {
        value: "DIR",
      },
    ),
    tokenFile: {
      ...text({ en: "A file with the server's token.", ru: "Файл с token сервера." }, undefined, { value: "FILE" }),
      conflictsWith: "login",
    },
    login: text(
      {
        en: "An operator's account, instead of the token; asks for its password.",
        ru: "Учётная запись оператора вместо token; пароль будет запрошен.",
      },
      undefined,
      { value: "NAME" },
    ),
    ...encryption,
    lang,
  },
  positionals: { ...peer, address: { ...peer.address, value: "HOST" } },
};
