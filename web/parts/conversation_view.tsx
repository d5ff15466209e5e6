/** The open conversation: its header, banners, messages and message field. */
import type { JSX, RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { COMMON_ROOM } from "../../jim/message.ts";
import { currentConversation, isIgnored } from "../model/state.ts";
import { doneOf, orderCatalogues } from "../moderation/words.ts";
import { withClock } from "../words.ts";
import { isRoom } from "../conversation.ts";
import { titleOf, useApp } from "./context.ts";
import { MessageField } from "./message_field.tsx";
import { MessageList } from "./message_list.tsx";
import { Avatar, Badge, Icon, IconButton } from "./icons.tsx";
import { PersonButton } from "./person_dialog.tsx";

export function ConversationView({ field }: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  const { state, words, view, dispatch, updateView } = useApp();
  const conversation = currentConversation(state);
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
          aria-expanded={view.isListOpen}
          aria-controls="places"
          onClick={() => updateView({ isListOpen: true })}
        >
          <Icon of="menu" />
          {others > 0 && <span class="dot" />}
        </button>
        {!isRoom(key) && <Avatar name={key} here={state.online.has(key)} />}
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
        {!isRoom(key) && state.hasAccount && (
          <span class="wide">
            <IconButton
              of="star"
              label={known ? words.dropContact : words.addContact}
              pressed={known}
              click={() => dispatch({ on: "contact", name: key, add: !known })}
            />
          </span>
        )}
        {!isRoom(key) && <PersonButton name={key} />}
        {(isRoom(key) || state.hasAccount) && (
          <IconButton
            of="search"
            label={words.search}
            pressed={view.panel === "search"}
            click={() => updateView({ panel: view.panel === "search" ? undefined : "search" })}
          />
        )}
        {/* A phone has no room for this button beside the name of a person. */}
        <span class={isRoom(key) ? undefined : "wide"}>
          <IconButton
            of="people"
            label={words.showPeople}
            pressed={view.panel === "people"}
            click={() => updateView({ panel: view.panel === "people" ? undefined : "people" })}
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
      <Banners />
      <MessageList key={key} />
      <MessageField field={field} />
    </main>
  );
}

/** Banners above the messages: no connection, an ignored person, a refusal, a notice, the result of an order. */
function Banners(): JSX.Element {
  const { state, words, view, retryAt, dispatch, retryNow } = useApp();
  const { open } = state, { error } = currentConversation(state);
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    if (retryAt === undefined) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, [retryAt]);
  const seconds = retryAt === undefined ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1000));

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
