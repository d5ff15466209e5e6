/** The screen of the class: who is here as cards, and one student's conversation beside them. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { visible } from "../../jim/visible.ts";
import { networkOf } from "../../jim/network.ts";
import { BanList } from "../moderation/ban_list.tsx";
import type { Ban } from "../../client/protocol/ban.ts";
import { bansOf, type Order, type Ordered } from "../moderation/order.ts";
import { OrderForm, refusalOf } from "../moderation/order_form.tsx";
import { doneOf, orderCatalogues } from "../moderation/words.ts";
import { Modal } from "../parts/modal.tsx";
import type { Wishes } from "../surroundings.ts";
import { dateOf, languages, withClock } from "../words.ts";
import {
  awaits,
  host,
  isPast,
  lastAnswer,
  lastSaid,
  type Roll,
  type Row,
  type State,
  stateOf,
  type Student,
} from "./roll.ts";
import type { Visit } from "./visit.ts";
import type { Words } from "./words.ts";

/** What the teacher has chosen to see. */
export interface Look extends Wishes {
  readonly find: string;
  readonly order: "came" | "name" | "trouble";
  /** The key of the student whose conversation is open. */
  readonly open: number | undefined;
  /** What of the conversation is shown: what was said and how it was answered, what was refused, or all that passed. */
  readonly shown: "said" | "wrong" | "all";
  readonly paused: boolean;
  /** The open dialog: orders about the student whose conversation is open, or all bans and mutes. */
  readonly dialog: "orders" | "bans" | undefined;
}

export interface Given {
  readonly roll: Roll;
  readonly visit: Visit;
  readonly words: Words;
  readonly look: Look;
  /** Seconds of the roll's clock; they stand still while the page is paused. */
  readonly now: number;
  /** Sights that wait for the end of a pause. */
  readonly waiting: number;
  /** Seconds until the next attempt to connect. */
  readonly retryIn: number | undefined;
  /** The bans and mutes in force, as far as they are known. */
  readonly bans: readonly Ban[];
  /** The order that was given last, until it is dismissed. */
  readonly ordered: Ordered | undefined;
  give(order: Order): void;
  /** Hides what became of the last order. */
  dismiss(): void;
  see(change: Partial<Look>): void;
  retry(): void;
  login(name: string, password: string): void;
}

/** More cards than this nobody looks through: they are found by name. */
const CARDS = 120;
/** How soon a state wants a teacher's eye. */
const URGENCY: readonly State[] = ["fast", "unread", "refused", "nameless", "slow", "gaps", "fine", "gone"];
/** Said without words too: colours alone are not for everybody. */
const MARKS: Readonly<Record<State, string>> = {
  fine: "✓",
  fast: "»",
  unread: "●",
  refused: "✗",
  slow: "◔",
  nameless: "?",
  gaps: "✓",
  gone: "–",
};
/** Seconds that who has left keeps its place: a program that is started again comes back to it. */
const LEFT = 60;
/** Seconds between two announcements to a screen reader. */
const ANNOUNCING = 5;

export function Page(given: Given): JSX.Element {
  const { roll, visit, words, look, see } = given;
  const opened = roll.students.find(({ key }) => key === look.open);
  return (
    <div class={opened === undefined ? "class" : "class split"} onKeyDown={pressed}>
      <Head {...given} />
      {visit.stage === "barred" ? <Login {...given} why={whyOf(visit, words)} /> : <Cards {...given} />}
      {visit.stage !== "barred" && opened !== undefined && <Detail {...given} key={opened.key} student={opened} />}
      {look.dialog === "bans" && <Bans {...given} />}
      {look.dialog === "orders" && opened !== undefined && <Orders {...given} student={opened} />}
      <Announcer {...given} />
    </div>
  );

  function pressed({ key }: KeyboardEvent): void {
    if (key !== "Escape" || look.open === undefined || look.dialog !== undefined) return;
    see({ open: undefined });
    document.querySelector<HTMLElement>(`#student-${look.open}`)?.focus();
  }
}

