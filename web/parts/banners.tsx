/** Banners above the messages: no connection, an ignored person, a refusal, a notice, the result of an order. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isRoom } from "../conversation.ts";
import { currentConversation, isIgnored } from "../model/state.ts";
import { doneOf, orderCatalogues } from "../moderation/words.ts";
import { withClock } from "../formats.ts";
import { useApp } from "./context.ts";
import { IconButton } from "./icons.tsx";

export function Banners(): JSX.Element {
  const { state, words, view, retryAt, dispatch, retryNow } = useApp();
  const { open, change, roomNotice } = state, { error } = currentConversation(state);
  const seconds = useSecondsUntil(retryAt);

  return (
    <div class="banners">
      <div role="status">
        {!state.isReady && (
          <div class="banner warn">
            {/* A screen reader does not read the countdown. */}
            <span aria-hidden="true">{retryAt === undefined ? words.dialling : words.down(seconds)}</span>
            <span class="unseen">{words.down(0)}.</span>
            <span class="quiet">{words.kept}</span>
            {retryAt !== undefined && <button type="button" onClick={retryNow}>{words.retry}</button>}
          </div>
        )}
      </div>
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
          <div class="banner">
            <span dir="auto">{withClock(state.notice, view.language)}</span>
            <IconButton of="close" label={words.dismiss} click={() => dispatch({ on: "dismissNotice" })} />
          </div>
        )}
        {roomNotice !== undefined && (
          <div class="banner">
            <span dir="auto">{words.roomNotice(roomNotice)}</span>
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
            <IconButton of="close" label={words.dismiss} click={() => dispatch({ on: "dismissNotice" })} />
          </div>
        )}
        {change?.state === "refused" && change.action !== "edit" && (
          <div class="banner bad">
            <span dir="auto">{change.why === "" ? words.notChanged : withClock(change.why, view.language)}</span>
            <IconButton of="close" label={words.dismiss} click={() => dispatch({ on: "dismissChange" })} />
          </div>
        )}
        {state.ordered?.state === "done" && (
          <div class="banner">
            <span dir="auto">{doneOf(state.ordered.order, orderCatalogues[view.language])}</span>
            <IconButton of="close" label={words.dismiss} click={() => dispatch({ on: "dismissOrder" })} />
          </div>
        )}
      </div>
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
