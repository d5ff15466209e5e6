/** Jumps to a message, in whatever conversation it is. */
import { openConversation } from "./conversations.ts";
import { jumpTo } from "./history.ts";
import type { Step } from "./step.ts";

/** @param place the conversation of the message, which is opened; what a search has found stays */
export function jump(step: Step, id: number, place = step.state.open): void {
  const { state } = step, { search } = state;
  if (place !== state.open) {
    openConversation(step, place);
    state.search = search;
  }
  jumpTo(step, id);
}
