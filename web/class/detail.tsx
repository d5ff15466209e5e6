/** One student's traffic: the objects it sent, their answers, and everything else. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { escapeInvisible } from "../../jim/invisible.ts";
import { BanList } from "../moderation/ban_list.tsx";
import { bansOf } from "../moderation/order.ts";
import { orderCatalogues } from "../moderation/words.ts";
import { dateOf } from "../formats.ts";
import { Select } from "./select.tsx";
import type { PageProps, ViewState } from "./props.ts";
import { host, type Row, stateOf, type Student } from "./roster.ts";
import { AnswerText, delayText, displayName, isAnswerable, isWrong, SYMBOLS } from "./student.tsx";
import { DeleteButton } from "./delete_button.tsx";
import { keyOf, messageIn } from "./traced_message.ts";
import type { Words } from "./words.ts";

export function StudentDetail(
  { student, session, words, view, now, bans, removals, updateView, give, remove }: PageProps & { student: Student },
): JSX.Element {
  const { server, address, framing, dialect, name = address } = student, end = useRef<HTMLDivElement>(null);
  const rows = student.rows.filter((row) => isShown(row, view.shown));
  const last = rows.at(-1)?.key, isOperator = session.stage === "inspecting" && session.isOperator;
  const state = stateOf(student, now), delay = delayText(student, state, words);
  useEffect(() => {
    const box = end.current!;
    // The list follows new rows only at its end: a teacher who scrolled up is reading.
    if (box.scrollHeight - box.scrollTop - box.clientHeight < 200) box.scrollTop = box.scrollHeight;
  }, [last]);
  useEffect(() => {
    end.current!.scrollTop = end.current!.scrollHeight;
  }, [view.shown]);
  return (
    <aside class="detail" aria-label={words.detail(name)}>
      <div class="heading">
        <h2>
          <bdi>{displayName(student)}</bdi>
        </h2>
        <Select
          label={words.shown}
          value={view.shown}
          choices={words.shows}
          choose={(shown) => updateView({ shown })}
        />
        <button type="button" onClick={() => updateView({ dialog: "orders" })}>{words.moderate}</button>
        <button type="button" onClick={() => updateView({ openStudent: undefined })}>{words.close}</button>
        <p class="quiet small">
          <bdi>{address}</bdi>, {server !== undefined && <bdi>{words.server(server)},</bdi>} {words.dialect(dialect)}.
          {" "}
          {words.dialectHints[dialect]} {words.framingHints[framing]}
        </p>
        {student.deaf && <p class="small">{words.deaf}</p>}
        {delay !== undefined && <p class={state}>{SYMBOLS[state]} {delay}</p>}
        <BanList
          bans={bansOf(bans, { name: student.name, address: host(address) })}
          words={orderCatalogues[view.language]}
          language={view.language}
          give={give}
        />
      </div>
      <div class="events" ref={end} tabIndex={0} role="region" aria-label={words.detail(name)}>
        {rows.length === 0 && <p class="quiet">{words.noRows}</p>}
        <ol>
          {rows.map((row) => {
            const message = isOperator && !isWrong(row) && row.way === "in" ? messageIn(name, row.text) : undefined;
            return (
              <TraceRow key={row.key} row={row} dialect={dialect} words={words}>
                {message && <DeleteButton {...{ message, remove, words }} removal={removals.get(keyOf(message))} />}
              </TraceRow>
            );
          })}
        </ol>
      </div>
    </aside>
  );
}

function TraceRow(
  { row, dialect, words, children }: { row: Row; dialect: string; words: Words; children: ComponentChildren },
): JSX.Element {
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
          ? <span class="quiet">{escapeInvisible(text)}</span>
          : way !== "refused" && <code>{lines(text)}</code>}
        {isAnswerable(row) && <AnswerText row={row} dialect={dialect} words={words} />}
        {children}
      </div>
    </li>
  );
}

function isShown(row: Row, shown: ViewState["shown"]): boolean {
  return shown === "all" || (shown === "wrong" ? isWrong(row) : row.way !== "out");
}

function arrow(way: Row["way"]): string {
  return { in: "→", out: "←", refused: "·", here: "·", gone: "·" }[way];
}

function lines(text: string): ComponentChildren {
  return text.split("\n").map((line) => escapeInvisible(line.replaceAll("\t", "  "))).join("\n");
}
