/** The open conversation: what it is, what was said, and where to write. */
import type { JSX, RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { COMMON_ROOM } from "../../jim/message.ts";
import { isIgnored, openConversation } from "../model/state.ts";
import { doneOf, orderCatalogues } from "../moderation/words.ts";
import { withClock } from "../words.ts";
import { isRoom } from "../conversation.ts";
import { titleOf, useApp } from "./context.ts";
import { Field } from "./field.tsx";
import { Log } from "./log.tsx";
import { Badge, Face, IconButton, Mark } from "./marks.tsx";
import { AboutButton } from "./person.tsx";

export function ConversationView({ field }: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  const { state, words, view, dispatch, see } = useApp();
  const conversation = openConversation(state);
  const { key } = conversation,
    topic = conversation.topic && !isIgnored(state, conversation.topic.by) ? conversation.topic : undefined;
  const others = [...state.conversations.values()].reduce((sum, each) => each.key === key ? sum : sum + each.unread, 0);
  const people = key === COMMON_ROOM ? state.online : isRoom(key) ? state.members : undefined;
  const here = people && [...people].reduce((sum, name) => sum + (state.roles.get(name)?.guests ?? 1), 0);
  const known = state.contacts.has(key), standing = state.roles.get(key);

  return (
    <main class="conversation" aria-label={titleOf(key, words)}>
      <header class="top">
        <button
          type="button"
          class="icon narrow"
          aria-label={others > 0 ? `${words.menu}, ${words.unread(others)}` : words.menu}
          aria-expanded={view.side}
          aria-controls="places"
          onClick={() => see({ side: true })}
        >
          <Mark of="menu" />
          {others > 0 && <span class="dot" />}
        </button>
        {!isRoom(key) && <Face name={key} here={state.online.has(key)} />}
        <div class="title">
          <h1>
            <bdi>{titleOf(key, words)}</bdi>
          </h1>
          <p class="quiet small" title={topic && `${topic.text} (${topic.by})`}>
            {here !== undefined ? words.here(here) : [
              ...(standing?.role === undefined ? [] : [words.roles[standing.role]]),
              ...(standing?.guests === undefined ? [] : [words.namesakes(standing.guests)]),
              state.online.has(key) ? words.online : words.offline,
            ].join(", ")}
            {topic && <bdi class="about">{topic.text}</bdi>}
          </p>
        </div>
        {!isRoom(key) && <Badge words={words} {...standing} />}
        {!isRoom(key) && state.account && (
          <span class="wide">
            <IconButton
              of="star"
              label={known ? words.dropContact : words.addContact}
              pressed={known}
              click={() => dispatch({ on: "contact", name: key, add: !known })}
            />
          </span>
        )}
        {!isRoom(key) && <AboutButton name={key} />}
        {(isRoom(key) || state.account) && (
          <IconButton
            of="search"
            label={words.search}
            pressed={view.panel === "search"}
            click={() => see({ panel: view.panel === "search" ? undefined : "search" })}
          />
        )}
        {/* On a phone the name of a person needs the room more. */}
        <span class={isRoom(key) ? undefined : "wide"}>
          <IconButton
            of="people"
            label={words.showPeople}
            pressed={view.panel === "people"}
            click={() => see({ panel: view.panel === "people" ? undefined : "people" })}
          />
        </span>
        {key !== COMMON_ROOM && (
          <IconButton
            of={isRoom(key) ? "leave" : "close"}
            label={isRoom(key) ? words.leave : words.putAway}
            click={() => dispatch({ on: "close", key })}
          />
        )}
      </header>
      <Banner />
      <Log key={key} />
      <Field field={field} />
    </main>
  );
}

/** What the reader should know before reading on: that there is no connection, or what the server has to say. */
function Banner(): JSX.Element {
  const { state, words, view, pause, dispatch, hurry } = useApp();
  const { open } = state, { error } = openConversation(state);
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    if (pause === undefined) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, [pause]);
  const seconds = pause === undefined ? 0 : Math.max(0, Math.ceil((pause - now) / 1000));

  return (
    <div class="banners">
      <div role="status">
        {!state.ready && (
          <div class="banner warn">
            {/* The seconds are for the eye: to hear each of them would be a torment. */}
            <span aria-hidden="true">{pause === undefined ? words.dialling : words.down(seconds)}</span>
            <span class="unseen">{words.down(0)}.</span>
            <span class="quiet">{words.kept}</span>
            {pause !== undefined && <button type="button" onClick={hurry}>{words.retry}</button>}
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
            <IconButton of="close" label={words.dismiss} click={() => dispatch({ on: "dismiss" })} />
          </div>
        )}
        {state.ordered?.state === "done" && (
          <div class="banner">
            <span dir="auto">{doneOf(state.ordered.order, orderCatalogues[view.language])}</span>
            <IconButton of="close" label={words.dismiss} click={() => dispatch({ on: "told" })} />
          </div>
        )}
      </div>
    </div>
  );
}