function Head(given: Given): JSX.Element {
  const { roll, visit, words, look, now, waiting, retryIn, bans, ordered, see, retry, dismiss } = given;
  const orders = orderCatalogues[look.language];
  const count = (...states: State[]) => roll.students.filter((each) => states.includes(stateOf(each, now))).length;
  const here = roll.students.length - count("gone");
  const tallies = (["fast", "unread", "refused", "slow"] as const).map((state) => [state, count(state)] as const);
  return (
    <header>
      <h1>{words.title}</h1>
      {visit.stage === "coming"
        ? (
          <p class="tally down" role="status">
            {retryIn === undefined ? words.coming : words.down(retryIn)}
            {retryIn !== undefined && <button type="button" onClick={retry}>{words.retry}</button>}
          </p>
        )
        : visit.stage === "looking" && (
          <p class="tally">
            <span>{words.here(here)}</span>
            {tallies.map(([state, n]) =>
              n > 0 && <span key={state} class={state}>{MARKS[state]} {words[state](n)}</span>
            )}
          </p>
        )}
      <div class="tools">
        {visit.stage !== "barred" && (
          <>
            <input
              type="search"
              value={look.find}
              placeholder={words.find}
              aria-label={words.find}
              onInput={({ currentTarget }) => see({ find: currentTarget.value })}
            />
            <Choice label={words.order} value={look.order} choices={words.orders} choose={(order) => see({ order })} />
            <button type="button" onClick={() => see({ dialog: "bans" })}>
              {orders.bans}
              {bans.length > 0 && ` (${bans.length})`}
            </button>
            <button
              type="button"
              class={look.paused ? "pause on" : "pause"}
              onClick={() => see({ paused: !look.paused })}
            >
              {look.paused ? `▶ ${words.goOn}` : `❚❚ ${words.pause}`}
            </button>
          </>
        )}
        <Choice label={words.theme} value={look.theme} choices={words.themes} choose={(theme) => see({ theme })} />
        <Choice
          label={words.language}
          value={look.language}
          choices={languages}
          choose={(language) => see({ language })}
        />
      </div>
      <div class="done" role="status">
        {ordered?.state === "done" && (
          <>
            <span>{doneOf(ordered.order, orders)}</span>
            <button type="button" onClick={dismiss}>{words.close}</button>
          </>
        )}
      </div>
      {look.paused && <p class="notice" role="status">{words.paused(waiting)}</p>}
      {roll.missed > 0 && <p class="notice">{words.missed(roll.missed)}</p>}
    </header>
  );
}

function Choice<T extends string>(
  { label, value, choices, choose }: {
    label: string;
    value: T;
    choices: Readonly<Record<T, string>>;
    choose(value: T): void;
  },
): JSX.Element {
  return (
    <select aria-label={label} value={value} onChange={({ currentTarget }) => choose(currentTarget.value as T)}>
      {Object.entries<string>(choices).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
    </select>
  );
}

/** Why the class stays closed: in the page's words where it has some, else in the server's. */
function whyOf({ cause, why }: Extract<Visit, { stage: "barred" }>, words: Words): string {
  return cause === undefined ? why : words.barred[cause];
}

function Login({ words, login, why }: Given & { why: string }): JSX.Element {
  return (
    <main class="login">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          login(String(data.get("name")), String(data.get("password")));
        }}
      >
        <h2>{words.loginTitle}</h2>
        <p class="quiet">{words.loginHint}</p>
        <label>
          {words.name}
          <input name="name" required autocomplete="username" autofocus />
        </label>
        <label>
          {words.password}
          <input name="password" type="password" required autocomplete="current-password" />
        </label>
        <p class="why" role="alert">{visible(why)}</p>
        <button type="submit" class="primary">{words.login}</button>
      </form>
    </main>
  );
}

