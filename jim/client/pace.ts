// How fast requests may be sent to a server. One that is not known takes one object per `recv(1024)`: it gets one object to a
// write, at most 1024 bytes, and the next one after its answer, or after 0.7 s, as several never answer a message. A server
// that answers a presence with `"jim":1` gets many objects to a write and answers in its own time.

/** What a peer can take. */
export interface Pace {
  /** Objects that may be on their way without an answer. */
  readonly window: number;
  /** Milliseconds of silence after which the answers to them are not waited for any longer. */
  readonly patience: number;
}

/** For a server that is not known. */
export const CAREFUL: Pace = { window: 1, patience: 700 };
/**
 * Milliseconds to wait for an answer to the first presence, which every known server answers. The server may be Hanita on a busy
 * machine: given up for silent, it would have its answer taken for that to the next object.
 */
export const PRESENCE = 3_000;
/** Enough to keep a server busy for the time that an answer takes, and little enough to be held in both's buffers. */
export const FAST: Pace = { window: 256, patience: 10_000 };

/** Bytes of an object, its newline included, that every home-made server reads whole. */
export const OBJECT = 1024;
