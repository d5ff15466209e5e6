/**
 * The changes of presence that the roster returns when it applies a record: of a session, of a guest in a room, of a server. They
 * say what other people see change, so that it can be announced.
 */
import type { Account, Room } from "./model.ts";
import type { Member, RemoteSession } from "./present_side.ts";

/** A side as others see it. */
export interface ShownSide {
  readonly name: string;
  readonly account: Account | undefined;
}

/**
 * A session has entered the chat, has another name or has left. The change says what others see of it, because only the moment at
 * which the record is applied shows that: the records behind it in the same batch change the roster again.
 */
export interface PresenceChange {
  readonly kind: "presence";
  readonly member: Member;
  /** It is a session of this server that another server has ended, by a kick for example: its connection is still to be closed. */
  readonly isEnded?: true;
  /** The side that it had; undefined if it was not in the chat. */
  readonly old: SideChange | undefined;
  /** The side that it has now; undefined if it has left. */
  readonly now:
    | SideChange & {
      /** The sessions of that side which other servers had before, and which read messages. */
      readonly elsewhere: readonly RemoteSession[];
      readonly status: string;
    }
    | undefined;
}

/** What others see of one side. */
export interface SideChange extends ShownSide {
  /** In `old`: the name is not shown any more. In `now`: it is shown from now on. */
  readonly isSeen: boolean;
  /** In `old`: rooms in which the side is not shown any more, although it is in the chat. In `now`: those in which it is from now on. */
  readonly rooms: readonly Room[];
}

/** A guest has entered or left a room. */
export interface AttendanceChange {
  readonly kind: "attendance";
  readonly member: Member;
  readonly side: ShownSide;
  readonly room: Room;
  /** It is in the room now. */
  readonly is: boolean;
  /** It is the first session of its side in the room, or was the last. */
  readonly isSeen: boolean;
  /** If a moderator has removed it from the room: the moderator's name, and the reason given. */
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** A server has come up, or is gone with its sessions. */
export interface ServerChange {
  readonly kind: "server";
  readonly server: string;
  /** It is up now. */
  readonly is: boolean;
  /** The sessions that have left the chat with it. */
  readonly left: readonly PresenceChange[];
}
