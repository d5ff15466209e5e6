/**
 * Finds the formatting of a message: code, bold, italic, strike, quotes, lists and links. The result is a tree of the text
 * itself: all texts of its leaves together are the text again, the marks included. It makes no HTML, and takes none.
 *
 * The page loads this module later than itself (`web/formatter.ts`). It is CommonMark by `@lezer/markdown`, without HTML,
 * headings, pictures, entities and escapes, and with the rules of a chat, which this module states.
 * @module
 */
import {
  type BlockContext,
  type BlockParser,
  type DelimiterType,
  type InlineContext,
  type InlineParser,
  type LeafBlock,
  type Line,
  parser as commonMark,
} from "@lezer/markdown";

/** How a part of a text is shown. */
export type Format =
  | "bold"
  | "italic"
  | "strike"
  | "code"
  | "link"
  | "quote"
  | "bullets"
  | "numbers"
  | "item"
  | "block";

/** A part of a text. */
export type Part =
  /** Plain text; `isMark`: it says how others are shown, as `**` does, and a reader need not see it. */
  | { readonly text: string; readonly isMark?: true }
  /** `href`: the address of a link, as it was written. */
  | { readonly as: Format; readonly parts: readonly Part[]; readonly href?: string };

/** UTF-16 units of a text in which formatting is looked for; a server takes 4,000 characters by default. */
const LONGEST = 20_000;
/** Quotes and lists inside each other; what is deeper is plain text. */
const DEEPEST = 6;
/** Marks of emphasis in one paragraph: the library nests its work as deep as they are. */
const MOST_MARKS = 200;

const FORMATS: Readonly<Record<string, Format>> = {
  StrongEmphasis: "bold",
  Emphasis: "italic",
  Strikethrough: "strike",
  InlineCode: "code",
  FencedCode: "block",
  Link: "link",
  Blockquote: "quote",
  BulletList: "bullets",
  OrderedList: "numbers",
  ListItem: "item",
};
const MARKS: ReadonlySet<string> = new Set([
  "EmphasisMark",
  "CodeMark",
  "CodeInfo",
  "LinkMark",
  "QuoteMark",
  "ListMark",
]);
const BLOCKS: ReadonlySet<Format> = new Set(["block", "quote", "bullets", "numbers", "item"]);

/**
 * Scripts in which words have no spaces around them, or endings that follow a mark. In others a mark inside a word is text:
 * `2*3*4`, `snake_case`.
 */
