/** The list of conversations with their unread messages, and the user's own name. */
import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { COMMON_ROOM } from "../../jim/message.ts";
import { type Conversation, isRoom } from "../conversation.ts";
import { levelOf } from "../notifications.ts";
import { roomTitle, useApp } from "./context.ts";
import { Avatar, Badge, Icon, IconButton } from "./icons.tsx";
import { StatusMark } from "./status.tsx";

/** The order of the list, for the keyboard too: the common room, rooms, people. */
export function sortConversations(conversations: Iterable<Conversation>): Conversation[] {
  const rank = ({ key }: Conversation) => key === COMMON_ROOM ? 0 : isRoom(key) ? 1 : 2;
  return [...conversations].sort((one, other) => rank(one) - rank(other) || one.key.localeCompare(other.key));
}

export function ConversationList(): JSX.Element {
  const { state, words, view, updateView } = useApp();
  const conversations = sortConversations(state.conversations.values());
  const people = conversations.filter(({ key }) => !isRoom(key)).map(({ key }) => key);
  const known = [...state.contacts].filter((name) => !people.includes(name)).sort();
  const list = useRef<HTMLElement>(null), below = useUnreadBelow(list, state.open);
  return (
    <nav
      class="places"
      id="places"
      data-open={view.isListOpen}
      aria-label={words.places}
      ref={list}
      onScroll={below.look}
    >
      <div class="top">
        <span class="brand">
          <span class="logo" aria-hidden="true" />
          {words.title}
        </span>
        <button
          type="button"
          class="icon narrow"
          aria-label={words.close}
          title={words.close}
          onClick={() => updateView({ isListOpen: false })}
        >
          <Icon of="close" />
        </button>
      </div>
      <FindButton />
      <h2 id="rooms">{words.rooms}</h2>
      <ul aria-labelledby="rooms">
        {conversations.filter(({ key }) => isRoom(key)).map((conversation) => (
          <ConversationItem key={conversation.key} conversation={conversation} />
        ))}
      </ul>
      {people.length + known.length > 0 && <h2 id="direct">{words.direct}</h2>}
      {people.length + known.length > 0 && (
        <ul aria-labelledby="direct">
          {people.map((name) => <ConversationItem key={name} conversation={state.conversations.get(name)!} />)}
          {known.map((name) => (
            <ConversationItem key={name} conversation={{ key: name, unread: 0, mentions: 0, outgoing: [] }} />
          ))}
        </ul>
      )}
      <div class="self">
        {below.isThere && (
          <button type="button" class="newest" onClick={below.show}>
            <Icon of="down" />
            <span>{words.unreadBelow}</span>
          </button>
        )}
        <OwnName />
      </div>
    </nav>
  );
}

/** Opens the search for rooms and people. */
function FindButton(): JSX.Element {
  const { words, updateView } = useApp();
  return (
    <button
      type="button"
      class="find"
      aria-keyshortcuts="Control+K"
      onClick={() => updateView({ dialog: "go", isListOpen: false })}
    >
      <Icon of="search" />
      <span>{words.goTo}</span>
      <kbd aria-hidden="true">Ctrl K</kbd>
    </button>
  );
}

/** The user's own name, and the settings. */
function OwnName(): JSX.Element {
  const { state, words, updateView } = useApp(), { name } = state.me!;
  return (
    <>
      <Avatar name={name} here={state.isReady} />
      <bdi class="name">{name}</bdi>
      <StatusMark name={name} />
      <Badge words={words} role={state.roles.get(name)?.role} />
      <IconButton
        of="gear"
        label={words.settings}
        click={() => updateView({ dialog: "settings", isListOpen: false })}
      />
    </>
  );
}

/** Pixels at the end of the list that the user's own name covers. */
const COVERED = 56;

/** Keeps the open conversation in sight, and tells whether unread messages are below what is seen. */
function useUnreadBelow(list: RefObject<HTMLElement | null>, open: string) {
  const [isThere, setThere] = useState(false);
  const last = () => [...list.current!.querySelectorAll<HTMLElement>(".place.fresh")].at(-1);
  function look(): void {
    const { scrollTop, clientHeight } = list.current!;
    setThere((last()?.offsetTop ?? 0) > scrollTop + clientHeight - COVERED);
  }
  useLayoutEffect(look);
  useLayoutEffect(() => {
    list.current!.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [open]);
  return { isThere, look, show: () => last()?.scrollIntoView({ block: "nearest" }) };
}

/** The sign of a room: of the common one, of a group of people, or of another one. */
export function RoomSign({ room, isGroup }: { room: string; isGroup: boolean }): JSX.Element {
  return <span class="hash" aria-hidden="true">{room === COMMON_ROOM ? "∗" : isGroup ? "&" : "#"}</span>;
}

function ConversationItem(
  { conversation }: { conversation: Pick<Conversation, "key" | "unread" | "mentions" | "outgoing"> },
): JSX.Element {
  const { state, words, view, dispatch, updateView, focusField } = useApp();
  const { key, unread, mentions } = conversation, isMuted = levelOf(view.notifications, key) === "none";
  const title = roomTitle(state, key, words), { isPrivate, users } = state.roomInfo.get(key) ?? {};
  const loud = mentions > 0 && isRoom(key) && !isMuted;
  const more = unread > 0 && `, ${words.unread(unread)}${loud ? `, ${words.mentions(mentions)}` : ""}`;
  function choose(): void {
    updateView({ isListOpen: false });
    dispatch({ on: "open", key });
    focusField();
  }
  return (
    <li>
      <button
        type="button"
        class={`place ${isMuted ? "muted" : unread > 0 ? "fresh" : ""}`}
        aria-current={key === state.open ? "page" : undefined}
        onClick={choose}
      >
        {isRoom(key)
          ? <RoomSign room={key} isGroup={users !== undefined} />
          : <Avatar name={key} here={state.online.has(key)} />}
        <bdi class="name">{title.replace(/^#/, "")}</bdi>
        {isPrivate && <span class="unseen">, {words.isPrivate}</span>}
        {isPrivate && <Icon of="lock" />}
        {!isRoom(key) && <StatusMark name={key} />}
        {unread > 0 && (
          <span class={mentions > 0 && !isMuted ? "count loud" : "count"} aria-hidden="true">
            {loud ? "@" : ""}
            {unread > 99 ? "99+" : unread}
          </span>
        )}
        {more && <span class="unseen">{more}</span>}
        {!isRoom(key) && <Badge words={words} {...state.roles.get(key)} />}
      </button>
    </li>
  );
}
