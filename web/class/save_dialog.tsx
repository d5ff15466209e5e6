/** Saves what was said in the common chat, or in a room that the operator is in. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { COMMON_ROOM } from "../../jim/message.ts";
import { TranscriptDialog } from "../parts/transcript_form.tsx";
import { text } from "../../jim/client/fields.ts";
import type { Ask } from "../../client/protocol/query.ts";
import type { PageProps } from "./props.ts";

/** What a transcript shows, and plain JIM does not have. */
const FEATURES = ["replies", "edits", "reactions", "files"];

export function SaveDialog({ words, view, ask, updateView }: PageProps): JSX.Element | null {
  const [rooms, setRooms] = useState<readonly string[]>();
  useEffect(() => {
    ownRooms(ask).then(setRooms);
  }, []);
  if (rooms === undefined) return null;
  return (
    <TranscriptDialog
      places={Object.fromEntries([COMMON_ROOM, ...rooms].map((room) => [room, room]))}
      chosen={COMMON_ROOM}
      language={view.language}
      ask={ask}
      closeLabel={words.close}
      close={() => updateView({ dialog: undefined })}
    />
  );
}

/** The history of other rooms is for their members. */
async function ownRooms(ask: Ask): Promise<readonly string[]> {
  await ask({ action: "presence", features: FEATURES });
  const result = await ask({ action: "rooms" });
  if (!result.isDone) return [];
  return result.rows.flatMap(({ room, member }) => member === true && room !== COMMON_ROOM ? [text(room)] : []);
}
