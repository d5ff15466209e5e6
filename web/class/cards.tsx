/** A card for each student: filtered, sorted, and reached by the arrow keys. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { escapeInvisible } from "../../jim/invisible.ts";
import { bansOf } from "../moderation/order.ts";
import { orderCatalogues } from "../moderation/words.ts";
import { withClock } from "../formats.ts";
import type { PageProps, ViewState } from "./props.ts";
import { isPast, lastAnswer, lastObject, stateOf, type Student, type StudentState } from "./roster.ts";
import { type Answerable, AnswerText, delayText, displayName, isAnswerable, SYMBOLS } from "./student.tsx";
import type { Words } from "./words.ts";

/** The most cards that are shown; the rest are found by name. */
const CARDS = 120;
/** States by urgency for the teacher, most urgent first. */
const URGENCY: readonly StudentState[] = ["fast", "unread", "refused", "nameless", "slow", "gaps", "fine", "gone"];
/** Seconds that a student keeps its place after its connection has ended: a restarted program is the same student. */
const LEFT = 60;

export function Cards({ roster, session, words, view, now, bans, updateView }: PageProps): JSX.Element {
  const list = useRef<HTMLUListElement>(null), isPointed = useRef(false);
  const found = chosen(roster.students, view, now), before = useRef({ found, order: view.sort });
  // While the mouse is over the cards they keep their order, so that a click hits the card it aims at.
  if (isPointed.current && before.current.order === view.sort) keepOrder(found, before.current.found);
  before.current = { found, order: view.sort };
  const shown = found.slice(0, CARDS);
  /** One card is in the Tab order; the arrow keys move from it. */
  const [stop, setStop] = useState<number>();
  const stopAt = shown.some(({ key }) => key === stop) ? stop : shown[0]?.key;

  function pressed(event: KeyboardEvent): void {
    const cards = [...list.current!.querySelectorAll<HTMLElement>("button")];
    const at = cards.indexOf(document.activeElement as HTMLElement);
    const columns = cards.filter((card) => card.offsetTop === cards[0]!.offsetTop).length;
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const step = steps[event.key];
    if (step === undefined || at < 0) return;
    event.preventDefault();
    cards[at + step]?.focus();
  }

  return (
    <main aria-label={words.title}>
      {found.length === 0 && session.stage === "inspecting" && (
        <div class="empty">
          <p>{roster.students.length === 0 ? words.nobody : words.noMatch}</p>
          {roster.students.length === 0 && <p class="quiet">{words.nobodyHint}</p>}
        </div>
      )}
      <p class="unseen" id="help">{words.help}</p>
      <ul
        class="cards"
        ref={list}
        aria-describedby="help"
        onKeyDown={pressed}
        onPointerEnter={({ pointerType }) => isPointed.current = pointerType === "mouse"}
        onPointerLeave={() => isPointed.current = false}
      >
        {shown.map((student) => (
          <Card
            key={student.key}
            student={student}
            muted={bansOf(bans, student).some(({ kind }) => kind === "mute")}
            words={words}
            muteWord={orderCatalogues[view.language].kinds.mute}
            now={now}
            open={student.key === view.openStudent}
            stop={student.key === stopAt}
            choose={() => updateView({ openStudent: student.key === view.openStudent ? undefined : student.key })}
            focused={() => setStop(student.key)}
          />
        ))}
      </ul>
      {found.length > CARDS && <p class="quiet">{words.more(found.length - CARDS)}</p>}
    </main>
  );
}

/** The students that match the filter, sorted; students that left a while ago come last. */
function chosen(students: readonly Student[], { filter, sort }: ViewState, now: number): Student[] {
  const sought = filter.trim().toLowerCase();
  const found = students.filter(({ name = "", address, server = "" }) =>
    `${name} ${address} ${server}`.toLowerCase().includes(sought)
  );
  const urgency = (student: Student) => URGENCY.indexOf(stateOf(student, now));
  if (sort === "name") found.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  if (sort === "trouble") found.sort((a, b) => urgency(a) - urgency(b) || b.refusals - a.refusals);
  const left = ({ goneAt = Infinity }: Student) => now - goneAt > LEFT ? 1 : 0;
  return found.sort((a, b) => left(a) - left(b));
}

/** Sorts students as before, new ones last. */
function keepOrder(students: Student[], before: readonly Student[]): void {
  const places = new Map(before.map((student, place) => [student, place]));
  students.sort((a, b) => (places.get(a) ?? Infinity) - (places.get(b) ?? Infinity) || 0);
}

function nameOf({ name, address }: Student): string {
  return name ?? `\uffff${address}`; // after all names
}

function Card(
  { student, muted, words, muteWord, now, open, stop, choose, focused }: {
    student: Student;
    muted: boolean;
    words: Words;
    muteWord: string;
    now: number;
    open: boolean;
    stop: boolean;
    choose(): void;
    focused(): void;
  },
): JSX.Element {
  const { key, name, server, address, framing, dialect, refusals, lastActiveAt, nameRefusal } = student;
  const state = stateOf(student, now), delay = delayText(student, state, words), said = lastObject(student);
  const latest = student.rows.findLast((row): row is Answerable => isAnswerable(row) && !isPast(row)),
    ago = words.ago(Math.max(0, Math.floor(now - lastActiveAt)));
  return (
    <li class={`student ${state}`}>
      <button
        type="button"
        id={`student-${key}`}
        aria-expanded={open}
        tabIndex={stop ? 0 : -1}
        onClick={choose}
        onFocus={focused}
      >
        <span class="who">
          <span class="sign" aria-hidden="true">{SYMBOLS[state]}</span>
          <strong>{name === undefined ? <em>{words.nameless}</em> : <bdi>{displayName(student)}</bdi>}</strong>
          <span class="unseen">, {words.states[state]},</span>
          {muted && <span class="badge">{muteWord}</span>}
          {refusals > 0 && <span class="times">{words.refusals(refusals)}</span>}
        </span>
        <span class="how">
          <span title={words.framingHints[framing]}>{words.framings[framing] ?? framing}</span>
          {dialect !== "plain" && dialect !== framing && (
            <span title={words.dialectHints[dialect]}>{words.dialect(dialect)}</span>
          )}
          <bdi>{address}</bdi>
          {server !== undefined && <bdi>{words.server(server)}</bdi>}
          <span title={words.heard(ago)}>{state === "gone" ? words.states.gone : ago}</span>
        </span>
        <code class="spoken">{said === undefined ? <em>{words.nothing}</em> : oneLine(said.text)}</code>
        {delay !== undefined
          ? <span class={`answer ${state}`}>{SYMBOLS[state]} {delay}</span>
          : state === "nameless" && latest === undefined
          ? <span class="answer slow">{SYMBOLS.nameless} {words.states.nameless}</span>
          : latest !== undefined && <AnswerText row={latest} dialect={dialect} words={words} />}
        {student.deaf && <span class="wrong">{words.deaf}</span>}
        {nameRefusal !== undefined && nameRefusal !== latest?.answer
          ? <span class="wrong">{words.unnamed(withClock(escapeInvisible(nameRefusal.text), words.code))}</span>
          : student.lastRefusal !== undefined && (lastAnswer(student)?.code ?? 0) < 400 && (
            <span class="wrong">{words.wrong(withClock(escapeInvisible(student.lastRefusal.text), words.code))}</span>
          )}
      </button>
    </li>
  );
}

/** A card shows an object on one line, without its indentation. */
function oneLine(text: string): string {
  return escapeInvisible(text.replace(/\s*\n\s*/g, " "));
}
