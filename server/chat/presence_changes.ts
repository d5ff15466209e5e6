/** What a record of presence has changed, as the roster returns it: what others see of a session, a guest in a room, a server. */
import type { Account, Room } from "./model.ts";
import type { Member } from "./present_side.ts";

/** A side as others see it. */
export interface ShownSide {
  readonly name: string;
  readonly account: Account | undefined;
}

/**
 * A session has entered the chat, has another name or has left. What others see of that is decided with the record: at once with
 * others that are taken with it, it could not be told any more.
 */
export interface PresenceChange {
  readonly kind: "presence";
  readonly member: Member;
  /** It is a session of this server that another server has ended: its connection is open. */
  readonly isEnded?: true;
  /** The side that it had; undefined if it was not in the chat. */
  readonly old: SideChange | undefined;
  /** The side that it has now; undefined if it has left. */
  readonly now:
    | SideChange & {
      /** Another server had a session of that side before. */
      readonly wasElsewhere: boolean;
      readonly status: string;
    }
    | undefined;
}

/** What others see of one side. */
export interface SideChange extends ShownSide {
  /** The name is not shown any more, or is from now on. */
  readonly isSeen: boolean;
  /** Rooms in which the side is not seen any more although it is still there, or is seen from now on. */
  readonly rooms: readonly Room[];
}

/** A guest has entered or left a room. */
export interface AttendanceChange {
  readonly kind: "attendance";
  readonly member: Member;
  readonly side: ShownSide;
  readonly room: Room;
  readonly is: boolean;
  /** It is the first session of its side in the room, or was the last. */
  readonly isSeen: boolean;
  /** If somebody else has put it out: the name that has ordered it, and why. */
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** A server has come up, or is gone with its sessions. */
export interface ServerChange {
  readonly kind: "server";
  readonly server: string;
  readonly is: boolean;
  readonly left: readonly PresenceChange[];
}
