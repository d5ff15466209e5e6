/** The top of what opens beside the conversation or above it: what it is, and the button that closes it. */
import type { JSX } from "preact";
import { useApp } from "./app.ts";
import { IconButton } from "./marks.tsx";

export function Top({ title, close }: { title: string; close: () => void }): JSX.Element {
  const { words } = useApp();
  return (
    <div class="top">
      <h2>
        <bdi>{title}</bdi>
      </h2>
      <IconButton of="close" label={words.close} click={close} />
    </div>
  );
}
