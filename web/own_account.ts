/** What a person does with the own account on the page, and its texts in both languages. @module */
import type { SessionRow } from "../jim/client/event.ts";
import type { Language } from "../jim/explain.ts";
import type { Refusal } from "../client/protocol/refusal.ts";

/** A request about the own account. */
export type AccountRequest =
  | { readonly action: "sessions" }
  | { readonly action: "end_session"; readonly session: string }
  | { readonly action: "change_password"; readonly password: string; readonly new_password: string }
  | { readonly action: "unregister"; readonly password: string };

/** What the page knows of the own account while its settings are open. */
export interface OwnAccount {
  readonly sessions: readonly SessionRow[] | undefined;
  /** The last request that changes something, and what has become of it. */
  readonly last:
    | { readonly action: AccountRequest["action"]; readonly state: "asked" | "done" }
    | { readonly action: AccountRequest["action"]; readonly state: "refused"; readonly why: Refusal }
    | undefined;
}

/** How the page names the browser and the system that it runs in: `Firefox, Linux`. */
export function deviceName(userAgent: string): string {
  const [browser = "Browser"] = [
    ["Edge", /Edg/],
    ["Opera", /OPR/],
    ["Firefox", /Firefox|FxiOS/],
    ["Chrome", /Chrom|CriOS/],
    ["Safari", /Safari/],
  ].find(([, pattern]) => (pattern as RegExp).test(userAgent)) as [string] | undefined ?? [];
  const [system] = [
    ["Android", /Android/],
    ["iPhone", /iPhone/],
    ["iPad", /iPad/],
    ["Windows", /Windows/],
    ["macOS", /Mac OS/],
    ["Linux", /Linux|X11/],
  ].find(([, pattern]) => (pattern as RegExp).test(userAgent)) as [string] | undefined ?? [];
  return system === undefined ? browser : `${browser}, ${system}`;
}

const english = {
  password: "Password",
  oldPassword: "Present password",
  newPassword: "New password",
  change: "Change",
  changed: "You have a new password. Your other sessions have ended.",
  changeHint: "Your other sessions end: they need the new password.",
  sessions: "Where you are logged in",
  noDevice: "a program without a name",
  thisSession: "this one",
  connected: "connected",
  lastUsed: (time: string) => `last used ${time}`,
  since: (time: string) => `since ${time}`,
  end: "End",
  ended: "The session has ended.",
  data: "Your data",
  dataHint: "All that is kept about the account, your private conversations, and what you have said: as lines of JSON.",
  saveData: "Save my data",
  reading: (count: number) => `Reading: ${count} messages`,
  saved: (count: number) => `Saved: ${count} lines.`,
  broken: "The connection has ended. Try again.",
  remove: "Delete the account",
  removeHint:
    "Your name, your contacts and what was said in private are deleted. What you have said in rooms stays there.",
  removeAsk: "Delete my account…",
  removeNow: "Delete it for good",
  keep: "Keep it",
};

const russian: typeof english = {
  password: "Пароль",
  oldPassword: "Нынешний пароль",
  newPassword: "Новый пароль",
  change: "Сменить",
  changed: "Пароль новый. Другие входы завершены.",
  changeHint: "Другие входы завершатся: им понадобится новый пароль.",
  sessions: "Где открыт вход",
  noDevice: "программа без имени",
  thisSession: "этот",
  connected: "на связи",
  lastUsed: (time) => `последний раз ${time}`,
  since: (time) => `с ${time}`,
  end: "Завершить",
  ended: "Вход завершён.",
  data: "Ваши данные",
  dataHint: "Всё, что хранится об учётной записи, личные беседы и сказанное вами: строками JSON.",
  saveData: "Сохранить мои данные",
  reading: (count) => `Читаем сообщения: ${count}`,
  saved: (count) => `Сохранено строк: ${count}.`,
  broken: "Соединение прервалось. Попробуйте ещё раз.",
  remove: "Удалить учётную запись",
  removeHint: "Имя, контакты и всё личное будут удалены. Сказанное в комнатах останется там.",
  removeAsk: "Удалить мою учётную запись…",
  removeNow: "Удалить навсегда",
  keep: "Оставить",
};

export const accountCatalogues: Readonly<Record<Language, typeof english>> = { en: english, ru: russian };