const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}`;
const BEFORE = new RegExp(String.raw`^$|[\s\p{Ps}\p{Pi}\p{Pf}\p{Pd}"'.,:;!?…。，、*_~${UNSPACED}]`, "u");
const BEHIND = new RegExp(String.raw`^$|[\s\p{Pe}\p{Pi}\p{Pf}\p{Pd}"'.,:;!?…。，、*_~${UNSPACED}]`, "u");

const bold: DelimiterType = { resolve: "StrongEmphasis", mark: "EmphasisMark" };
const italic: DelimiterType = { resolve: "Emphasis", mark: "EmphasisMark" };
const underscore: DelimiterType = { resolve: "Emphasis", mark: "EmphasisMark" };
const strike: DelimiterType = { resolve: "Strikethrough", mark: "EmphasisMark" };

/** The marks of emphasis, by their signs. `__init__` stays as it is: it is a name more often than it is bold. */
const EMPHASIS: Readonly<Record<string, readonly DelimiterType[]>> = {
  "*": [italic],
  "**": [bold],
  "***": [bold, italic],
  "_": [underscore],
  "~~": [strike],
};

const marksIn = new WeakMap<InlineContext, number>();

/** Emphasis begins and ends at a word's edge, so that a product or a name keeps its signs. */
const emphasis: InlineParser = {
  name: "Emphasis",
  parse(context, next, at) {
    if (next !== CODE["*"] && next !== CODE._ && next !== CODE["~"]) return -1;
    if (context.char(at - 1) === next) return -1; // inside a run of signs that mean nothing
    let end = at;
    while (context.char(end) === next) end++;
    const types = EMPHASIS[context.slice(at, end)];
    if (types === undefined) return -1;
    const before = lastOf(context.slice(at - 2, at)), behind = firstOf(context.slice(end, end + 2));
    const opens = behind !== "" && !/\s/.test(behind) && BEFORE.test(before);
    const closes = before !== "" && !/\s/.test(before) && BEHIND.test(behind);
    const marks = (marksIn.get(context) ?? 0) + 1;
    if (marks > MOST_MARKS || !(opens || closes)) return -1;
    marksIn.set(context, marks);
    const isEnd = closes && types.every((type) => context.findOpeningDelimiter(type) !== null);
    let from = at;
    for (const type of isEnd ? types.toReversed() : types) {
      const to = types.length === 1 ? end : from + (type === bold ? 2 : 1);
      from = context.addDelimiter(type, from, to, opens && !isEnd, closes);
    }
    return end;
  },
};

/** A bare address: no sign in it is a mark. Its link is found later, as in any plain text. */
const address: InlineParser = {
  name: "Address",
  before: "Emphasis",
  parse(context, next, at) {
    if (next !== CODE.h && next !== CODE.H) return -1;
    const found = ADDRESS.exec(context.slice(at, context.end));
    return found === null ? -1 : at + found[0].replace(ADDRESS_TAIL, "").length;
  },
};
const ADDRESS = /^https?:\/\/[^\s<>`]+/i, ADDRESS_TAIL = /[*_~.,:;!?'")\]]+$/;

/** `[text](address)`. A text that is an address itself could lead elsewhere than it says, so it is no link. */
const link: InlineParser = {
  name: "Link",
  parse(context, next, at) {
    if (next !== CODE["["]) return -1;
    const found = LINK.exec(context.slice(at, Math.min(context.end, at + LONGEST_LINK)));
    if (found === null || DECEPTIVE.test(found[1]!)) return -1;
    const [whole, text] = found, end = at + whole.length, textEnd = at + 1 + text!.length;
    return context.addElement(context.elt("Link", at, end, [
      context.elt("LinkMark", at, at + 1),
      ...context.parser.parseInline(text!, at + 1),
      context.elt("LinkMark", textEnd, end),
    ]));
  },
};
const LINK = /^\[([^[\]\n]+)\]\(((?:https?:\/\/|mailto:)(?:[^\s()<>]|\([^\s()<>]*\))+)\)/i;
const LONGEST_LINK = 3_000, DECEPTIVE = /:\/\/|^\s*www\./i;

/**
 * A line that CommonMark would take for a block and a chat would not: `>_<`, `+ 1`, `2016. A good year`, lines that are
 * indented as code is, and blocks too deep inside each other.
 */
const plainLine: BlockParser = {
  name: "PlainLine",
  before: "FencedCode",
  parse(context, line) {
    const start = line.text.slice(line.pos);
    const isPlain = line.indent >= line.baseIndent + 4 || /^(?:>[^ \n]|\+\s|\d{4,}[.)])/.test(start) ||
      context.depth > DEEPEST && /^(?:>|[*-]\s|\d{1,3}[.)])/.test(start);
    if (!isPlain) return false;
    const from = context.lineStart + line.pos;
    context.addElement(context.elt("Paragraph", from, from + start.length, context.parser.parseInline(start, from)));
    context.nextLine();
    return true;
  },
};

/** In a quote or a list a paragraph ends with its line: a line without `>` is not quoted. */
const oneLine: BlockParser = {
  name: "OneLine",
  leaf: (context) => context.depth > 1 ? { nextLine: (...given) => finishLeaf(...given), finish: () => false } : null,
};

function finishLeaf(context: BlockContext, _line: Line, leaf: LeafBlock): boolean {
  const { start, content } = leaf, inside = context.parser.parseInline(content, start);
  context.addLeafElement(leaf, context.elt("Paragraph", start, start + content.length, inside));
  return true;
}

const parser = commonMark.configure({
  remove: [
    ...["LinkReference", "IndentedCode", "HorizontalRule", "ATXHeading", "SetextHeading", "HTMLBlock"],
    ...["Escape", "Entity", "HTMLTag", "HardBreak", "Image", "LinkEnd"],
  ],
  defineNodes: ["Strikethrough"],
  parseBlock: [plainLine, oneLine],
  parseInline: [emphasis, link, address],
});

/** The signs that the parsers look for. */
const CODE = { "*": 42, "[": 91, "_": 95, "~": 126, H: 72, h: 104 } as const;

type Node = NonNullable<ReturnType<typeof parser.parse>["topNode"]>;

/**
 * Parses a text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parse("so **very** long"), [
 *   { text: "so " },
 *   { as: "bold", parts: [{ text: "**", isMark: true }, { text: "very" }, { text: "**", isMark: true }] },
 *   { text: " long" },
 * ]);
 * assert.deepEqual(parse("2*3*4 <b>"), [{ text: "2*3*4 <b>" }]);
 * ```
 */
export function parse(text: string): Part[] {
  if (text.length > LONGEST) return [{ text }];
  const parts = partsOf(parser.parse(text).topNode, text);
  return parts.some(isSeen) ? parts : [{ text }]; // `-` alone is no list
}

function isSeen(part: Part): boolean {
  return "as" in part ? part.parts.some(isSeen) : !part.isMark;
}

/** The parts of a node, with what its children leave. */
function partsOf(node: Node, source: string): Part[] {
  const parts: Part[] = [];
  let at = node.from;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    add(parts, source.slice(at, child.from));
    at = child.to;
    const { name } = child.type, as = FORMATS[name], text = source.slice(child.from, child.to);
    if (MARKS.has(name)) at = addMark(parts, name, source, child.from, child.to, node.to);
    else if (as === "link") parts.push({ as, parts: partsOf(child, source), href: LINK.exec(text)![2]! });
    else if (as === "block") parts.push({ as, parts: codeOf(child, source) });
    else if (as === "bullets" || as === "numbers") parts.push({ as, parts: itemsOf(child, source) });
    else if (as !== undefined) parts.push({ as, parts: partsOf(child, source) });
    else {for (const part of partsOf(child, source)) {
        "as" in part || part.isMark ? parts.push(part) : add(parts, part.text);
      }}
  }
  add(parts, source.slice(at, node.to));
  return withoutEdges(parts);
}

/** Adds plain text, to the plain text before it if there is some. */
function add(parts: Part[], text: string): void {
  const last = parts.at(-1);
  if (text === "") return;
  if (last !== undefined && !("as" in last) && !last.isMark) parts[parts.length - 1] = { text: last.text + text };
  else parts.push({ text });
}

/** Adds a mark with the white space that belongs to it, and returns its end. */
function addMark(parts: Part[], name: string, source: string, from: number, to: number, end: number): number {
  if (name === "QuoteMark" && source[to] === " ") to++;
  while (name === "ListMark" && to < end && /[ \t]/.test(source[to]!)) to++;
  parts.push({ text: source.slice(from, to), isMark: true });
  return to;
}

/** The items of a list. What is between two of them ends the first: a list has nothing but items. */
function itemsOf(node: Node, source: string): Part[] {
  const items: { readonly as: "item"; readonly parts: Part[] }[] = [];
  for (const part of partsOf(node, source)) {
    if ("as" in part && part.as === "item") items.push({ as: "item", parts: [...part.parts] });
    else items.at(-1)!.parts.push(part);
  }
  return items;
}

/** A block of code: what is no code in it is a mark, the ends of lines beside the fences too. */
function codeOf(node: Node, source: string): Part[] {
  const parts: Part[] = [];
  let at = node.from;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.type.name !== "CodeText") continue;
    if (child.from > at) parts.push({ text: source.slice(at, child.from), isMark: true });
    add(parts, source.slice(child.from, child.to));
    at = child.to;
  }
  if (node.to > at) parts.push({ text: source.slice(at, node.to), isMark: true });
  return parts;
}

/** A block stands on lines of its own: the ends of lines around it, and an empty line, would be a gap. */
function withoutEdges(parts: readonly Part[]): Part[] {
  const isBlock = (part: Part | undefined) => part !== undefined && "as" in part && BLOCKS.has(part.as);
  return parts.flatMap((part, at): Part[] => {
    if ("as" in part || part.isMark) return [part];
    let { text } = part, before = "", behind = "";
    if (isBlock(parts[at - 1])) [before] = /^(?:[ \t]*\n){0,2}/.exec(text)!;
    text = text.slice(before.length);
    if (isBlock(parts[at + 1])) [behind] = /(?:(?:^|\n)[ \t]*)?$/.exec(text)!;
    text = text.slice(0, text.length - behind.length);
    const all: Part[] = [{ text: before, isMark: true }, { text }, { text: behind, isMark: true }];
    return all.filter((each) => "text" in each && each.text !== "");
  });
}

function firstOf(text: string): string {
  return [...text][0] ?? "";
}

function lastOf(text: string): string {
  return [...text].at(-1) ?? "";
}
