/**
 * What a change of the state means for those who are here, whoever has caused it: a connection of this server, the account tool,
 * another server. What only concerns the one that has asked for the change is said by the handler of its request.
 */
import { quote, refuse } from "../../jim/mod.ts";
import { type Chat, markOf } from "./chat.ts";
import { displace } from "./displace.ts";
import { enforce } from "./moderation.ts";
import { putOutHolders } from "./token_use.ts";
import type { Effect } from "./state.ts";
import type { Person, Scene } from "./voice.ts";

/** @param isOwn a connection of this server has asked for it, and its handler has seen to the rest */
export function react<P extends Person>(chat: Chat<P>, scene: Scene<P>, effect: Effect, isOwn: boolean): void {
  switch (effect.kind) {
    case "registered":
      return displace(chat, scene, effect.account);
    case "removed":
      return sendAway("removed", quote(effect.account.name));
    case "renamed": {
      const { account, before } = effect; // other clients show its sessions by the old name
      sendAway("renamed", quote(before), quote(account.name));
      return displace(chat, scene, account);
    }
    case "password":
      return sendAway("changed", quote(effect.account.name)); // they have logged in by the old one
    case "operator":
      for (const session of chat.at(effect.account.side)) {
        session.mark = markOf(effect.account);
        if (!effect.account.operator) scene.voice.hides(session); // it has seen all that passes
      }
      return;
    case "session":
      return effect.is || isOwn ? undefined : putOutHolders(chat, scene, effect);
    case "member":
      return effect.is ? chat.joined(effect.room) : undefined;
    case "emptied":
      return chat.dissolve(effect.room);
    case "ban":
      return isOwn ? undefined : enforce(chat, scene, effect.ban, effect.is);
  }

  function sendAway(reason: "removed" | "renamed" | "changed", got: string, like?: string): void {
    if (!("account" in effect) || effect.account === undefined) return;
    const refusal = refuse(reason, { code: 401, got, ...(like === undefined ? {} : { like }) });
    for (const session of [...chat.at(effect.account.side)]) scene.voice.sendAway(session, refusal);
  }
}
