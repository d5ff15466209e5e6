/** Banners above the messages: no connection, an ignored person, a refusal, a notice, the result of an order. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isRoom } from "../conversation.ts";
import { currentConversation, isIgnored } from "../model/state.ts";
import { doneOf, orderCatalogues } from "../moderation/words.ts";
import { refusalText, withClock } from "../formats.ts";
import { useApp } from "./context.ts";
import { IconButton } from "./icons.tsx";

export function Banners(): JSX.Element {
  const { state, words, view, dispatch } = useApp();
  const { open, change, roomNotice } = state, { error } = currentConversation(state);
  return (
    <div class="banners">
      <div role="status">{!state.isReady && <NoConnection />}</div>
      {!isRoom(open) && isIgnored(state, open) && (
        <div class="banner">
          <span>{words.ignored(open)}</span>
          <button type="button" onClick={() => dispatch({ on: "ignore", name: open, is: false })}>
            {words.unignore}
          </button>
        </div>
      )}
      {error !== undefined && <div class="banner bad" role="alert">{withClock(error, view.language)}</div>}
      <div role="status">
        {state.notice !== undefined && (
          <Notice
            isBad={state.notice === "offline"}
            text={refusalText(state.notice, words.notDone, view.language)}
            dismiss={() => dispatch({ on: "dismissNotice" })}
          />
        )}
        {roomNotice !== undefined && (
          <Notice
            text={words.roomNotice(roomNotice)}
            dismiss={() => dispatch({ on: "dismissNotice" })}
          >
            {roomNotice.action === "invite" && (
              <button
                type="button"
                onClick={() => {
                  dispatch({ on: "open", key: roomNotice.room });
                  dispatch({ on: "dismissNotice" });
                }}
              >
                {words.comeIn}
              </button>
            )}
          </Notice>
        )}
        {change?.state === "refused" && change.action !== "edit" && (
          <Notice
            isBad
            text={refusalText(change.why, words.notChanged, view.language)}
            dismiss={() => dispatch({ on: "dismissChange" })}
          />
        )}
        {state.ordered?.state === "done" && (
          <Notice
            text={doneOf(state.ordered.order, orderCatalogues[view.language])}
            dismiss={() => dispatch({ on: "dismissOrder" })}
          />
        )}
      </div>
    </div>
  );
}

/** A text that stays until it is dismissed. */
function Notice({ text, isBad = false, dismiss, children }: {
  text: string;
  isBad?: boolean;
  dismiss: () => void;
  children?: ComponentChildren;
}): JSX.Element {
  const { words } = useApp();
  return (
    <div class={isBad ? "banner bad" : "banner"}>
      <span dir="auto">{text}</span>
      {children}
      <IconButton of="close" label={words.dismiss} click={dismiss} />
    </div>
  );
}

function NoConnection(): JSX.Element {
  const { words, retryAt, retryNow } = useApp(), seconds = useSecondsUntil(retryAt);
  return (
    <div class="banner warn">
      {/* A screen reader does not read the countdown. */}
      <span aria-hidden="true">{retryAt === undefined ? words.dialling : words.down(seconds)}</span>
      <span class="unseen">{words.down(0)}.</span>
      <span class="quiet">{words.kept}</span>
      {retryAt !== undefined && <button type="button" onClick={retryNow}>{words.retry}</button>}
    </div>
  );
}

/** Counts down to a time by `performance.now`; 0 for none. */
function useSecondsUntil(time: number | undefined): number {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    if (time === undefined) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, [time]);
  return time === undefined ? 0 : Math.max(0, Math.ceil((time - now) / 1000));
}
