/** Begins a conversation of several people that nobody else sees. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { refusalText } from "../formats.ts";
import { useApp } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { PeopleChooser } from "./people_chooser.tsx";

export function GroupDialog(): JSX.Element {
  const { words, view, ask, dispatch, updateView, focusField } = useApp(), [why, setWhy] = useState("");
  async function begin(users: readonly string[]): Promise<boolean> {
    const result = await ask({ action: "group", users });
    if (!result.isDone) {
      setWhy(refusalText(result.why, words.cannotLoad, view.language));
      return false;
    }
    updateView({ dialog: undefined });
    dispatch({ on: "open", key: result.answer.room ?? "" });
    dispatch({ on: "refreshLists" }); // its members
    focusField();
    return true;
  }
  return (
    <Dialog title={words.newGroup}>
      <p class="quiet small">{words.newGroupHint}</p>
      <PeopleChooser label={words.beginGroup} without={[]} least={2} send={begin} />
      <p class="refusal" role="alert" dir="auto">{why}</p>
    </Dialog>
  );
}
