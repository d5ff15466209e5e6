/** The files that are on their way, above the message field; and how files are chosen, dropped and pasted. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { uploadsOf } from "../model/uploads.ts";
import type { PendingUpload } from "../model/state.ts";
import type { Language } from "../../jim/explain.ts";
import { formatBytes, refusalText } from "../formats.ts";
import type { Words } from "../words.ts";
import { useApp } from "./context.ts";
import { Icon, IconButton } from "./icons.tsx";

export function UploadList(): JSX.Element | null {
  const { state } = useApp(), uploads = uploadsOf(state, state.open);
  if (uploads.length === 0) return null;
  return <ul class="uploads">{uploads.map((upload) => <UploadRow key={upload.number} {...{ upload }} />)}</ul>;
}

function UploadRow({ upload }: { upload: PendingUpload }): JSX.Element {
  const { words, view, dispatch, state: { fileLimit } } = useApp(), { number, name, size, sent, state } = upload;
  const problem = problemOf(upload, words, view.language, formatBytes(fileLimit, view.language));
  return (
    <li>
      <span class="what">
        <bdi>{name}</bdi> <span class="quiet small">{formatBytes(size, view.language)}</span>
        {problem !== undefined
          ? <span class="bad small" role="alert">{problem}</span>
          : <progress aria-label={words.uploading(name)} max={size} value={state === "sending" ? sent : undefined} />}
      </span>
      {state === "failed" && (
        <button type="button" onClick={() => dispatch({ on: "retryUpload", number })}>{words.again}</button>
      )}
      <IconButton of="close" label={words.cancelUpload(name)} click={() => dispatch({ on: "cancelUpload", number })} />
    </li>
  );
}

/** Why a file is not on its way any more. */
function problemOf({ state, why }: PendingUpload, words: Words, language: Language, limit: string): string | undefined {
  if (state === "failed") return refusalText(why ?? "offline", words.uploadLost, language);
  if (state === "gone") return words.uploadGone;
  if (state === "empty") return words.uploadEmpty;
  return state === "large" ? words.uploadLarge(limit) : undefined;
}

/** The button that chooses files. */
export function AttachButton(): JSX.Element | null {
  const { state, words, sendFiles } = useApp(), input = useRef<HTMLInputElement>(null);
  /** The conversation that the files are for, while they are chosen: another one may be open at the end. */
  const key = useRef<string>(undefined);
  if (state.fileLimit === 0) return null;
  function choose(): void {
    key.current = state.open;
    input.current!.click();
  }
  return (
    <>
      <IconButton of="clip" label={words.attach} click={choose} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          sendFiles([...currentTarget.files ?? []], key.current ?? state.open);
          key.current = undefined;
          currentTarget.value = "";
        }}
      />
    </>
  );
}

/** Where files can be dropped: the whole window. */
export function DropTarget(): JSX.Element | null {
  const { state: { open, fileLimit }, words, sendFiles } = useApp(), [isOver, setOver] = useState(false);
  const isOff = fileLimit === 0;
  useEffect(() => {
    const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes("Files") === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault(); // or the browser would leave the page to show the file
      if (isOff) event.dataTransfer!.dropEffect = "none";
      else setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent) => relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (!isOff) sendFiles([...event.dataTransfer!.files], open);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [isOff, open, sendFiles]);
  return isOver
    ? (
      <p class="drop-here">
        <Icon of="clip" /> {words.dropHere}
      </p>
    )
    : null;
}
