/** Above the message field: which message the next one answers. */
import type { JSX } from "preact";
import { messageOf } from "../model/changes.ts";
import { currentConversation } from "../model/state.ts";
import { useApp } from "./context.ts";
import { Icon, IconButton } from "./icons.tsx";
import { quotedText } from "./quote.tsx";

export function ReplyBar(): JSX.Element {
  const { state, words, dispatch, focusField } = useApp();
  const conversation = currentConversation(state), { replyTo } = conversation;
  const message = replyTo === undefined ? undefined : messageOf(conversation, replyTo);
  return (
    <div role="status">
      {replyTo !== undefined && (
        <div class="reply-bar">
          <Icon of="reply" />
          <span class="words" dir="auto">
            {words.replyingTo} <b>{message && <bdi>{message.from}</bdi>}</b> {quotedText(message, words)}
          </span>
          <IconButton
            of="close"
            label={words.noReply}
            click={() => {
              dispatch({ on: "replyTo", id: undefined });
              focusField();
            }}
          />
        </div>
      )}
    </div>
  );
}
