/**
 * The sessions of one name: those of this server as themselves, and those of other servers as {@linkcode RemoteSession}. Only the
 * roster changes them.
 */
import type { Account, Room } from "./model.ts";
import type { SenderMark, Session } from "./session.ts";

/** A session in the chat, as far as the roster knows it. */
export type Member = Pick<Session, "name" | "account" | "side" | "mark" | "rooms" | "receivesRelays">;

/** A session that is connected to another server. */
export class RemoteSession implements Member {
  readonly server: string;
  /** Its number on that server. */
  readonly number: number;
  readonly receivesRelays: boolean;
  /** The name of the session token that it has logged in with. */
  login: string | undefined;
  /** The id of the record by which it has entered under its present name. */
  since = 0;
  name: string | undefined;
  account: Account | undefined;
  side: string | undefined;
  mark: SenderMark | undefined;
  rooms: Map<Room, string> | undefined;

  constructor(server: string, number: number, receivesRelays: boolean) {
    this.server = server;
    this.number = number;
    this.receivesRelays = receivesRelays;
  }
}

/** The sessions of one side: of an account, or of all guests with one name. */
export interface PresentSide {
  /** The spelling of the first session. It is shown to others while any of them is connected. */
  readonly name: string;
  readonly account: Account | undefined;
  /** The sessions of this server, and those of others. */
  readonly here: Set<Member>;
  elsewhere: ReadonlySet<RemoteSession>;
  /** Guests by their numbers, counted from 1. A free number is used again. */
  readonly numbered: (Member | undefined)[];
  /** The last id before the guest was alone with the name; undefined while there are several. */
  aloneSince: number | undefined;
}

/** The number of sessions of a side, on all servers. */
export function sizeOf({ here, elsewhere }: PresentSide): number {
  return here.size + elsewhere.size;
}

/** All sessions of a side. */
export function* membersOf({ here, elsewhere }: PresentSide): Generator<Member, void> {
  yield* here;
  yield* elsewhere;
}

/** Whether a session is one of a side. */
export function hasMember({ here, elsewhere }: PresentSide, member: Member): boolean {
  return here.has(member) || elsewhere.has(member as RemoteSession);
}