function Cards({ roll, visit, words, look, now, bans, see }: Given): JSX.Element {
  const list = useRef<HTMLUListElement>(null), isPointed = useRef(false);
  const found = chosen(roll.students, look, now), before = useRef({ found, order: look.order });
  // A card that moved away under the pointer would leave another one to be clicked.
  if (isPointed.current && before.current.order === look.order) keepOrder(found, before.current.found);
  before.current = { found, order: look.order };
  const shown = found.slice(0, CARDS);
  /** One card takes part in the order of Tab; the arrow keys go from there. */
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
      {found.length === 0 && visit.stage === "looking" && (
        <div class="empty">
          <p>{roll.students.length === 0 ? words.nobody : words.noMatch}</p>
          {roll.students.length === 0 && <p class="quiet">{words.nobodyHint}</p>}
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
            muteWord={orderCatalogues[look.language].kinds.mute}
            now={now}
            open={student.key === look.open}
            stop={student.key === stopAt}
            choose={() => see({ open: student.key === look.open ? undefined : student.key })}
            focused={() => setStop(student.key)}
          />
        ))}
      </ul>
      {found.length > CARDS && <p class="quiet">{words.more(found.length - CARDS)}</p>}
    </main>
  );
}

/** Those that are looked for, in the order that is wanted; who has left a while ago is in nobody's way. */
function chosen(students: readonly Student[], { find, order }: Look, now: number): Student[] {
  const sought = find.trim().toLowerCase();
  const found = students.filter(({ name = "", address }) => `${name} ${address}`.toLowerCase().includes(sought));
  const urgency = (student: Student) => URGENCY.indexOf(stateOf(student, now));
  if (order === "name") found.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  if (order === "trouble") found.sort((a, b) => urgency(a) - urgency(b) || b.refusals - a.refusals);
  const left = ({ goneAt = Infinity }: Student) => now - goneAt > LEFT ? 1 : 0;
  return found.sort((a, b) => left(a) - left(b));
}

/** Sorts students as before, new ones last. */
function keepOrder(students: Student[], before: readonly Student[]): void {
  const places = new Map(before.map((student, place) => [student, place]));
  students.sort((a, b) => (places.get(a) ?? Infinity) - (places.get(b) ?? Infinity) || 0);
}

function nameOf({ name, address }: Student): string {
  return name ?? `\uffff${address}`; // behind those that have one
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
  const { key, name, address, framing, dialect, refusals, heardAt, unnamed } = student;
  const state = stateOf(student, now), delay = delayWords(student, state, words), said = lastSaid(student);
  const latest = student.rows.findLast((row): row is Answerable => isAnswerable(row) && !isPast(row)),
    ago = words.ago(Math.max(0, Math.floor(now - heardAt)));
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
          <span class="sign" aria-hidden="true">{MARKS[state]}</span>
          <strong>{name === undefined ? <em>{words.nameless}</em> : <bdi>{calledOf(student)}</bdi>}</strong>
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
          <span title={words.heard(ago)}>{state === "gone" ? words.states.gone : ago}</span>
        </span>
        <code class="spoken">{said === undefined ? <em>{words.nothing}</em> : oneLine(said.text)}</code>
        {delay !== undefined
          ? <span class={`answer ${state}`}>{MARKS[state]} {delay}</span>
          : state === "nameless" && latest === undefined
          ? <span class="answer slow">{MARKS.nameless} {words.states.nameless}</span>
          : latest !== undefined && <Answered row={latest} dialect={dialect} words={words} />}
        {student.deaf && <span class="wrong">{words.deaf}</span>}
        {unnamed !== undefined && unnamed !== latest?.answer
          ? <span class="wrong">{words.unnamed(withClock(visible(unnamed.text), words.code))}</span>
          : student.wrong !== undefined && (lastAnswer(student)?.code ?? 0) < 400 && (
            <span class="wrong">{words.wrong(withClock(visible(student.wrong.text), words.code))}</span>
          )}
      </button>
    </li>
  );
}

/** How a student is called: guests by one name are told apart by their numbers, as on the page. */
function calledOf({ name, address, guest }: Student): string {
  return guest === undefined || name === undefined ? visible(name ?? address) : `${visible(name)} #${guest}`;
}

