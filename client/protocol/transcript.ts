/**
 * What was said in conversations, to be read: as one HTML file that runs nothing and loads nothing, or as Markdown. It is made in
 * pieces, so that a transcript may be larger than memory. The export of a server and the page write the same.
 * @module
 */

/** A message as it is now. */
export interface TranscriptMessage {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly from: string;
  /** As a mark before the name: `+`, `*` or nothing. */
  readonly mark: string;
  /** Undefined if it was deleted. */
  readonly text: string | undefined;
  readonly isEdited: boolean;
  /** The message that it answers: its id, and its first words. */
  readonly reply: { readonly id: number; readonly words: string } | undefined;
  readonly reactions: readonly { readonly emoji: string; readonly names: readonly string[] }[];
}

/** What a transcript says by itself. */
export interface TranscriptWords {
  /** The language of the file: `en`. */
  readonly language: string;
  readonly edited: string;
  readonly deleted: string;
}

/** Makes the pieces of a transcript, in the order of the methods; conversations and their messages again and again. */
export interface TranscriptFormat {
  begin(title: string): string;
  conversation(name: string): string;
  message(message: TranscriptMessage): string;
  end(): string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Code points of the first words of a message that is answered. */
const QUOTED = 60;

/** What is shown of the parts of a message: its text, and the name of its file. */
export function textOf(text: string, file: { readonly name: string } | undefined): string {
  return [text, ...file === undefined ? [] : [`\u{1F4CE} ${file.name}`]].filter((part) => part !== "").join("\n");
}

/** The mark of a role. */
export function markOf(role: string | undefined): string {
  return role === "operator" ? "*" : role === "account" ? "+" : "";
}

/**
 * The first words of a message that is answered, with its sender.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(firstWords("ann", "Tea?\nOr coffee?"), "ann: Tea?");
 * ```
 */
export function firstWords(from: string, text: string): string {
  const points = [...text.trim().split("\n", 1)[0]!];
  return `${from}: ${points.length > QUOTED ? `${points.slice(0, QUOTED).join("")}\u2026` : points.join("")}`;
}

/** The marks of direction and control characters; all but the line's end are left out. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const STYLE = `:root{color-scheme:light dark}
body{max-width:48rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}
h1,h2{line-height:1.2}h3{margin:1.5rem 0 .5rem;border-bottom:1px solid;font-size:1rem}
article{display:grid;grid-template-columns:4rem 1fr;gap:0 .75rem;margin:.25rem 0}
time{font-variant-numeric:tabular-nums;opacity:.75}
p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}
article>:not(time){grid-column:2}article>header{grid-column:2}
.small{font-size:.875rem;opacity:.85}:target{outline:2px solid;outline-offset:2px}
@media print{article{break-inside:avoid}}`;

/**
 * One HTML file. Its policy forbids scripts, and whatever would be loaded.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const html = htmlTranscript({ language: "en", edited: "edited", deleted: "(deleted)" });
 * const message = { id: 7, time: 0, from: "eve", mark: "", text: "<b>", isEdited: false, reply: undefined, reactions: [] };
 * assert.match(html.message(message), /&lt;b&gt;/);
 * ```
 */
export function htmlTranscript({ language, edited, deleted }: TranscriptWords): TranscriptFormat {
  let day = "";
  return {
    begin: (title) =>
      `<!doctype html>\n<html lang="${language}">\n<head>\n<meta charset="utf-8">\n` +
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n` +
      `<meta name="viewport" content="width=device-width">\n<title>${escaped(title)}</title>\n` +
      `<style>\n${STYLE}\n</style>\n</head>\n<body>\n<main>\n<h1>${escaped(title)}</h1>\n`,
    conversation(name) {
      day = "";
      return `<h2><bdi>${escaped(name)}</bdi></h2>\n`;
    },
    message({ id, time, from, mark, text, isEdited, reply, reactions }) {
      const [date, clock] = localTime(time), heading = date === day ? "" : `<h3>${date}</h3>\n`;
      day = date;
      const note = isEdited ? ` <span class="small">${escaped(edited)}</span>` : "";
      const quote = reply && `<a class="small" href="#m${reply.id}" dir="auto">&#8618; ${escaped(reply.words)}</a>\n`;
      const faces = reactions.map(({ emoji, names }) => `${escaped(emoji)} ${escaped(names.join(", "))}`).join(
        " &#183; ",
      );
      const body = text === undefined
        ? `<p class="small">${escaped(deleted)}</p>`
        : `<p dir="auto">${escaped(text)}</p>`;
      return `${heading}<article id="m${id}">\n<time datetime="${isoTime(time)}">${clock}</time>\n` +
        `<header><b><bdi>${escaped(mark)}${escaped(from)}</bdi></b>${note}</header>\n${quote ?? ""}${body}\n` +
        `${faces === "" ? "" : `<div class="small">${faces}</div>\n`}</article>\n`;
    },
    end: () => "</main>\n</body>\n</html>\n",
  };
}

/**
 * Markdown. Each text is in a quote of its own, so that no text ends it or imitates a name; its own Markdown stays.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const markdown = markdownTranscript({ language: "en", edited: "edited", deleted: "(deleted)" });
 * const message = { id: 7, time: 0, from: "a*b", mark: "+", text: "# hi\n<b>", isEdited: true, reply: undefined, reactions: [] };
 * assert.match(markdown.message(message), /\*\*\\\+a\\\*b\*\* [\d:]+, edited\n\n> # hi\n> \\<b>\n\n$/);
 * ```
 */
export function markdownTranscript({ edited, deleted }: TranscriptWords): TranscriptFormat {
  let day = "";
  return {
    begin: (title) => `# ${plainMarkdown(title)}\n\n`,
    conversation(name) {
      day = "";
      return `## ${plainMarkdown(name)}\n\n`;
    },
    message({ time, from, mark, text, isEdited, reply, reactions }) {
      const [date, clock] = localTime(time), heading = date === day ? "" : `### ${date}\n\n`;
      day = date;
      const quote = reply === undefined ? "" : `> > ${plainMarkdown(reply.words)}\n>\n`;
      const body = text === undefined ? `_${plainMarkdown(deleted)}_` : withoutTags(seen(text));
      const faces = reactions.map(({ emoji, names }) => `${emoji} ${plainMarkdown(names.join(", "))}`).join(" \u00b7 ");
      return `${heading}**${plainMarkdown(`${mark}${from}`)}** ${clock}${isEdited ? `, ${edited}` : ""}\n\n${quote}` +
        `${body.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n${faces === "" ? "" : `${faces}\n\n`}`;
    },
    end: () => "",
  };
}

/** A day and a time of it, by the clock of this machine. */
function localTime(time: number): [day: string, clock: string] {
  const [day = "?", clock = "?"] = new Date(time).toLocaleString("sv-SE").split(" ");
  return [day, clock.slice(0, 5)];
}

function isoTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

function escaped(text: string): string {
  return seen(text).replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);
}

/** Without what cannot be seen and moves what follows. */
function seen(text: string): string {
  return text.toWellFormed().replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(
    UNSEEN,
    (sign) => sign === "\n" || sign === "\t" ? sign : "\ufffd",
  );
}

/** One line in which nothing is Markdown. */
function plainMarkdown(text: string): string {
  return seen(text).replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>()#+\-.!|~&:@]/g, "\\$&");
}

/** Markdown with no HTML in it. Code stays as it is: HTML in it is text. */
function withoutTags(text: string): string {
  return text.split(/(^```[^]*?^```|`[^`\n]+`)/m).map((part, i) => i % 2 === 1 ? part : part.replaceAll("<", "\\<"))
    .join("");
}
