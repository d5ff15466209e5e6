/** The text of a message, with its links and mentions. */
import type { JSX } from "preact";
import { pieces } from "../text.ts";

export function MessageText({ text, me }: { text: string; me: string }): JSX.Element {
  return (
    <p class="text" dir="auto">
      {pieces(text, me).map(({ text, href, mention }, at) =>
        href !== undefined
          ? (
            <a key={at} href={href} target="_blank" rel="noopener noreferrer">
              <bdi>{text}</bdi>
            </a>
          )
          : mention
          ? <mark key={at}>{text}</mark>
          : text
      )}
    </p>
  );
}