/** What holds a student's program up, in words that need no knowledge of sockets. */
function delayWords({ owed }: Student, state: State, words: Words): string | undefined {
  if (state !== "fast" && state !== "unread" && state !== "slow" && state !== "gaps") return undefined;
  return words.delays[state](sizeOf(owed));
}

function Answered({ row, dialect, words }: { row: Answerable; dialect: string; words: Words }): JSX.Element {
  if (row.answer === undefined) {
    return <span class="answer quiet">{awaits(row, dialect) ? words.unanswered : words.noAnswer}</span>;
  }
  const { code, text } = row.answer, refused = code >= 400;
  return (
    <span class={refused ? "answer refused" : "answer ok"}>
      {refused ? MARKS.refused : MARKS.fine} <b>{code}</b> <bdi>{withClock(visible(text), words.code)}</bdi>
    </span>
  );
}

function Detail({ student, words, look, now, bans, see, give }: Given & { student: Student }): JSX.Element {
  const { address, framing, dialect, name = address } = student, end = useRef<HTMLDivElement>(null);
  const rows = student.rows.filter((row) => isShown(row, look.shown));
  const last = rows.at(-1)?.key;
  const state = stateOf(student, now), delay = delayWords(student, state, words);
  useEffect(() => {
    const box = end.current!;
    // Who has scrolled up is reading: only at the end does it follow.
    if (box.scrollHeight - box.scrollTop - box.clientHeight < 200) box.scrollTop = box.scrollHeight;
  }, [last]);
  useEffect(() => {
    end.current!.scrollTop = end.current!.scrollHeight;
  }, [look.shown]);
  return (
    <aside class="detail" aria-label={words.detail(name)}>
      <div class="heading">
        <h2>
          <bdi>{calledOf(student)}</bdi>
        </h2>
        <Choice label={words.shown} value={look.shown} choices={words.shows} choose={(shown) => see({ shown })} />
        <button type="button" onClick={() => see({ dialog: "orders" })}>{words.moderate}</button>
        <button type="button" onClick={() => see({ open: undefined })}>{words.close}</button>
        <p class="quiet small">
          <bdi>{address}</bdi>, {words.dialect(dialect)}. {words.dialectHints[dialect]} {words.framingHints[framing]}
        </p>
        {student.deaf && <p class="small">{words.deaf}</p>}
        {delay !== undefined && <p class={state}>{MARKS[state]} {delay}</p>}
        <BanList
          bans={bansOf(bans, { name: student.name, address: host(address) })}
          words={orderCatalogues[look.language]}
          language={look.language}
          give={give}
        />
      </div>
      <div class="events" ref={end} tabIndex={0} role="region" aria-label={words.detail(name)}>
        {rows.length === 0 && <p class="quiet">{words.noRows}</p>}
        <ol>{rows.map((row) => <Line key={row.key} row={row} dialect={dialect} words={words} />)}</ol>
      </div>
    </aside>
  );
}

/** The dialog of orders about a student. */
function Orders(
  { student, roll, visit, words, look, ordered, see, give, dismiss }: Given & { student: Student },
): JSX.Element {
  const { name, address } = student, orders = orderCatalogues[look.language];
  /** An order from before this was opened does not close it. */
  const before = useRef(ordered);
  const here = roll.students.filter(({ goneAt }) => goneAt === undefined);
  const others = here.filter((each) => each.name === name).length;
  const namesakes = others > 1 ? { [student.role === undefined ? "guests" : "sessions"]: others } : {};
  // A ban of an IPv6 address is one of its network.
  const there = here.filter((each) => networkOf(host(each.address)) === networkOf(host(address)));
  const operators = there.flatMap(({ role, name }) => role === "operator" && name !== undefined ? [visible(name)] : []);
  useEffect(dismiss, []);
  return (
    <Modal
      title={visible(name ?? address)}
      closeLabel={words.close}
      isOver={ordered?.state === "done" && ordered !== before.current}
      returns
      close={() => see({ dialog: undefined })}
    >
      <OrderForm
        target={{
          name,
          address: host(address),
          ...namesakes,
          there: { count: there.length, operators: [...new Set(operators)] },
        }}
        words={orders}
        ordered={ordered}
        give={give}
      />
      {visit.stage === "looking" && visit.isOperator && name !== undefined && (
        <div class="row">
          {(["promote", "demote"] as const).map((action) => (
            <button
              key={action}
              type="button"
              onClick={() => give({ action, user_id: name })}
            >
              {orders[action]}
            </button>
          ))}
        </div>
      )}
    </Modal>
  );
}

