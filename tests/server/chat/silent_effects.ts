// Effects that do nothing, for a test that says which ones do something.

import type { Effects } from "../../../server/chat/effects.ts";
import type { Session } from "../../../server/chat/session.ts";
import type { Proposals } from "./proposals.ts";

/** Proposals go to the journal of the test; nothing is sent, limited or counted. */
export function silentEffects({ propose, record }: Proposals): Effects<Session> {
  return {
    answer() {},
    tellServers() {},
    announce() {},
    notify() {},
    relayToAll() {},
    relayToSome() {},
    streamRows() {},
    startInspection() {},
    stopInspection() {},
    logOrder() {},
    logDenial() {},
    logLogin() {},
    relayStored() {},
    spendQuota: () => 0,
    refundQuota() {},
    updateSubscription() {},
    disconnect() {},
    refuseAndClose() {},
    propose,
    record,
    creationLimit: () => undefined,
    exhaustedQuota: () => undefined,
    failureReason: "store",
    countCreation() {},
    refundCreation() {},
    refreshState() {},
    newToken: () => "a token",
    lastId: 0,
    startJob() {},
  };
}
