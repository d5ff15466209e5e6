/** A button that asks before it does what can't be taken back. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "./context.ts";

/**
 * A button that asks at the first press, and acts at the second.
 *
 * @param name what screen readers call it, where the label alone does not tell it from others
 */
export function Sure({ label, name = label, hint, act }: {
  label: string;
  name?: string;
  hint: string;
  act: () => void;
}): JSX.Element {
  const { words } = useApp(), [isAsked, setAsked] = useState(false);
  if (!isAsked) {
    return <button type="button" class="danger" aria-label={name} onClick={() => setAsked(true)}>{label}</button>;
  }
  return (
    <div class="row" role="group" aria-label={name}>
      <span class="quiet small">{hint}</span>
      <button type="button" onClick={() => setAsked(false)}>{words.cancel}</button>
      <button
        type="button"
        class="primary bad"
        onClick={() => {
          setAsked(false);
          act();
        }}
      >
        {label}
      </button>
    </div>
  );
}
