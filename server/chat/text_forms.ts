/**
 * What a message has beyond plain JIM, as a text: a reply with the words that it answers, a file with its link. A reader is sent
 * the form for the features that it does not know.
 */
import { fileLine } from "../../jim/file_line.ts";
import type { Relay, SharedFile } from "../../jim/mod.ts";

/** The features without which a message has another text. */
export type TextFeature = "replies" | "files";

/** The text of a message for readers that lack these features, and know the others. */
export interface TextForm {
  readonly lacks: readonly TextFeature[];
  readonly message: string;
}

/** Characters of a name in a link; a longer one is left out, since the file has it anyway. */
const NAME = 100;

/** The features that a message needs to be told as it is. */
export function featuresIn({ reply_to, file }: Pick<Relay, "reply_to" | "file">): readonly TextFeature[] {
  return [...(reply_to === undefined ? [] : ["replies" as const]), ...(file === undefined ? [] : ["files" as const])];
}

/**
 * The forms of a message.
 *
 * @param quoted of a reply: its text with the quote
 * @param origin where the files of this server are, such as `http://192.168.1.5:7777`
 */
export function textForms(
  message: string,
  quoted: string | undefined,
  file: SharedFile | undefined,
  origin: string,
): readonly TextForm[] {
  const forms: TextForm[] = quoted === undefined ? [] : [{ lacks: ["replies"], message: quoted }];
  if (file === undefined) return forms;
  forms.push({ lacks: ["files"], message: withLink(message, file, origin) });
  if (quoted !== undefined) forms.push({ lacks: ["replies", "files"], message: withLink(quoted, file, origin) });
  return forms;
}

/**
 * A text with a line for a file.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const file = { name: "my cat.png", size: 71_680, type: "image/png", sha256: "", key: "NAR593IWEJ3h" };
 * assert.equal(
 *   withLink("asleep", file, "http://10.0.0.7:7777"),
 *   "asleep\n\u{1F4CE} my cat.png (70 KB) http://10.0.0.7:7777/files/NAR593IWEJ3h/my%20cat.png",
 * );
 * ```
 */
export function withLink(text: string, { name, size, key }: SharedFile, origin: string): string {
  const encoded = encodeURIComponent(name), path = encoded.length > NAME ? "" : `/${encoded}`;
  return `${text === "" ? "" : `${text}\n`}${fileLine(name, size)} ${origin}/files/${key}${path}`;
}

/** A relay as it is sent to readers that lack some features. */
export function inForm({ reply_to, file, ...relay }: Relay, { lacks, message }: TextForm): Relay {
  return {
    ...relay,
    message,
    ...(reply_to === undefined || lacks.includes("replies") ? {} : { reply_to }),
    ...(file === undefined || lacks.includes("files") ? {} : { file }),
  };
}
