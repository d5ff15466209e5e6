/**
 * Scrolls the list of messages. It follows new messages while its end is visible. Elsewhere it keeps the scroll position,
 * whatever is added above or below.
 */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Conversation, firstShown } from "../conversation.ts";
import type { ScrollPosition } from "../snapshot.ts";
import { useApp } from "./context.ts";

/** Pixels from the end that count as the end, and pixels from the top at which older messages are loaded. */
const END = 40, TOP = 500;

/** The scrolling box and its list, and what the list of messages needs. */
export interface Scroll {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly list: RefObject<HTMLOListElement | null>;
  /** The end is not visible. */
  readonly isAway: boolean;
  scrollToEnd(): void;
  /** Stores the scroll position. */
  onScroll(): void;
}

/** @param rows the rows of the list: a change of them may change the scroll position */
export function useScroll(conversation: Conversation, rows: unknown): Scroll {
  const { state: { target }, scroll } = useApp(), { oldSegment, outgoing, live } = conversation;
  const { box, list, isAway, scrollToEnd, onScroll, stay, jumpTo, reportEnd } = usePosition(firstShown(conversation));

  // Sending a message scrolls to the end.
  const mine = outgoing.at(-1)?.time;
  useLayoutEffect(() => {
    if (mine !== undefined) scrollToEnd();
  }, [mine]);

  useLayoutEffect(() => {
    if (!live) return;
    if (target?.found) jumpTo(target.id);
    else if (scroll.position !== undefined && rowOf(list.current!, scroll.position.id) === undefined) scrollToEnd();
    else stay();
    onScroll();
  }, [rows, live, (oldSegment ?? conversation).isFromStart, target?.found]);

  useLayoutEffect(() => {
    scroll.scrollToEnd = scrollToEnd;
  });

  useWindow(box, stay, reportEnd);
  return { box, list, isAway, scrollToEnd, onScroll };
}

/** The scroll position, and what changes it. */
interface Position extends Scroll {
  /** Restores it after the size of the list or of its rows has changed. */
  stay(): void;
  /** Scrolls to the message that a search has found. */
  jumpTo(id: number): void;
  /** Reports whether the user sees the end. */
  reportEnd(): void;
}

/** @param first the first message that is drawn */
function usePosition(first: number | undefined): Position {
  const { scroll, dispatch } = useApp();
  const box = useRef<HTMLDivElement>(null), list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(scroll.position === undefined);
  const [isAway, setAway] = useState(false);
  const size = useRef("");

  function scrollToEnd(): void {
    atEnd.current = true;
    scroll.position = undefined;
    box.current!.scrollTop = box.current!.scrollHeight;
  }

  function stay(): void {
    size.current = sizeOf(box.current!);
    if (atEnd.current) scrollToEnd();
    else if (scroll.position !== undefined) restorePosition(box.current!, list.current!, scroll.position);
  }

  function onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    // Not a scroll by the user: the window has another size, and rows wrap differently.
    if (size.current !== sizeOf(box.current!)) return stay();
    atEnd.current = scrollHeight - scrollTop - clientHeight < END;
    scroll.position = atEnd.current ? undefined : topmost(list.current!, scrollTop);
    setAway(!atEnd.current);
    reportEnd();
    // The state may be ahead of what is drawn, once a frame: then the list is drawn first.
    if (scrollTop < TOP) dispatch({ on: "loadOlder", ...(first === undefined ? {} : { first }) });
  }

  function reportEnd(): void {
    dispatch({ on: "endVisible", is: atEnd.current && document.visibilityState === "visible" });
  }

  function jumpTo(id: number): void {
    showRow(list.current!, id);
    atEnd.current = false;
    size.current = sizeOf(box.current!);
    dispatch({ on: "jumped" });
  }

  return { box, list, isAway, scrollToEnd, onScroll, stay, jumpTo, reportEnd };
}

/** Calls back when the box has another size, and when the page is shown or hidden. */
function useWindow(box: RefObject<HTMLElement | null>, onSize: () => void, onVisibility: () => void): void {
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(onSize);
    sizes.observe(box.current!);
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      sizes.disconnect();
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, []);
}

/** Scrolls to a stored position. If its row wraps differently now, it is scrolled by the same fraction. */
function restorePosition(box: HTMLElement, list: HTMLOListElement, { id, offset, height }: ScrollPosition): void {
  const row = rowOf(list, id);
  if (row === undefined) return;
  const scale = offset > 0 && height > 0 ? row.offsetHeight / height : 1;
  box.scrollTop = row.offsetTop + offset * scale;
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

/** Brings a row into the middle, and marks it. */
function showRow(list: HTMLOListElement, id: number): void {
  const row = rowOf(list, id);
  row?.scrollIntoView({ block: "center" });
  row?.classList.add("target");
}

function rowOf(list: HTMLOListElement, id: number): HTMLElement | undefined {
  return list.querySelector<HTMLElement>(`[data-id="${id}"]`) ?? undefined;
}
