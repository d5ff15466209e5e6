/** The dialog in which an operator reads and changes the greeting, which everybody gets at the login. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Modal } from "../parts/modal.tsx";
import type { OrderDialog } from "./bans.tsx";
import { refusalOf } from "./order_form.tsx";

/** @param text `undefined` until it is known */
export function Greeting(
  { text, words, closeLabel, ordered, give, dismiss, close }: OrderDialog & { text: string | undefined },
): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null), before = useRef(ordered);
  const waits = ordered?.state === "asked", isKnown = text !== undefined;
  useEffect(dismiss, []);
  useEffect(() => {
    if (isKnown) field.current!.focus();
  }, [isKnown]);

  function submit(event: Event): void {
    event.preventDefault();
    if (!waits) give({ action: "motd", text: field.current!.value.trim() });
  }

  return (
    <Modal
      title={words.greeting}
      isOver={ordered?.state === "done" && ordered !== before.current}
      returns
      {...{ closeLabel, close }}
    >
      {isKnown
        ? (
          <form class="order" onSubmit={submit}>
            <p class="quiet small" id="greeting-hint">{words.greetingHint}</p>
            <textarea
              ref={field}
              rows={4}
              dir="auto"
              aria-label={words.greeting}
              aria-describedby="greeting-hint"
              defaultValue={text}
            />
            <p class="refusal" role="alert">{refusalOf(ordered, words)}</p>
            <button type="submit" class="primary" aria-disabled={waits}>
              {waits ? words.giving : words.setGreeting}
            </button>
          </form>
        )
        : <p class="quiet" role="status">{refusalOf(ordered, words) || words.loading}</p>}
    </Modal>
  );
}
