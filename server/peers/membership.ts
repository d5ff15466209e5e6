/**
 * This server among the others of its chat: it tells them that it is up, finds those that are gone, and puts its
 * sessions into the chat again when others have taken it for gone.
 */
import { logger } from "../../log/mod.ts";
import type { Chat } from "../chat/chat.ts";
import type { Effects } from "../chat/effects.ts";
import { serverId } from "../chat/server_id.ts";
import type { Connection } from "../net/connection.ts";
import type { Heartbeats } from "./heartbeats.ts";
import { publish } from "./publish.ts";

interface Deps {
  readonly chat: Chat<Connection>;
  readonly effects: Effects<Connection>;
  /** This process, as the others name it. */
  readonly self: string;
  readonly heartbeats: Heartbeats;
  /** What operators call this server; the same after a restart. */
  readonly name: string;
  /** Its data folder, by a number. */
  readonly home: number | undefined;
  /** Whether the log can be reached. */
  readonly isUp: () => boolean;
  /** Whether what was proposed before may still be under way: it is not proposed again. */
  readonly isLate: () => boolean;
}

const { info, warning } = logger("server/peers");

export class Membership {
  readonly #deps: Deps;
  /** How often this server has come up. */
  #life = 1;
  /** The log has had this server since it came up last. */
  #wasUp = false;

  constructor(deps: Deps) {
    this.#deps = deps;
    const { chat, effects, self, heartbeats, name, home } = deps, { roster } = chat;
    roster.self = serverId(self, this.#life);
    // If this server was killed, the log still has its sessions. A copy of its data folder may be another one's by now.
    for (const [server, other] of roster.servers) {
      if (other.name === name && other.home === home) heartbeats.suspect(server);
    }
    publish(chat, effects, deps);
  }

  /** Removes all sessions of this server from the chat: it stops, and their connections are about to be closed. */
  stop(): void {
    const { chat: { roster }, effects } = this.#deps;
    roster.isStopping = true;
    effects.record([{ kind: "server", server: roster.self, is: false }]);
  }

  /** Called each second. */
  runRound(): void {
    if (this.#deps.chat.roster.isStopping) return;
    const { chat, effects, self, heartbeats, isUp, isLate } = this.#deps, { roster } = chat;
    const gone = heartbeats.beat(roster.self, roster.servers.keys(), isUp());
    if (isLate()) return;
    for (const server of gone) {
      info("runRound", `${roster.servers.get(server)!.name} is gone: it has been silent for 7 s`);
    }
    effects.record(gone.map((server) => ({ kind: "server", server, is: false })));
    if (roster.isUp) this.#wasUp = true;
    else if (this.#wasUp) {
      warning("runRound", "other servers have taken this one for gone; it comes up again");
      roster.self = serverId(self, ++this.#life);
      this.#wasUp = false;
    }
    publish(chat, effects, this.#deps);
  }
}
