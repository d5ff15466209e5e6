import assert from "node:assert/strict";
import { clockOf, dateOf, dayOf, sameDay } from "../../web/formats.ts";
import { catalogues, languageOf, suggestName } from "../../web/words.ts";
import { isName } from "../../jim/mod.ts";
import { may } from "../may.ts";

/** Each text of a catalogue by its path; functions with a number and with a text. */
function texts(of: object, path = ""): [string, string][] {
  return Object.entries(of).flatMap(([key, value]): [string, string][] => {
    const at = `${path}.${key}`;
    if (typeof value === "function") return [0, 1, 2, 5, 21].map((n) => [`${at}(${n})`, value(n)]);
    return typeof value === "string" ? [[at, value]] : texts(value, at);
  });
}

Deno.test("catalogues have the same texts in every language, none of them empty, all of them translated", () => {
  const english = new Map(texts(catalogues.en)), russian = new Map(texts(catalogues.ru));
  assert.deepEqual([...russian.keys()], [...english.keys()]);
  for (const [path, text] of russian) {
    assert.notEqual(text.trim(), "", path);
    if (path !== ".title") assert.match(text, /[а-яё]/i, path);
  }
  for (const [path, text] of english) assert.match(text, /[a-z]/i, path);
});

Deno.test("languageOf takes the reader's first language that there is", () => {
  assert.deepEqual([["ru"], ["de", "ru-RU", "en"], ["EN-us", "ru"], ["de"], []].map(languageOf), [
    "ru",
    "ru",
    "en",
    "en",
    "en",
  ]);
});

Deno.test("suggestName makes names that the server takes, in either language", () => {
  for (const language of ["en", "ru"] as const) {
    for (let n = 0; n < 1; n += 0.001) {
      const name = suggestName(language, () => n);
      assert.ok(isName(name), name);
    }
  }
});

Deno.test("dayOf says today and yesterday, a day of this year without its year, and one of another with it", () => {
  const noon = new Date(2026, 2, 1, 12).getTime() / 1000, day = 86_400;
  assert.equal(dayOf(noon - 3_600, noon, "en"), "Today");
  assert.equal(dayOf(noon - day, noon, "ru"), "Вчера");
  assert.match(dayOf(noon - 20 * day, noon, "en"), /^Monday,? 9 February$/);
  assert.match(dayOf(noon - 400 * day, noon, "ru"), /25 января 2025/);
  assert.equal(clockOf(noon, "en"), "12:00");
  assert.equal(sameDay(noon, noon + 43_199), true);
  assert.equal(sameDay(noon, noon + 43_200), false);
});

Deno.test("dayOf goes by the calendar over a night in which the clocks change", { ignore: !may("env") }, () => {
  const zone = Deno.env.get("TZ");
  try {
    Deno.env.set("TZ", "Europe/Berlin");
    const at = (month: number, day: number, hour: number, minute = 0) =>
      new Date(2026, month, day, hour, minute).getTime() / 1000;
    // The 29th of March has 23 hours there, the 25th of October 25.
    assert.equal(dayOf(at(2, 28, 23, 30), at(2, 30, 0, 15), "en"), "Saturday 28 March");
    assert.equal(dayOf(at(2, 29, 0, 30), at(2, 30, 0, 15), "en"), "Yesterday");
    assert.equal(dayOf(at(9, 25, 0, 15), at(9, 26, 0, 30), "en"), "Yesterday");
    assert.equal(dayOf(at(9, 24, 23, 59), at(9, 25, 23, 59), "en"), "Yesterday");
    assert.equal(dayOf(at(11, 31, 23), new Date(2027, 0, 1, 1).getTime() / 1000, "en"), "Yesterday");
  } finally {
    if (zone === undefined) Deno.env.delete("TZ");
    else Deno.env.set("TZ", zone);
  }
});

Deno.test("what no Date can hold has no clock, and a day without a date", () => {
  for (const time of [1764000000123456789, 8.64e12 + 1, -1e300, NaN, Infinity]) {
    assert.deepEqual([dateOf(time), clockOf(time, "en")], [undefined, ""]);
    assert.equal(dayOf(time, 0, "en"), "At an unknown time");
    assert.equal(sameDay(time, 0), false);
  }
  for (const time of [8.64e12, -8.64e12, -5, 0.25]) assert.match(clockOf(time, "en"), /^\d\d:\d\d$/);
});
