/** What a record has changed in the lasting state: what {@linkcode State.apply} returns. */
import type { EventRecord } from "../journal/records.ts";
import type { AccountChange } from "./account_changes.ts";
import type { Ban } from "./bans.ts";
import type { Account, Hook, Room } from "./model.ts";
import type { AttendanceChange, PresenceChange, ServerChange } from "./presence_changes.ts";
import type { RoomChange } from "./room_changes.ts";

/** The change that a record has made. */
export type StateChange =
  | AccountChange
  | RoomChange
  /** A direct group begins with `others`. */
  | {
    readonly kind: "created";
    readonly room: Room;
    readonly by: Account | undefined;
    readonly others: readonly Account[];
  }
  /** `by` is the owner that has removed it. */
  | { readonly kind: "emptied"; readonly room: Room; readonly by: string | undefined }
  | { readonly kind: "ban"; readonly ban: Ban; readonly is: boolean }
  | { readonly kind: "hook"; readonly hook: Hook; readonly is: boolean }
  | { readonly kind: "motd" }
  /** It is kept with the messages, and changes nothing of the state. */
  | { readonly kind: "event"; readonly event: EventRecord }
  | PresenceChange
  | AttendanceChange
  | ServerChange
  | { readonly kind: "kick"; readonly name: string; readonly reason: string | undefined };

/**
 * The record has no effect: an earlier one stands in the way, or its subject does not exist. The journal need not
 * keep it.
 */
export type Lost = "lost";
