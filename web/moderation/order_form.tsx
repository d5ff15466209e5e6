/** The form of a moderation order: action, person or address, duration and reason. */
import { SHORT_TEXT } from "../../jim/limits.ts";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Choice } from "../parts/choice.tsx";
import { type Order, type Ordered, whomOf } from "./order.ts";
import type { OrderWords } from "./words.ts";

type Put = "mute" | "kick" | "ban";

/** The default duration of a mute or a ban. */
const USUAL = "10m";

/** The person or connection that an order is about. */
export interface Target {
  /** Missing for a connection without a name. */
  readonly name: string | undefined;
  /** Without the port; only where the operator can see it. */
  readonly address?: string;
  /** How many guests share the name, if several do. */
  readonly guests?: number | undefined;
  /** How many programs are logged in to the account, if several are. */
  readonly sessions?: number | undefined;
  /** How many connections the address has, and the operators among them. */
  readonly there?: { readonly count: number; readonly operators: readonly string[] };
}

export function OrderForm({ target, words, ordered, give }: {
  target: Target;
  words: OrderWords;
  ordered: Ordered | undefined;
  give: (order: Order) => void;
}): JSX.Element {
  const { name, address } = target;
  const [action, setAction] = useState<Put>(name === undefined ? "ban" : "mute");
  const [by, setBy] = useState<"name" | "address">(name === undefined ? "address" : "name");
  const [end, setEnd] = useState(USUAL), [reason, setReason] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current!.querySelector<HTMLElement>("input:checked, select")?.focus(), []);
  const isOfAddress = action === "ban" && by === "address";
  const whom = isOfAddress ? { address: address! } : { user_id: name! };
  const hasEnd = action !== "kick", waits = ordered?.state === "asked";
  const actions = name === undefined ? { ban: words.actions.ban } : words.actions;

  function submit(event: Event): void {
    event.preventDefault();
    if (waits) return;
    const why = reason.trim();
    give({ action, ...whom, ...(hasEnd && end !== "" ? { for: end } : {}), ...(why === "" ? {} : { reason: why }) });
  }

  return (
    <form class="order" ref={form} onSubmit={submit}>
      <Choice
        name="action"
        label={words.what}
        value={action}
        of={actions as Readonly<Record<Put, string>>}
        choose={setAction}
      />
      <p class="quiet small">{words.hints[action]}</p>
      {action === "ban" && name !== undefined && address !== undefined && (
        <label>
          <span>{words.whom}</span>
          <select value={by} onChange={({ currentTarget }) => setBy(currentTarget.value as "name" | "address")}>
            <option value="name">{words.byName(name)}</option>
            <option value="address">{words.byAddress(address)}</option>
          </select>
        </label>
      )}
      <TargetHint target={target} words={words} isOfAddress={isOfAddress} />
      {hasEnd && <EndField words={words} end={end} setEnd={setEnd} />}
      <ReasonField words={words} reason={reason} setReason={setReason} />
      <p class="refusal" role="alert">{refusalOf(ordered, words)}</p>
      <button type="submit" class="danger" aria-disabled={waits}>
        {waits ? words.giving : words.give[action](whomOf(whom))}
      </button>
    </form>
  );
}

function EndField({ words, end, setEnd }: {
  words: OrderWords;
  end: string;
  setEnd: (end: string) => void;
}): JSX.Element {
  return (
    <label>
      <span>{words.end}</span>
      <select value={end} onChange={({ currentTarget }) => setEnd(currentTarget.value)}>
        {Object.entries(words.ends).map(([each, said]) => <option key={each} value={each}>{said}</option>)}
      </select>
    </label>
  );
}

function ReasonField({ words, reason, setReason }: {
  words: OrderWords;
  reason: string;
  setReason: (reason: string) => void;
}): JSX.Element {
  return (
    <label>
      <span>{words.reason}</span>
      <input
        value={reason}
        maxLength={SHORT_TEXT}
        placeholder={words.reasonHint}
        dir="auto"
        onInput={({ currentTarget }) => setReason(currentTarget.value)}
      />
    </label>
  );
}

/** How many people or connections the order is about. */
function TargetHint({ target: { guests, sessions, there }, words, isOfAddress }: {
  target: Target;
  words: OrderWords;
  isOfAddress: boolean;
}): JSX.Element | null {
  if (!isOfAddress) {
    if (guests !== undefined) return <p class="quiet small">{words.all(guests)}</p>;
    return sessions === undefined ? null : <p class="quiet small">{words.sessions(sessions)}</p>;
  }
  return (
    <>
      <p class="quiet small">{words.addressHint}</p>
      {there !== undefined && (
        <p class={there.count > 1 ? "caution small" : "quiet small"}>{words.there(there.count, there.operators)}</p>
      )}
    </>
  );
}

/** Why an order was refused; empty if it was not. */
export function refusalOf(ordered: Ordered | undefined, words: OrderWords): string {
  if (ordered?.state !== "refused") return "";
  return ordered.why === "offline" ? words.broken : ordered.why.words;
}
