/** The dialog with all bans and mutes in force, for both pages. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ListedBan } from "../../jim/client/ban.ts";
import { Modal } from "../parts/modal.tsx";
import type { Language } from "../../jim/explain.ts";
import { BanList } from "./ban_list.tsx";
import type { Order, Ordered } from "./order.ts";

import { refusalOf } from "./order_form.tsx";
import { doneOf, type OrderWords } from "./words.ts";

/** The properties of a moderation dialog. */
export interface OrderDialog {
  readonly words: OrderWords;
  readonly language: Language;
  readonly closeLabel: string;
  /** The last order and its result, until it is dismissed. */
  readonly ordered: Ordered | undefined;
  give(order: Order): void;
  /** Hides the result of the last order. */
  dismiss(): void;
  close(): void;
}

/** @param bans `undefined` until they are known */
export function Bans(
  { bans, words, language, closeLabel, ordered, give, dismiss, close }: OrderDialog & {
    bans: readonly ListedBan[] | undefined;
  },
): JSX.Element {
  useEffect(() => {
    dismiss();
    return dismiss;
  }, []);
  return (
    <Modal title={words.bans} returns {...{ closeLabel, close }}>
      {bans === undefined
        ? <p class="quiet">{words.loading}</p>
        : bans.length === 0
        ? <p class="quiet">{words.noBans}</p>
        : <BanList {...{ bans, words, language, give }} />}
      <p class="small" role="status">{ordered?.state === "done" ? doneOf(ordered.order, words) : ""}</p>
      <p class="refusal" role="alert">{refusalOf(ordered, words)}</p>
    </Modal>
  );
}
