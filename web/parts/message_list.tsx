/**
 * The messages of the open conversation, oldest first. The list follows new messages while its end is visible.
 * Elsewhere it keeps the scroll position, whatever is added above or below.
 */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import type { ScrollPosition } from "../snapshot.ts";
import { currentConversation, isIgnored } from "../model/state.ts";
import type { Role } from "../../client/protocol/event.ts";
import {
  type ChatMessage,
  type Conversation,
  isFrom,
  isRoom,
  type OutgoingMessage,
  shownRole,
} from "../conversation.ts";
import { pieces } from "../text.ts";
import { clockOf, dateOf, dayOf, sameDay, withClock, type Words } from "../words.ts";
import { type App, titleOf, useApp } from "./context.ts";
import { Avatar, Badge, colourOf, Icon } from "./icons.tsx";
import { PersonButton } from "./person_dialog.tsx";

/** Pixels from the end that count as the end, and pixels from the top at which older messages are loaded. */
const END = 40, TOP = 500;
/** Seconds within which messages of one person are one group. */
const GROUP = 300;

export function MessageList(): JSX.Element {
  const app = useApp();
  const { state, words, view, scroll, dispatch } = app;
  const conversation = currentConversation(state);
  const box = useRef<HTMLDivElement>(null), list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(scroll.position === undefined);
  const [away, setAway] = useState(false);
  const size = useRef("");
  const { messages, oldSegment, outgoing, unreadMarker, live } = conversation;
  const { isFromStart, isLoading } = oldSegment ?? conversation;
  const today = new Date().toDateString();
  const rows = useMemo(() => rowsOf(app, conversation), [
    messages,
    oldSegment,
    outgoing,
    unreadMarker,
    view.language,
    today,
    state.me?.name,
    state.ignored,
  ]);

  function toEnd(): void {
    atEnd.current = true;
    scroll.position = undefined;
    box.current!.scrollTop = box.current!.scrollHeight;
  }

  /** Restores the scroll position after the size of the list or of its rows has changed. */
  function stay(): void {
    size.current = sizeOf(box.current!);
    if (atEnd.current) return toEnd();
    const row = scroll.position && rowOf(list.current!, scroll.position.id);
    if (row === undefined) return;
    const { offset, height } = scroll.position!;
    // If the row wraps differently now, it is scrolled by the same fraction.
    const scale = offset > 0 && height > 0 ? row.offsetHeight / height : 1;
    box.current!.scrollTop = row.offsetTop + offset * scale;
  }

  /** Stores the scroll position. */
  function scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    // Not a scroll by the user: the window has another size, and rows wrap differently.
    if (size.current !== sizeOf(box.current!)) return stay();
    atEnd.current = scrollHeight - scrollTop - clientHeight < END;
    scroll.position = atEnd.current ? undefined : topmost(list.current!, scrollTop);
    setAway(!atEnd.current);
    looks();
    if (scrollTop < TOP) dispatch({ on: "loadOlder" });
  }

  /** Whether its end is looked at. */
  function looks(): void {
    dispatch({ on: "endVisible", is: atEnd.current && document.visibilityState === "visible" });
  }

  // Sending a message scrolls to the end.
  const mine = outgoing.at(-1)?.time;
  useLayoutEffect(() => {
    if (mine !== undefined) toEnd();
  }, [mine]);

  useLayoutEffect(() => {
    if (!live) return;
    if (state.target?.found) {
      const row = rowOf(list.current!, state.target.id);
      row?.scrollIntoView({ block: "center" });
      row?.classList.add("target");
      atEnd.current = false;
      size.current = sizeOf(box.current!);
      dispatch({ on: "jumped" });
    } else if (scroll.position !== undefined && rowOf(list.current!, scroll.position.id) === undefined) toEnd();
    else stay();
    scrolled();
  }, [rows, live, isFromStart, state.target?.found]);

  useLayoutEffect(() => {
    scroll.scrollToEnd = toEnd;
  });

  useLayoutEffect(() => {
    const sizes = new ResizeObserver(stay);
    sizes.observe(box.current!);
    document.addEventListener("visibilitychange", looks);
    return () => {
      sizes.disconnect();
      document.removeEventListener("visibilitychange", looks);
    };
  }, []);

  return (
    <div class="scene">
      <div
        class="log"
        role="log"
        tabIndex={0}
        aria-label={words.messages(titleOf(conversation.key, words))}
        aria-busy={isLoading || !live}
        ref={box}
        onScroll={scrolled}
      >
        <p class="edge">
          {isLoading || !live
            ? words.loading
            : !isFromStart
            ? ""
            : messages.length + outgoing.length === 0
            ? words.nothing
            : words.start}
        </p>
        <ol ref={list}>{rows}</ol>
      </div>
      {away && (
        <button type="button" class="newest" onClick={toEnd}>
          <Icon of="down" />
          <span>{conversation.unread > 0 ? words.unread(conversation.unread) : words.newest}</span>
        </button>
      )}
    </div>
  );
}

