/** What the dialog that saves a conversation says, and the file. */
import type { Language } from "../jim/explain.ts";
import { plural } from "../jim/words/plural.ts";

const english = {
  save: "Save a conversation",
  conversation: "Conversation",
  since: "From",
  until: "Until",
  format: "Format",
  formats: { html: "One page (HTML)", markdown: "Markdown" },
  hint: "Without times all of it is saved. Deleted texts are not in it.",
  reading: (count: number) => `Reading: ${count === 1 ? "1 message" : `${count} messages`}`,
  saved: (count: number) => count === 1 ? "Saved: 1 message." : `Saved: ${count} messages.`,
  broken: "The connection has ended. Try again.",
  title: (place: string) => `What was said: ${place}`,
  transcript: { language: "en", edited: "edited", deleted: "(deleted)" },
};

const russian: typeof english = {
  save: "Сохранить беседу",
  conversation: "Разговор",
  since: "С",
  until: "До",
  format: "Формат",
  formats: { html: "Одна страница (HTML)", markdown: "Markdown" },
  hint: "Без времени сохраняется всё. Удалённых текстов в файле нет.",
  reading: (count) => `Читаем сообщения: ${count}`,
  saved: (count) => `Сохранено ${count} ${plural(count, "сообщение", "сообщения", "сообщений")}.`,
  broken: "Соединение прервалось. Попробуйте ещё раз.",
  title: (place) => `Что было сказано: ${place}`,
  transcript: { language: "ru", edited: "исправлено", deleted: "(удалено)" },
};

export const transcriptCatalogues: Readonly<Record<Language, typeof english>> = { en: english, ru: russian };
