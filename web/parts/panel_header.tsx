/** The header of a panel or a dialog: its title and its close button. */
import type { JSX } from "preact";
import { IconButton } from "./icons.tsx";

export function PanelHeader(
  { title, closeLabel, close }: { title: string; closeLabel: string; close: () => void },
): JSX.Element {
  return (
    <div class="top">
      <h2>
        <bdi>{title}</bdi>
      </h2>
      <IconButton of="close" label={closeLabel} click={close} />
    </div>
  );
}