/** The size of the list: after a resize, a scroll event says nothing about the user. */
function sizeOf({ clientWidth, clientHeight }: HTMLElement): string {
  return `${clientWidth} ${clientHeight}`;
}

function topmost(list: HTMLOListElement, top: number): ScrollPosition | undefined {
  for (const row of list.children as HTMLCollectionOf<HTMLElement>) {
    const { id } = row.dataset;
    if (id !== undefined && row.offsetTop + row.offsetHeight > top) {
      return { id: Number(id), offset: top - row.offsetTop, height: row.offsetHeight };
    }
  }
  return undefined;
}

function rowOf(list: HTMLOListElement, id: number): HTMLElement | undefined {
  return list.querySelector<HTMLElement>(`[data-id="${id}"]`) ?? undefined;
}

/** The rows of the list: days, the line above new messages, and messages, grouped by sender. */
function rowsOf(app: App, { key, messages, oldSegment, outgoing, unreadMarker }: Conversation): JSX.Element[] {
  const { state, words, view, dispatch } = app;
  const me = state.me!.name, role = shownRole(state.roles.get(me)?.role);
  const now = Date.now() / 1000;
  const rows: JSX.Element[] = [];
  let last: { readonly who: string; readonly time: number } | undefined;
  let marked = unreadMarker === undefined;

  for (const each of oldSegment?.messages ?? []) show(each);
  if (oldSegment !== undefined) {
    last = undefined;
    rows.push(
      <li class="gap" key="gap" aria-busy={oldSegment.isLoading}>
        <button type="button" onClick={() => dispatch({ on: "fillGap", side: "after" })}>{words.fillAfter}</button>
        <span>{oldSegment.isLoading ? words.loading : words.gap}</span>
        <button type="button" onClick={() => dispatch({ on: "fillGap", side: "before" })}>{words.fillBefore}</button>
      </li>,
    );
  }
  for (const each of messages) show(each);
  for (const each of outgoing) {
    const { text, time } = each, who = JSON.stringify([me, role, undefined, true]);
    separate(time);
    const { language } = view;
    rows.push(
      <MessageRow
        key={`${me} ${time}`}
        first={isFirst(who, time)}
        own
        from={me}
        {...{ time, text, me, role, words, language }}
        alone={false}
      >
        <DeliveryStatus app={app} conversation={key} of={each} />
      </MessageRow>,
    );
    last = { who, time };
  }
  return rows;

  function show(each: ChatMessage): void {
    const { id, here, from, time, text, later, role, guest } = each;
    const own = isFrom(me, each);
    if (!own && isIgnored(state, from)) return;
    const who = JSON.stringify([from, role, guest, own]);
    separate(time);
    if (!marked && id !== undefined && id > unreadMarker! && !own) {
      marked = true;
      last = undefined;
      rows.push(
        <li class="line fresh" key="fresh">
          <span>{words.fresh}</span>
        </li>,
      );
    }
    rows.push(
      <MessageRow
        key={id === undefined || here ? `${from} ${time}` : id}
        first={isFirst(who, time)}
        {...{ id, from, time, text, me, own, role, guest, words, language: view.language }}
        note={later ? words.later : undefined}
        alone={!isRoom(key)}
      />,
    );
    last = { who, time };
  }

  function separate(time: number): void {
    if (last !== undefined && sameDay(last.time, time)) return;
    last = undefined;
    const day = dayOf(time, now, view.language);
    rows.push(
      <li class="line day" key={`day ${time}`}>
        <span>{day}</span>
      </li>,
    );
  }
  function isFirst(who: string, time: number): boolean {
    return last?.who !== who || Math.abs(time - last.time) > GROUP;
  }
}

