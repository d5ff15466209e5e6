/** Announces new refusals to screen readers. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageProps } from "./props.ts";

/** Seconds between two announcements to a screen reader. */
const ANNOUNCING = 5;

/** New refusals, at most one announcement every few seconds. */
export function Announcer({ roster, words, now }: PageProps): JSX.Element {
  const before = useRef(new Map<number, number>()), saidAt = useRef(0);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (now - saidAt.current < ANNOUNCING) return;
    const fresh = roster.students.filter(({ key, refusals }) => refusals > (before.current.get(key) ?? 0));
    const sum = fresh.reduce((sum, { key, refusals }) => sum + refusals - (before.current.get(key) ?? 0), 0);
    before.current = new Map(roster.students.map(({ key, refusals }) => [key, refusals]));
    if (sum === 0) return;
    saidAt.current = now;
    setSaid(words.announce(sum, fresh.slice(0, 5).map(({ name, address }) => name ?? address).join(", ")));
  });
  return <p class="unseen" aria-live="polite">{said}</p>;
}
