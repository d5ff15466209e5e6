// Proposals of handlers, applied as the server does: when a request has been handled, one after the other.

import type { Chat } from "../../../server/chat/chat.ts";
import { react } from "../../../server/chat/reactions.ts";
import type { Effects, Outcome, RequestContext } from "../../../server/chat/effects.ts";
import type { Session } from "../../../server/chat/session.ts";
import type { StateProposal } from "../../../server/journal/records.ts";

/** Something proposed, and what is to be done when it has been decided on. */
interface Pending {
  readonly proposal: StateProposal;
  readonly then?: (context: RequestContext<Session>, outcome: Outcome) => void;
}

export class Proposals implements Pick<Effects<Session>, "propose" | "record"> {
  #pending: Pending[] = [];
  readonly #takeId: () => number;
  readonly #keep: (proposal: StateProposal) => boolean;

  /** @param keep whether the journal takes a record; it does unless given */
  constructor(takeId: () => number, keep: (proposal: StateProposal) => boolean = () => true) {
    this.#takeId = takeId;
    this.#keep = keep;
  }

  propose = (
    _: Session,
    proposal: StateProposal,
    then: (context: RequestContext<Session>, outcome: Outcome) => void,
    also: readonly StateProposal[] = [],
  ): void => {
    this.#pending.push({ proposal, then });
    this.record(also);
  };

  record = (proposals: readonly StateProposal[]): void => {
    for (const proposal of proposals) this.#pending.push({ proposal });
  };

  /** Applies what was proposed, and what is proposed because of that. */
  settle(chat: Chat<Session>, context: RequestContext<Session>): void {
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      const { proposal, then } = next;
      const outcome = this.#keep(proposal) ? chat.state.apply({ ...proposal, id: this.#takeId() }) : "failed";
      then?.(context, outcome);
      if (typeof outcome !== "string") react(chat, context, outcome, then !== undefined);
    }
  }
}
