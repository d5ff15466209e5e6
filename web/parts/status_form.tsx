/** Sets what the user says of itself, and whether it is away; a part of the settings. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SHORT_TEXT } from "../../jim/limits.ts";
import { useApp } from "./context.ts";

const NOTHING = { away: false, emoji: "", text: "" };

export function StatusForm(): JSX.Element {
  const { state, words, dispatch, updateView } = useApp(), known = state.statuses.get(state.me!.name);
  const [status, setStatus] = useState(known ?? NOTHING), { away, emoji, text } = status;

  function save(status: typeof NOTHING): void {
    dispatch({ on: "status", status: { ...status, emoji: status.emoji.trim(), text: status.text.trim() } });
    updateView({ dialog: undefined });
  }

  return (
    <section>
      <h3>{words.status}</h3>
      <form
        class="status-form"
        onSubmit={(event) => {
          event.preventDefault();
          save(status);
        }}
      >
        <div class="row">
          <input
            type="text"
            class="emoji"
            aria-label={words.statusEmoji}
            placeholder="🙂"
            value={emoji}
            onInput={(event) => setStatus({ ...status, emoji: event.currentTarget.value })}
          />
          <input
            type="text"
            dir="auto"
            maxLength={SHORT_TEXT}
            aria-label={words.statusText}
            placeholder={words.statusText}
            value={text}
            onInput={(event) => setStatus({ ...status, text: event.currentTarget.value })}
          />
        </div>
        <div class="row">
          <label>
            <input
              type="checkbox"
              checked={away}
              onChange={(event) => setStatus({ ...status, away: event.currentTarget.checked })}
            />
            {words.isAway}
          </label>
          <button type="submit" disabled={!state.isReady}>{words.setStatus}</button>
          {known !== undefined && (
            <button type="button" disabled={!state.isReady} onClick={() => save(NOTHING)}>{words.clearStatus}</button>
          )}
        </div>
      </form>
    </section>
  );
}
