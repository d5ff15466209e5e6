// Proposals of handlers, applied as the server does: who is in the chat at once, the rest when a request has been handled.

import type { Chat } from "../../../server/chat/chat.ts";
import { handleChange } from "../../../server/chat/handle_change.ts";
import type { Effects, Outcome, RequestContext } from "../../../server/chat/effects.ts";
import type { Session } from "../../../server/chat/session.ts";
import { isPresence } from "../../../server/journal/record_kinds.ts";
import type { PresenceProposal, StateProposal } from "../../../server/journal/records.ts";

/** Something proposed, and what is to be done when it has been decided on. */
interface Pending {
  readonly proposal: StateProposal;
  readonly then?: (context: RequestContext<Session>, outcome: Outcome) => void;
}

/** The chat that decides, and what it does. */
interface Here {
  readonly chat: Chat<Session>;
  readonly context: RequestContext<Session>;
}

export class Proposals implements Pick<Effects<Session>, "propose" | "record"> {
  #pending: Pending[] = [];
  readonly #takeId: () => number;
  readonly #here: () => Here;
  readonly #keep: (proposal: StateProposal) => boolean;

  /**
   * @param here the session that proposes
   * @param keep whether the journal takes a record; it does unless given
   */
  constructor(takeId: () => number, here: () => Here, keep: (proposal: StateProposal) => boolean = () => true) {
    this.#takeId = takeId;
    this.#here = here;
    this.#keep = keep;
  }

  propose = (
    _: Session | undefined,
    proposal: StateProposal,
    then: (context: RequestContext<Session>, outcome: Outcome) => void,
    also: readonly StateProposal[] = [],
  ): void => {
    if (isPresence(proposal)) return then(this.#here().context, this.#apply(proposal));
    this.#pending.push({ proposal, then });
    this.record(also);
  };

  record = (proposals: readonly StateProposal[]): void => {
    for (const proposal of proposals) {
      const outcome = isPresence(proposal) ? this.#apply(proposal) : this.#pending.push({ proposal });
      if (typeof outcome === "object") handleChange(this.#here().chat, this.#here().context, outcome, false);
    }
  };

  /** As with an embedded journal, who is in the chat changes at once. */
  #apply(proposal: PresenceProposal): Outcome {
    const { chat, context } = this.#here();
    return chat.state.apply({ ...proposal, id: context.effects.lastId }, true);
  }

  /** Applies what was proposed, and what is proposed because of that. */
  settle({ chat, context } = this.#here()): void {
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      const { proposal, then } = next;
      const outcome = this.#keep(proposal) ? chat.state.apply({ ...proposal, id: this.#takeId() }) : "failed";
      then?.(context, outcome);
      if (typeof outcome !== "string") handleChange(chat, context, outcome, then !== undefined);
    }
  }
}