function MessageRow({ id, from, role, guest, time, text, me, own, first, alone, note, words, language, children }: {
  id?: number | undefined;
  from: string;
  role?: Role | undefined;
  guest?: number | undefined;
  time: number;
  text: string;
  me: string;
  own: boolean;
  first: boolean;
  alone: boolean;
  note?: string | undefined;
  words: Words;
  language: "en" | "ru";
  // deno-lint-ignore no-explicit-any -- whatever can be shown
  children?: any;
}): JSX.Element {
  const parts = pieces(text, me);
  const named = !own && parts.some(({ mention }) => mention);
  // A private conversation with a guest's name is shared by all guests of that name, so each shows a number.
  const isShown = first && !own && (!alone || guest !== undefined);
  const hue = guest === undefined ? from : `${from} ${guest}`;
  return (
    <li class={`said ${own ? "own" : ""} ${first ? "first" : ""} ${named ? "named" : ""}`} data-id={id}>
      {!own && !alone && (first ? <Avatar name={from} hue={hue} /> : <span class="face" aria-hidden="true" />)}
      <div class="bubble">
        <span class={isShown ? "author" : "unseen"}>
          <b class={isShown ? `from ${colourOf(hue)}` : undefined}>
            <bdi>{from}</bdi>
            <Badge {...{ words, role, guest }} />
            <span class="unseen">{isShown ? ":" : ": "}</span>
          </b>
          {isShown && <PersonButton name={from} />}
        </span>{" "}
        <p class="text" dir="auto">
          {parts.map(({ text, href, mention }, at) =>
            href !== undefined
              ? (
                <a key={at} href={href} target="_blank" rel="noopener noreferrer">
                  <bdi>{text}</bdi>
                </a>
              )
              : mention
              ? <mark key={at}>{text}</mark>
              : text
          )}
        </p>{" "}
        <span class="tail">
          {note !== undefined && <span class="note">{note}</span>}
          <time dateTime={dateOf(time)?.toISOString()}>{clockOf(time, language)}</time>
        </span>
        {children}
      </div>
    </li>
  );
}

/** The status of a message without an answer. */
function DeliveryStatus(
  { app, conversation, of: { state, time, reason, text } }: { app: App; conversation: string; of: OutgoingMessage },
): JSX.Element {
  const { words, view, dispatch } = app;
  if (state !== "refused" && state !== "unsure") {
    return <span class="fate">{app.state.isReady && state === "sent" ? words.sending : words.waiting}</span>;
  }
  return (
    <div class="fate bad" role="alert">
      <span>{state === "unsure" ? words.unsure : `${words.refused}. ${withClock(reason ?? "", view.language)}`}</span>
      <button type="button" onClick={() => dispatch({ on: "resend", key: conversation, time })}>{words.again}</button>
      <button type="button" aria-label={`${words.drop}: ${text.slice(0, 40)}`} onClick={() => drop()}>
        {words.drop}
      </button>
    </div>
  );
  function drop(): void {
    dispatch({ on: "discard", key: conversation, time });
    app.focusField();
  }
}
