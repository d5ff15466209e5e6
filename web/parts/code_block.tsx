/** A block of code: a button copies it, and a long one is folded. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Part } from "../markdown.ts";
import { copyText } from "../copy_text.ts";
import { useApp } from "./context.ts";
import { Icon } from "./icons.tsx";
import { Mark } from "./mark.tsx";

/** Lines, and UTF-16 units, of a block that is shown whole. A folded one shows twelve lines, as the style sheet says. */
const LINES = 16, LENGTH = 1_500;

export function CodeBlock({ parts }: { parts: readonly Part[] }): JSX.Element {
  const { words } = useApp();
  const [isOpen, setOpen] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const element = useRef<HTMLElement>(null);
  const code = parts.map((part) => "as" in part || part.isMark ? "" : part.text).join("");
  const lines = code.split("\n").length, isLong = lines > LINES || code.length > LENGTH;
  const copyLabel = isCopied ? words.copied : words.copyCode;
  const foldLabel = isOpen ? words.fold : words.unfold(lines);

  async function copy(): Promise<void> {
    setCopied(await copyText(code, element.current!));
  }

  return (
    <div class={`code ${isLong && !isOpen ? "folded" : ""}`} dir="ltr">
      {/* Lines are as long as they are: the keyboard scrolls them, too. */}
      <pre tabIndex={0}>
        <code ref={element}>
          {parts.map((part, at) => "as" in part ? null : part.isMark ? <Mark key={at} text={part.text} /> : part.text)}
        </code>
      </pre>
      <button
        type="button"
        class="icon"
        aria-label={copyLabel}
        title={copyLabel}
        onClick={copy}
        onBlur={() => setCopied(false)}
      >
        <Icon of={isCopied ? "check" : "copy"} />
      </button>
      {isLong && (
        // The label is drawn by the style sheet: it is no part of the message's text.
        <button
          type="button"
          class="fold"
          aria-expanded={isOpen}
          aria-label={foldLabel}
          data-label={foldLabel}
          onClick={() => setOpen(!isOpen)}
        />
      )}
    </div>
  );
}
