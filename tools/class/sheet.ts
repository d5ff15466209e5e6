/** The sheet with the cards of a class: a page of HTML to print and to cut up, or plain text. */
import { renderSVG } from "uqr";
import type { Language } from "../../jim/mod.ts";
import type { Texts } from "../words/english.ts";

/** What a pupil needs to come in. */
export interface Card {
  readonly name: string;
  readonly password: string;
  /** `#7b` */
  readonly room: string | undefined;
}

/** Two cards beside each other on A4, in grey, with lines to cut along. */
const STYLE = `
  @page { size: A4; margin: 12mm; }
  body { margin: 0 auto; max-width: 186mm; font: 11pt/1.35 system-ui, sans-serif; color: #000; background: #fff; }
  h2 { font-size: 13pt; margin: 6mm 0 2mm; break-after: avoid; }
  .cards { display: grid; grid-template-columns: 1fr 1fr; }
  .card { display: flex; gap: 4mm; padding: 4mm; border: 1px dashed #888; margin: 0 -1px -1px 0; break-inside: avoid; }
  .card > div { flex: 1; min-width: 0; overflow-wrap: anywhere; }
  .card svg { width: 28mm; height: 28mm; flex: none; }
  dl { margin: 0; } dt { font-size: 8pt; color: #444; } dd { margin: 0 0 1mm; }
  .name { font-weight: bold; font-size: 13pt; }
  .password { font: bold 14pt ui-monospace, monospace; white-space: nowrap; }
  .how { font-size: 8pt; margin: 1mm 0 0; }
  @media print { .note { display: none; } }`;

/**
 * The sheet as one file of HTML. It has no script, and asks nobody for anything.
 *
 * @param link the address of the page
 */
export function htmlSheet(cards: readonly Card[], link: string, language: Language, { sheet }: Texts): string {
  const code = renderSVG(link, { border: 1 });
  const groups = [...Map.groupBy(cards, ({ room }) => room)];
  const sections = groups.map(([room, cards]) =>
    [
      ...(room === undefined ? [] : [`<h2>${escaped(room)}</h2>`]),
      `<div class="cards">`,
      ...cards.map((card) => cardOf(card, code, link, sheet)),
      "</div>",
    ].join("\n")
  );
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>${escaped(sheet.title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<p class="note">${escaped(sheet.note)}</p>
${sections.join("\n")}
</body>
</html>
`;
}

function cardOf({ name, password }: Card, code: string, link: string, sheet: Texts["sheet"]): string {
  return `<div class="card"><div><dl>
<dt>${escaped(sheet.name)}</dt><dd class="name"><bdi>${escaped(name)}</bdi></dd>
<dt>${escaped(sheet.password)}</dt><dd class="password">${escaped(password)}</dd>
<dt>${escaped(sheet.address)}</dt><dd><a href="${escaped(link)}">${escaped(link)}</a></dd>
</dl><p class="how">${escaped(sheet.how)}</p></div>${code}</div>`;
}

/** The sheet as text, a block of lines for each card. */
export function textSheet(cards: readonly Card[], link: string, { sheet }: Texts): string {
  const width = Math.max(sheet.name.length, sheet.password.length, sheet.address.length, sheet.group.length) + 2;
  const row = (title: string, value: string) => `${`${title}:`.padEnd(width)}${value}`;
  const blocks = cards.map(({ name, password, room }) =>
    [
      row(sheet.name, name),
      row(sheet.password, password),
      row(sheet.address, link),
      ...(room === undefined ? [] : [row(sheet.group, room)]),
    ].join("\n")
  );
  return `${sheet.how}\n\n${blocks.join(`\n${"- ".repeat(20).trim()}\n`)}\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
