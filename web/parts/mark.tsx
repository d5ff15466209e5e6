/** A mark of formatting, such as `**`: copied with the text, and neither seen nor read aloud. */
import type { JSX } from "preact";

export function Mark({ text }: { text: string }): JSX.Element {
  return <span class="sign" aria-hidden="true">{text}</span>;
}