/** All bans and mutes in force. */
function Bans({ words, look, bans, ordered, see, give, dismiss }: Given): JSX.Element {
  const orders = orderCatalogues[look.language];
  useEffect(dismiss, []);
  return (
    <Modal title={orders.bans} closeLabel={words.close} returns close={() => see({ dialog: undefined })}>
      {bans.length === 0
        ? <p class="quiet">{orders.noBans}</p>
        : <BanList bans={bans} words={orders} language={look.language} give={give} />}
      <p class="small" role="status">{ordered?.state === "done" ? doneOf(ordered.order, orders) : ""}</p>
      <p class="refusal" role="alert">{refusalOf(ordered, orders)}</p>
    </Modal>
  );
}

function Line({ row, dialect, words }: { row: Row; dialect: string; words: Words }): JSX.Element {
  const { way, time, text } = row;
  const clock = dateOf(time)?.toTimeString().slice(0, 8) ?? "";
  return (
    <li class={isWrong(row) ? "event wrong" : "event"} data-way={way}>
      <time>{clock}</time>
      <span class="way">
        {arrow(way)}
        <span class="unseen">{words.ways[way]}:</span>
      </span>
      <div>
        {way === "here" || way === "gone"
          ? <span class="quiet">{visible(text)}</span>
          : way !== "refused" && <code>{lines(text)}</code>}
        {isAnswerable(row) && <Answered row={row} dialect={dialect} words={words} />}
      </div>
    </li>
  );
}

/** New refusals, for who listens to the page: at most one announcement in a while. */
function Announcer({ roll, words, now }: Given): JSX.Element {
  const before = useRef(new Map<number, number>()), saidAt = useRef(0);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (now - saidAt.current < ANNOUNCING) return;
    const fresh = roll.students.filter(({ key, refusals }) => refusals > (before.current.get(key) ?? 0));
    const sum = fresh.reduce((sum, { key, refusals }) => sum + refusals - (before.current.get(key) ?? 0), 0);
    before.current = new Map(roll.students.map(({ key, refusals }) => [key, refusals]));
    if (sum === 0) return;
    saidAt.current = now;
    setSaid(words.announce(sum, fresh.slice(0, 5).map(({ name, address }) => name ?? address).join(", ")));
  });
  return <p class="unseen" aria-live="polite">{said}</p>;
}

function isShown(row: Row, shown: Look["shown"]): boolean {
  return shown === "all" || (shown === "wrong" ? isWrong(row) : row.way !== "out");
}

/** What can have an answer, or is one. */
type Answerable = Extract<Row, { way: "in" | "refused" }>;

function isAnswerable(row: Row): row is Answerable {
  return row.way === "in" || row.way === "refused";
}

function isWrong(row: Row): boolean {
  return isAnswerable(row) && (row.answer?.code ?? 0) >= 400;
}

function arrow(way: Row["way"]): string {
  return { in: "→", out: "←", refused: "·", here: "·", gone: "·" }[way];
}

/** On a card there is no room for the indentation of who writes an object over several lines. */
function oneLine(text: string): string {
  return visible(text.replace(/\s*\n\s*/g, " "));
}

function lines(text: string): ComponentChildren {
  return text.split("\n").map((line) => visible(line.replaceAll("\t", "  "))).join("\n");
}

function sizeOf(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
