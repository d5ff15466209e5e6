/** What the user is told about: the level of the open conversation, the sound, and notifications of the system. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { levelOf } from "../notifications.ts";
import { askForPopups, playSound, popupPermission } from "../notify.ts";
import { Choice } from "./choice.tsx";
import { titleOf, useApp } from "./context.ts";
import { Dialog } from "./dialog.tsx";

/** The dialog that the bell above a conversation opens. */
export function NotificationDialog(): JSX.Element {
  const { words } = useApp();
  return (
    <Dialog title={words.notifications} returns>
      <NotificationSettings />
    </Dialog>
  );
}

export function NotificationSettings(): JSX.Element {
  const { state, words, view, dispatch, updateView } = useApp(), { notifications } = view, { open } = state;
  const [permission, setPermission] = useState(popupPermission());
  /** The present ones: while the browser asks for its permission, others may be chosen. */
  const latest = useRef(notifications);
  latest.current = notifications;
  const change = (changed: Partial<typeof notifications>) =>
    updateView({ notifications: { ...latest.current, ...changed } });

  /** The browser asks for the permission at this click, and never by itself. */
  async function setPopups(popups: boolean): Promise<void> {
    const isAllowed = popups && await askForPopups();
    setPermission(popupPermission());
    change({ popups: isAllowed });
  }

  return (
    <section>
      <h3>{words.notifyOf(titleOf(open, words))}</h3>
      <Choice
        name="level"
        label={words.notifyOf(titleOf(open, words))}
        value={levelOf(notifications, open)}
        of={words.levels}
        choose={(level) => dispatch({ on: "notify", key: open, level })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={notifications.sound}
          onChange={({ currentTarget: { checked } }) => {
            change({ sound: checked });
            if (checked) playSound();
          }}
        />
        <span>{words.sound}</span>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={notifications.popups && permission === "granted"}
          disabled={permission === "denied" || permission === "missing"}
          onChange={({ currentTarget: { checked } }) => setPopups(checked)}
        />
        <span>{words.popups}</span>
      </label>
      <p class="quiet small" role="status">{words.popupHints[permission]}</p>
    </section>
  );
}
