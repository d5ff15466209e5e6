/** Who is writing in the open conversation. The line keeps its place while it is empty, so that nothing moves. */
import type { JSX } from "preact";
import { useApp } from "./context.ts";

export function TypingLine(): JSX.Element {
  const { state, words } = useApp(), [one, two, ...others] = state.writers.get(state.open)?.keys() ?? [];
  const text = one === undefined ? "" : words.typing(one, two, others.length > 0);
  return <p class="typing quiet small" dir="auto">{text}</p>;
}
