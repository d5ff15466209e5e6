/**
 * A dialect: how one family of home-made programs words JIM. It is data, so that inside a server there is only JIM and
 * a new family is one more file here.
 * @module
 */

/** What a relay tells, before it is put in anybody's words. */
export interface Relay {
  readonly time: number;
  /** `#all`, a room, or the one person whom a private message is for. */
  readonly to: string;
  /** Who said it, as the server knows it. */
  readonly from: string;
  readonly message: string;
  readonly id: number;
}

/** A request's fields, checked by nobody yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** How a family of programs reads and writes. */
export interface Dialect {
  readonly name: string;
  /**
   * Whether an object shows that its sender speaks so. `bare` says that the sender has not ended an object with a
   * newline yet; who has, is taken at its literal word and never guessed at.
   */
  marks(fields: Fields, bare: boolean): boolean;
  /** The object in JIM's own words. Fields that JIM does not know may stay: nobody reads them. */
  reads(fields: Fields): Fields;
  /** A relay in this family's words, for a reader of that name. */
  relay(relay: Relay, reader: string): object;
  /** Whether its programs wait for an answer to a message. */
  readonly awaits: boolean;
  /** Whether its programs, once they have written, go on reading anything but answers. */
  readonly writersListen: boolean;
}
