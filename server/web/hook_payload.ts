/**
 * The text of an incoming hook: `{"text":"hello"}`, or what senders to Slack and Mattermost send: the same with attachments and
 * blocks, as JSON or as a form with the field `payload`.
 */
import type { Texts } from "../words/mod.ts";

/** What is to be said. */
export interface Payload {
  readonly text: string;
}

/** Why nothing is. */
export interface Problem {
  readonly status: 400 | 415;
  readonly problem: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Attachments, fields and blocks that are looked at. */
const PARTS = 20;
const decoder = new TextDecoder("utf-8", { fatal: true });
const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/**
 * The text in a body.
 *
 * @param type the header `Content-Type`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { catalogues } from "../words/mod.ts";
 * const read = (body: string, type = "application/json") => textIn(new TextEncoder().encode(body), type, catalogues.en.hooks);
 * assert.deepEqual(read('{"text":"done: <https://ci.example/7|build 7>"}'), { text: "done: build 7 (https://ci.example/7)" });
 * assert.deepEqual(read("payload=%7B%22text%22%3A%22hi%22%7D", "application/x-www-form-urlencoded"), { text: "hi" });
 * assert.equal((read("hello", "text/plain") as Problem).status, 415);
 * ```
 */
export function textIn(body: Uint8Array, type: string | null, texts: Texts["hooks"]): Payload | Problem {
  const media = type?.split(";", 1)[0]?.trim().toLowerCase();
  const isForm = media === "application/x-www-form-urlencoded";
  if (!isForm && media !== "application/json") return { status: 415, problem: texts.type };
  let value: unknown;
  try {
    const text = decoder.decode(body), json = isForm ? new URLSearchParams(text).get("payload") : text;
    if (json === null) return { status: 400, problem: texts.form };
    value = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return { status: 400, problem: texts.json };
    throw error;
  }
  const text = parts(value).join("\n").trim();
  return text === "" ? { status: 400, problem: texts.text } : { text };
}

/** The texts of a payload, in the order in which they are read. */
function parts(value: unknown): string[] {
  const { text, blocks, attachments } = fieldsOf(value), said = plain(text);
  // With a text, blocks say the same in another form.
  const main = said === "" ? list(blocks).flatMap(blockTexts) : [said];
  return [...main, ...list(attachments).flatMap(attachmentTexts)].filter((part) => part !== "");
}

function attachmentTexts(attachment: unknown): string[] {
  const { pretext, title, title_link: link, text, fallback, fields, blocks } = fieldsOf(attachment);
  const heading = plain(title), url = plain(link);
  const texts = [
    plain(pretext),
    url === "" ? heading : heading === "" ? url : `${heading} (${url})`,
    plain(text),
    ...list(fields).map(fieldsOf).map(({ title, value }) =>
      [plain(title), plain(value)].filter((part) => part !== "").join(": ")
    ),
    ...list(blocks).flatMap(blockTexts),
  ].filter((part) => part !== "");
  return texts.length > 0 ? texts : [plain(fallback)];
}

function blockTexts(block: unknown): string[] {
  const { text, fields, elements } = fieldsOf(block);
  const some = [text, ...list(fields), ...list(elements)].map((each) =>
    plain(typeof each === "string" ? each : fieldsOf(each).text)
  );
  return some.filter((part) => part !== "");
}

/** Links and names. None goes over the next `<`: from each one all the rest would be read, which took seconds for one text. */
const LINK = /<((?:https?|mailto):[^|<>\s]+)(?:\|([^<>]*))?>/g, NAME = /<([@#!])[^|<>\s]*\|([^<>]+)>/g;

/** A text of Slack's as plain text: links, names and the three escapes. */
function plain(value: unknown): string {
  if (typeof value !== "string") return "";
  return value.replace(LINK, (_, url, label = "") => label === "" ? url : `${label} (${url})`)
    .replace(NAME, (_, sign, label) => `${sign === "!" ? "" : sign}${label.replace(/^[@#]/, "")}`)
    .replace(/<!(here|channel|everyone)>/g, "@$1").replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]!);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, PARTS) : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}
