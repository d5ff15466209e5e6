/** The accounts of a chat, wherever they are kept: the state, and the one way to change it. */
import type { State } from "../../server/chat/state.ts";
import type { Skipped } from "../../server/journal/contract.ts";
import type { MaybePromise } from "../../server/journal/maybe_promise.ts";
import type { StateProposal } from "../../server/journal/records.ts";

export interface AccountStore {
  readonly state: State;
  /** Records that cannot be read: what they said is not in the state. */
  readonly skipped: Skipped;
  /** Applies what others have appended. */
  refresh(): void;
  /**
   * Appends what is proposed on the newest state, all of it in one batch. Where that is not the newest one any more, it is
   * proposed once more.
   *
   * @param propose proposals that each have an effect on the state as it is; it may throw, and nothing is changed then
   * @throws {JournalFailure} if the journal has failed; nothing is changed
   * @throws {Refused} if the outcome is not known
   */
  change(propose: (state: State) => readonly StateProposal[]): MaybePromise<void>;
  /**
   * Lets nobody read any more what was said to and by an account. It is late without harm: an account's id is never given to
   * another one.
   */
  forgetConversationsOf(side: string): MaybePromise<void>;
}
