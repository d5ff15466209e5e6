/** The message field. Its text stays with the conversation until it is sent. */
import { DEFAULT_LIMITS } from "../../jim/limits.ts";
import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { commandIn } from "../../client/command_words.ts";
import { currentConversation } from "../model/state.ts";
import { withoutEmptyLines } from "../text.ts";
import { looksLikeCode, withBlock } from "../../client/protocol/code.ts";
import { roomTitle, titleOf, useApp } from "./context.ts";
import { isComposing } from "./composing.ts";
import { CompletionList, useCompletion } from "./emoji_completion.tsx";
import { Icon, IconButton } from "./icons.tsx";
import { ReplyBar } from "./reply_bar.tsx";
import { AttachButton, UploadList } from "./uploads.tsx";

/** The most characters of a message; a server may allow fewer, and then refuses the message. */
const LONGEST = DEFAULT_LIMITS.text;

export function MessageField({ field }: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  const { state, words, dispatch, updateView, sendFiles } = useApp();
  const conversation = currentConversation(state);
  const [over, setOver] = useState(0);
  /** A command of other chat programs: it is sent as a message only after a confirmation. */
  const [command, ask] = useState<string>();
  /** Code that was pasted: it may become a block. */
  const [code, offerBlock] = useState<string>();
  const completion = useCompletion(field), { offer } = completion;
  const label = words.write(roomTitle(state, conversation.key, words));

  // The field owns its text: writing it back at each key press would move the caret.
  useLayoutEffect(() => {
    field.current!.value = currentConversation(state).draft;
    ask(undefined);
    offerBlock(undefined);
    completion.close();
    fit();
  }, [conversation.key]);

  function fit(): void {
    const { current: box } = field;
    box!.style.height = "auto";
    box!.style.height = `${box!.scrollHeight}px`;
    const { length } = box!.value;
    setOver(length > LONGEST ? Math.max(0, [...box!.value].length - LONGEST) : 0);
  }

  function send(isMeant = false): void {
    const { value } = field.current!;
    if (value.trim() === "" || over > 0) return;
    const found = isMeant ? undefined : commandIn(value.trimStart());
    ask(found);
    if (found !== undefined) return;
    dispatch({ on: "send", text: withoutEmptyLines(value) });
    setText("");
  }

  function setText(text: string): void {
    field.current!.value = text;
    offerBlock(undefined);
    fit();
    field.current!.focus();
  }

  function makeBlock(): void {
    setText(withBlock(field.current!.value, code!));
    dispatch({ on: "draft", text: field.current!.value });
  }

  function pasted(event: ClipboardEvent): void {
    const files = [...event.clipboardData?.files ?? []];
    if (files.length > 0 && state.fileLimit > 0) {
      event.preventDefault();
      return sendFiles(files);
    }
    const text = event.clipboardData?.getData("text/plain").replaceAll("\r\n", "\n") ?? "";
    if (looksLikeCode(text)) offerBlock(text);
  }

  function typed(): void {
    ask(undefined);
    if (code !== undefined && !field.current!.value.includes(code)) offerBlock(undefined);
    fit();
    completion.typed();
    dispatch({ on: "draft", text: field.current!.value });
  }

  function pressed(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (completion.pressed(event)) event.stopPropagation();
    else if (event.key === "Enter" && !event.shiftKey) send();
    else if (event.key === "ArrowUp" && field.current!.value === "" && !event.altKey) dispatch({ on: "editLast" });
    else if (event.key === "Escape" && conversation.replyTo !== undefined) {
      dispatch({ on: "replyTo", id: undefined });
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  return (
    <>
      <ReplyBar />
      <UploadList />
      <CommandWarning command={command} send={() => send(true)} />
      <BlockOffer isCode={code !== undefined} makeBlock={makeBlock} />
      <form
        class="field-bar"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <CompletionList completion={completion} />
        <textarea
          ref={field}
          id="field"
          rows={1}
          aria-label={label}
          placeholder={label}
          disabled={conversation.error !== undefined}
          dir="auto"
          enterkeyhint="send"
          aria-autocomplete="list"
          aria-controls={offer && "offers"}
          aria-activedescendant={offer && `offer-${offer.at}`}
          onInput={typed}
          onBlur={completion.close}
          onPaste={pasted}
          onKeyDown={pressed}
        />
        {over > 0 && <span class="over" role="status">{words.tooLong(over)}</span>}
        <AttachButton />
        <IconButton of="smile" label={words.emoji} click={() => updateView({ dialog: "emoji" })} />
        <button type="submit" class="icon primary" aria-label={words.send} title={words.send}>
          <Icon of="send" />
        </button>
      </form>
    </>
  );
}

/** Asks whether a command of other chat programs is meant as a message. */
function CommandWarning({ command, send }: { command: string | undefined; send: () => void }): JSX.Element {
  const { state, words } = useApp();
  return (
    <div role="alert">
      {command !== undefined && (
        <div class="banner warn">
          <span>{words.noCommand(command, titleOf(currentConversation(state).key, words))}</span>
          <button type="button" onClick={send}>{words.sendText}</button>
        </div>
      )}
    </div>
  );
}

/** Offers to make a block of pasted code. */
function BlockOffer({ isCode, makeBlock }: { isCode: boolean; makeBlock: () => void }): JSX.Element {
  const { words } = useApp();
  return (
    <div role="status">
      {isCode && (
        <div class="banner">
          <span>{words.isCode}</span>
          <button type="button" onClick={makeBlock}>{words.makeBlock}</button>
        </div>
      )}
    </div>
  );
}
