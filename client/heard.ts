// What servers say. A client meets more of them than one, and the original's own say less than JIM asks for: answers
// without a code, codes as strings, messages in the words of half a dozen lessons. So this reader forgives what the
// server's reader, which teaches, must not.

/** One object of a server, as far as a chat needs to know. */
export type Heard =
  /** Somebody said something. `time` is milliseconds, `undefined` where nobody could read it. */
  | { readonly what: "message"; readonly from: string; readonly text: string; readonly time: number | undefined }
  /** The answer to what was asked; `jim` says that it comes from a server that takes many objects at once. */
  | { readonly what: "answer"; readonly words: string; readonly refused: boolean; readonly jim: boolean }
  /** The server speaks to everybody: it is closing, say. */
  | { readonly what: "notice"; readonly words: string }
  /** The server asks whether we are there. */
  | { readonly what: "probe" }
  /** Something that this client has no use for. */
  | { readonly what: "other" };

type Fields = Readonly<Record<string, unknown>>;

/** The handout's own list spells `prоbe` with a Cyrillic о. */
const PROBES: ReadonlySet<unknown> = new Set(["probe", "pr\u043ebe"]);

/**
 * Reads one object.
 *
 * @param json one object
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(heard('{"time":1,"alert":"ok"}'), { what: "answer", words: "ok", refused: false, jim: false });
 * assert.deepEqual(heard('{"action":"message","sender":"ann","mess_text":"hi","time":"2"}'), {
 *   what: "message",
 *   from: "ann",
 *   text: "hi",
 *   time: 2000,
 * });
 * ```
 */
export function heard(json: string): Heard {
  const fields = fieldsOf(json);
  if (fields === undefined) return { what: "other" };
  if (fields.action === undefined) return answer(fields);
  if (PROBES.has(fields.action)) return { what: "probe" };
  const text = fields.message ?? fields.mess_text ?? fields.message_text;
  if ((fields.action !== "msg" && fields.action !== "message") || text === undefined) return { what: "other" };
  const from = fields.from ?? fields.sender ?? fields.account_name ?? "";
  return { what: "message", from: words(from), text: words(text), time: milliseconds(fields.time) };
}

function fieldsOf(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** By its code; without one, an `error` means failure and anything else is OK. */
function answer({ response, error, alert, message, jim }: Fields): Heard {
  const code = response === undefined || response === null ? undefined : Number(response);
  const said = words(error ?? alert ?? message ?? "");
  if (code !== undefined && code >= 100 && code < 200) return { what: "notice", words: said };
  const refused = code === undefined ? error !== undefined : !(code < 400);
  return { what: "answer", words: said === "" ? words(response ?? "") : said, refused, jim: jim === 1 };
}

function words(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Unix seconds as a number or as a string, or a date-time; nobody can read ` 11:47PM`. */
function milliseconds(time: unknown): number | undefined {
  if (typeof time !== "number" && (typeof time !== "string" || time.trim() === "")) return undefined;
  const seconds = Number(time);
  const read = new Date(Number.isNaN(seconds) ? Date.parse(String(time)) : seconds * 1000).getTime();
  return Number.isNaN(read) ? undefined : read;
}
