/** What people say of themselves: a mark beside a name, and the words in full. */
import type { JSX } from "preact";
import type { PersonStatus } from "../../jim/client/event.ts";
import type { Words } from "../words.ts";
import { useApp } from "./context.ts";
import { Icon } from "./icons.tsx";

/** The emoji of a person, or a moon if it is away; nothing for a person without a status. The words are its tooltip. */
export function StatusMark({ name }: { name: string }): JSX.Element | null {
  const { state, words } = useApp(), status = state.statuses.get(name);
  if (status === undefined) return null;
  const full = statusWords(status, words);
  return (
    <span class={status.away ? "mood away" : "mood"} title={full}>
      <span aria-hidden="true">
        {status.emoji !== "" ? status.emoji : <Icon of={status.away ? "moon" : "speech"} />}
      </span>
      <span class="unseen">, {full}</span>
    </span>
  );
}

/** The words of a person's status, in isolation: they may be of another direction. */
export function StatusText({ name }: { name: string }): JSX.Element | null {
  const { state, words } = useApp(), status = state.statuses.get(name);
  return status === undefined ? null : <bdi class="quiet small said-of">{statusWords(status, words)}</bdi>;
}

function statusWords({ away, emoji, text }: PersonStatus, words: Words): string {
  const said = [emoji, text].filter((each) => each !== "").join(" ");
  return [away ? words.away : "", said].filter((each) => each !== "").join(", ");
}
