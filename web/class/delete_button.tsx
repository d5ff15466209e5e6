/** Deletes a student's message, after a question; then it tells what came of it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { refusalText } from "../formats.ts";
import type { Removal, TracedMessage } from "./traced_message.ts";
import type { Words } from "./words.ts";

export function DeleteButton({ message, removal, remove, words }: {
  message: TracedMessage;
  removal: Removal | undefined;
  remove: (message: TracedMessage) => void;
  words: Words;
}): JSX.Element {
  const [isAsking, ask] = useState(false);
  function confirmed(): void {
    ask(false);
    remove(message);
  }
  if (removal?.state === "done") return <span class="quiet small" role="status">{words.deleted}</span>;
  return (
    <span class="delete">
      {!isAsking
        ? (
          <button type="button" onClick={() => ask(true)} disabled={removal?.state === "asked"}>
            {words.deleteMessage}
          </button>
        )
        : (
          <>
            <span class="small">{words.deleteAsk}</span>
            <button type="button" class="danger" onClick={confirmed}>{words.deleteYes}</button>
            <button type="button" onClick={() => ask(false)}>{words.deleteNo}</button>
          </>
        )}
      {removal?.state === "refused" && (
        <span class="answer refused" role="alert">
          {removal.why === "missing" ? words.notFound : refusalText(removal.why, words.notDeleted, words.code)}
        </span>
      )}
    </span>
  );
}
