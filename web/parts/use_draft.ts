/** The text in the message field: it stays with its conversation, completes emoji, and is sent, or asked about first. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { commandIn } from "../../client/command_words.ts";
import { looksLikeCode, withBlock } from "../../client/protocol/code.ts";
import { currentConversation, type State } from "../model/state.ts";
import { withoutEmptyLines } from "../text.ts";
import { isComposing } from "./composing.ts";
import { useApp } from "./context.ts";
import { type Completion, useCompletion } from "./emoji_completion.tsx";
import { useFit } from "./use_fit.ts";

/** What the message field shows, and what to do at each event. */
export interface Draft {
  readonly completion: Completion;
  /** Characters that are too many. */
  readonly over: number;
  /** A command of other chat programs: it is sent as a message only after a confirmation. */
  readonly command: string | undefined;
  /** Code that was pasted: it may become a block. */
  readonly code: string | undefined;
  /** @param isMeant a command is meant as a message */
  send(isMeant?: boolean): void;
  makeBlock(): void;
  typed(): void;
  pasted(event: ClipboardEvent): void;
  pressed(event: KeyboardEvent): void;
}

type Field = RefObject<HTMLTextAreaElement | null>;

export function useDraft(field: Field): Draft {
  const { state, dispatch } = useApp(), { key } = currentConversation(state);
  const completion = useCompletion(field), { over, fit } = useFit(field);
  const [command, ask] = useState<string>(), { code, offer, pasted, takeBlock } = usePasted(field);

  const shown = useRef(key);
  // The field owns its text: writing it back at each key press would move the caret.
  useLayoutEffect(() => {
    field.current!.value = currentConversation(state).draft;
    ask(undefined);
    offer(undefined);
    completion.close();
    fit();
    // What is typed on when the room is gone is for nobody, and not for the conversation that is shown instead.
    if (isGone(shown.current, state) && document.activeElement === field.current) {
      document.querySelector<HTMLElement>(".log")!.focus();
    }
    shown.current = key;
  }, [key]);

  function send(isMeant = false): void {
    const { value } = field.current!;
    if (value.trim() === "" || over > 0) return;
    const found = isMeant ? undefined : commandIn(value.trimStart());
    ask(found);
    if (found !== undefined) return;
    dispatch({ on: "send", key, text: withoutEmptyLines(value) });
    setText("");
  }

  function setText(text: string): void {
    field.current!.value = text;
    offer(undefined);
    fit();
    field.current!.focus();
  }

  function makeBlock(): void {
    setText(takeBlock());
    dispatch({ on: "draft", key, text: field.current!.value });
  }

  function typed(): void {
    ask(undefined);
    if (code !== undefined && !field.current!.value.includes(code)) offer(undefined);
    fit();
    completion.typed();
    dispatch({ on: "draft", key, text: field.current!.value });
  }

  return { completion, over, command, code, send, makeBlock, typed, pasted, pressed: useKeys(field, completion, send) };
}

/** Whether the user was put out of a room, or it was removed. */
function isGone(key: string, { conversations, roomNotice }: State): boolean {
  return !conversations.has(key) && (roomNotice?.action === "kick" || roomNotice?.action === "remove");
}

/** The keys of the field: what completes, sends, edits the last message, or answers no message any more. */
function useKeys(field: Field, completion: Completion, send: () => void): (event: KeyboardEvent) => void {
  const { state, dispatch } = useApp(), { replyTo } = currentConversation(state);
  return (event) => {
    if (isComposing(event)) return;
    if (completion.pressed(event)) event.stopPropagation();
    else if (event.key === "Enter" && !event.shiftKey) send();
    else if (event.key === "ArrowUp" && field.current!.value === "" && !event.altKey) dispatch({ on: "editLast" });
    else if (event.key === "Escape" && replyTo !== undefined) {
      dispatch({ on: "replyTo", id: undefined });
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };
}

/**
 * The files in a clipboard. Cells and texts of an office program come with a picture of them, which nobody means: these
 * programs alone add rich text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const files = [new File(["…"], "image.png")] as unknown as FileList;
 * assert.equal(filesIn({ files, types: ["Files", "text/html"] }).length, 1);
 * assert.equal(filesIn({ files, types: ["Files", "text/html", "text/plain", "text/rtf"] }).length, 0);
 * ```
 */
export function filesIn(clipboard: Pick<DataTransfer, "files" | "types"> | null): File[] {
  return clipboard === null || clipboard.types.includes("text/rtf") ? [] : [...clipboard.files];
}

/** Files that are pasted are sent, and code may become a block. */
function usePasted(field: Field) {
  const { state, sendFiles } = useApp(), [code, offer] = useState<string>();
  function pasted(event: ClipboardEvent): void {
    const files = filesIn(event.clipboardData);
    if (files.length > 0 && state.fileLimit > 0) {
      event.preventDefault();
      return sendFiles(files, state.open);
    }
    const text = event.clipboardData?.getData("text/plain").replaceAll("\r\n", "\n") ?? "";
    if (looksLikeCode(text)) offer(text);
  }
  return { code, offer, pasted, takeBlock: () => withBlock(field.current!.value, code!) };
}
