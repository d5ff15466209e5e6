/** The page: the login form or the chat, and the keyboard shortcuts. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { type App, AppContext } from "./parts/context.ts";
import { isComposing } from "./parts/composing.ts";
import { ConversationView } from "./parts/conversation_view.tsx";
import { LaterDialogs } from "./parts/later_part.tsx";
import { LoginForm } from "./parts/login_form.tsx";
import { Panel } from "./parts/panel.tsx";
import { QuickSwitcher } from "./parts/quick_switcher.tsx";
import { ConversationList, sortConversations } from "./parts/conversation_list.tsx";

/** What the entry knows; the page adds the way to the message field. */
export type PageProps = Omit<App, "focusField" | "insertText"> & {
  /** By which name somebody was here before. */
  readonly known: string | undefined;
};

export function Page({ known, ...given }: PageProps): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  const { state, words, view, updateView } = given;
  const app: App = { ...given, focusField, insertText };
  const isIn = state.stage === "in";

  /** On a phone the caret would bring the keyboard, and hide what was just chosen. */
  function focusField(): void {
    if (matchMedia("(pointer: fine)").matches) requestAnimationFrame(() => field.current?.focus());
  }

  function insertText(text: string): void {
    const box = field.current!;
    box.focus();
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  useShortcuts(app);
  useEffect(() => {
    if (isIn) focusField();
  }, [isIn]);

  return (
    <AppContext.Provider value={app}>
      {!isIn
        ? (
          <LoginForm
            name={state.me?.name ?? known}
            method={state.me?.method ?? (known === undefined ? "guest" : "login")}
          />
        )
        : (
          <div class="chat">
            <a class="skip" href="#field">{words.skip}</a>
            <ConversationList />
            {view.isListOpen && <div class="shade narrow" onClick={() => updateView({ isListOpen: false })} />}
            <ConversationView field={field} />
            <Panel />
            {view.dialog === "go" ? <QuickSwitcher /> : <LaterDialogs />}
          </div>
        )}
    </AppContext.Provider>
  );
}

/** The keys that do the same wherever the focus is. */
function useShortcuts({ state, view, scroll, dispatch, updateView, focusField }: App): void {
  function pressed(event: KeyboardEvent): void {
    if (state.stage !== "in" || isComposing(event)) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") updateView({ dialog: "go", isListOpen: false });
    else if (event.altKey && step !== 0 && view.dialog === undefined) { // in a dialog they open a list of choices
      const keys = sortConversations(state.conversations.values()).map(({ key }) => key);
      dispatch({ on: "open", key: keys[(keys.indexOf(state.open) + step + keys.length) % keys.length]! });
      focusField();
    } else if (event.key === "Escape" && view.dialog === undefined) {
      if (view.isListOpen || view.panel !== undefined) {
        updateView({ isListOpen: false, panel: view.isListOpen ? view.panel : undefined });
      } else scroll.scrollToEnd?.();
      focusField();
    } else return;
    event.preventDefault();
  }

  // With the drawing and not after it: the next key finds what this one has changed.
  useLayoutEffect(() => {
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
}
