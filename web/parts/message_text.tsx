/** The text of a message, with its formatting, links and mentions. Each letter of it is there, its marks too, unseen. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { partsOf, useFormatter } from "../formatter.ts";
import type { Format, Part } from "../markdown.ts";
import { linkAddress, pieces } from "../text.ts";
import { CodeBlock } from "./code_block.tsx";
import { Mark } from "./mark.tsx";

/** The elements of the formats, but of those that are made in another way. */
const ELEMENTS = {
  bold: "strong",
  italic: "em",
  strike: "s",
  code: "code",
  quote: "blockquote",
  bullets: "ul",
  numbers: "ol",
} as const satisfies Partial<Record<Format, keyof JSX.IntrinsicElements>>;

export function MessageText({ text, me }: { text: string; me: string }): JSX.Element {
  const isLoaded = useFormatter();
  const parts = useMemo(() => partsOf(text) ?? [{ text }], [text, isLoaded]);
  return (
    <div class="text" dir="auto">
      <Parts {...{ parts, me }} />
    </div>
  );
}

/** @param isLinked they are in a link, so that none of them is another one */
function Parts({ parts, me, isLinked = false }: {
  parts: readonly Part[];
  me: string;
  isLinked?: boolean;
}): JSX.Element {
  return <>{parts.map((part, at) => <PartOf key={at} {...{ part, me, isLinked }} />)}</>;
}

function PartOf({ part, me, isLinked }: { part: Part; me: string; isLinked: boolean }): JSX.Element {
  if (!("as" in part)) {
    if (part.isMark) return <Mark text={part.text} />;
    return isLinked ? <>{part.text}</> : <PlainText text={part.text} me={me} />;
  }
  const { as, parts, href } = part, inside = <Parts {...{ parts, me, isLinked: isLinked || as === "code" }} />;
  if (as === "block") return <CodeBlock parts={parts} />;
  if (as === "item") return <li value={numberOf(parts)}>{inside}</li>;
  if (as === "link") {
    const address = linkAddress(href!);
    if (address === undefined) return <>{textOf(part)}</>;
    return (
      <Link address={address}>
        <Parts {...{ parts, me, isLinked: true }} />
      </Link>
    );
  }
  const Element = ELEMENTS[as];
  return <Element>{inside}</Element>;
}

/** A text without formatting: links and mentions. */
function PlainText({ text, me }: { text: string; me: string }): JSX.Element {
  return (
    <>
      {pieces(text, me).map(({ text, href, mention }, at) =>
        href !== undefined ? <Link key={at} address={href}>{text}</Link> : mention ? <mark key={at}>{text}</mark> : text
      )}
    </>
  );
}

/** A link; the address is its tooltip, since its text may be another. */
function Link({ address, children }: { address: string; children: JSX.Element | string }): JSX.Element {
  return (
    <a href={address} title={address} target="_blank" rel="noopener noreferrer">
      <bdi>{children}</bdi>
    </a>
  );
}

/** The number of an item, as it was written. */
function numberOf(parts: readonly Part[]): number | undefined {
  const [first] = parts, number = first === undefined || "as" in first ? NaN : parseInt(first.text);
  return Number.isNaN(number) ? undefined : number;
}

function textOf(part: Part): string {
  return "as" in part ? part.parts.map(textOf).join("") : part.text;
}
