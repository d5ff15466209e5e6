/** The page: the entrance, or the chat with its parts, and the keys that work everywhere. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { type App, AppContext } from "./parts/context.ts";
import { isComposing } from "./parts/composing.ts";
import { ConversationView } from "./parts/conversation.tsx";
import { Dialogs } from "./parts/dialogs.tsx";
import { Entrance } from "./parts/entrance.tsx";
import { Panel } from "./parts/panel.tsx";
import { inOrder, Places } from "./parts/places.tsx";

/** What the entry knows; the page adds the way to the message field. */
export type Given = Omit<App, "toField"> & {
  /** By which name somebody was here before. */
  readonly known: string | undefined;
};

export function Page({ known, ...given }: Given): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  const { state, words, view, dispatch, see } = given;
  const app: App = { ...given, toField };
  const isIn = state.stage === "in";

  /** On a phone the caret would bring the keyboard, and hide what was just chosen. */
  function toField(): void {
    if (matchMedia("(pointer: fine)").matches) requestAnimationFrame(() => field.current?.focus());
  }

  function pressed(event: KeyboardEvent): void {
    if (!isIn || isComposing(event)) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") see({ dialog: "go", side: false });
    else if (event.altKey && step !== 0) {
      const keys = inOrder(state.conversations.values()).map(({ key }) => key);
      dispatch({ on: "open", key: keys[(keys.indexOf(state.open) + step + keys.length) % keys.length]! });
      toField();
    } else if (event.key === "Escape" && view.dialog === undefined) {
      if (view.side || view.panel !== undefined) see({ side: false, panel: view.side ? view.panel : undefined });
      else given.place.toEnd?.();
      toField();
    } else return;
    event.preventDefault();
  }

  // With the drawing and not after it: the next key finds what this one has changed.
  useLayoutEffect(() => {
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
  useEffect(() => {
    if (isIn) toField();
  }, [isIn]);

  return (
    <AppContext.Provider value={app}>
      {!isIn
        ? <Entrance name={state.me?.name ?? known} way={state.me?.way ?? (known === undefined ? "guest" : "login")} />
        : (
          <div class="chat">
            <a class="skip" href="#field">{words.skip}</a>
            <Places />
            {view.side && <div class="shade narrow" onClick={() => see({ side: false })} />}
            <ConversationView field={field} />
            <Panel />
            <Dialogs />
          </div>
        )}
    </AppContext.Provider>
  );
}
