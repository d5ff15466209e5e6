/** The message field. Its text stays with the conversation until it is sent. */
import type { JSX, RefObject } from "preact";
import { currentConversation } from "../model/state.ts";
import { roomTitle, titleOf, useApp } from "./context.ts";
import { CompletionList } from "./emoji_completion.tsx";
import { Icon, IconButton } from "./icons.tsx";
import { useDraft } from "./use_draft.ts";
import { ReplyBar } from "./reply_bar.tsx";
import { AttachButton, UploadList } from "./uploads.tsx";

export function MessageField({ field }: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  const { state, words, updateView } = useApp(), conversation = currentConversation(state);
  const draft = useDraft(field), { completion, over } = draft, { offer } = completion;
  const label = words.write(roomTitle(state, conversation.key, words));
  return (
    <>
      <ReplyBar />
      <UploadList />
      <CommandWarning command={draft.command} send={() => draft.send(true)} />
      <BlockOffer isCode={draft.code !== undefined} makeBlock={draft.makeBlock} />
      <form
        class="field-bar"
        onSubmit={(event) => {
          event.preventDefault();
          draft.send();
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
          onInput={draft.typed}
          onBlur={completion.close}
          onPaste={draft.pasted}
          onKeyDown={draft.pressed}
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
