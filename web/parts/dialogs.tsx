/** Shows the open dialog of the chat page, but the quick switcher; each dialog is in a file of its own. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { COMMON_ROOM } from "../../jim/message.ts";
import { Bans, type OrderDialog } from "../moderation/bans.tsx";
import { Greeting } from "../moderation/greeting.tsx";
import { inForce } from "../moderation/order.ts";
import { orderCatalogues } from "../moderation/words.ts";
import { hasServerHistory } from "../model/state.ts";
import { roomTitle, useApp } from "./context.ts";
import { sortConversations } from "./conversation_list.tsx";
import { DeleteDialog } from "./delete_dialog.tsx";
import { FieldPicker, ReactionPicker } from "./emoji_dialogs.tsx";
import { GroupDialog } from "./group_dialog.tsx";
import { NotificationDialog } from "./notification_settings.tsx";
import { PersonDialog } from "./person_dialog.tsx";
import { PictureViewer } from "./picture_viewer.tsx";
import { RoomDialog } from "./room_dialog.tsx";
import { SettingsDialog } from "./settings_dialog.tsx";
import { TranscriptDialog } from "./transcript_form.tsx";

export function Dialogs(): JSX.Element | null {
  const { view } = useApp();
  const { dialog } = view;
  if (dialog === undefined || dialog === "go") return null;
  if (dialog === "notifications") return <NotificationDialog />;
  if (dialog === "emoji") return <FieldPicker />;
  if (typeof dialog === "object" && "picture" in dialog) return <PictureViewer {...dialog.picture} />;
  if (typeof dialog === "object" && "react" in dialog) return <ReactionPicker id={dialog.react} />;
  if (typeof dialog === "object" && "remove" in dialog) return <DeleteDialog id={dialog.remove} />;
  if (typeof dialog === "object" && "room" in dialog) return <RoomDialog room={dialog.room} />;
  if (typeof dialog === "object") return <PersonDialog key={dialog.about} name={dialog.about} />;
  if (dialog === "bans" || dialog === "greeting") return <ModerationDialogs of={dialog} />;
  if (dialog === "group") return <GroupDialog />;
  if (dialog === "transcript") return <SaveDialog />;
  return <SettingsDialog />;
}

/** Saves a conversation; the server keeps its history. */
function SaveDialog(): JSX.Element {
  const { state, words, view, ask, updateView } = useApp();
  const kept = sortConversations(state.conversations.values()).filter(({ key }) => hasServerHistory(state, key));
  const places = Object.fromEntries(kept.map(({ key }) => [key, roomTitle(state, key, words)]));
  const close = () => updateView({ dialog: undefined });
  return (
    <TranscriptDialog
      chosen={state.open in places ? state.open : COMMON_ROOM}
      language={view.language}
      closeLabel={words.close}
      {...{ places, ask, close }}
    />
  );
}

/** The dialogs that the class page has as well. */
function ModerationDialogs({ of }: { of: "bans" | "greeting" }): JSX.Element {
  const { state, words, view, dispatch, updateView } = useApp();
  useEffect(() => {
    if (of === "bans") dispatch({ on: of });
  }, []);
  const given: OrderDialog = {
    words: orderCatalogues[view.language],
    language: view.language,
    closeLabel: words.close,
    ordered: state.ordered,
    give: (order) => dispatch({ on: "order", order }),
    dismiss: () => dispatch({ on: "dismissOrder" }),
    close: () => updateView({ dialog: undefined }),
  };
  if (of === "greeting") return <Greeting {...given} text={state.greeting ?? undefined} />;
  return <Bans {...given} bans={state.bans && inForce(state.bans, state.bansAt)} />;
}
