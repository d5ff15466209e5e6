/** The button that opens the dialog about a person; none beside the user's own name. */
import type { JSX } from "preact";
import { useApp } from "./context.ts";
import { IconButton } from "./icons.tsx";

export function PersonButton({ name }: { name: string }): JSX.Element | null {
  const { state, words, updateView } = useApp();
  if (name === state.me!.name) return null;
  return <IconButton of="more" label={words.about(name)} click={() => updateView({ dialog: { about: name } })} />;
}
