/** Where a side is present beside this server, as far as a message to it depends on that. */
export interface Elsewhere {
  /** The other servers with a session of a side that reads messages. */
  elsewhere(side: string): readonly string[];
  /** Whether a session of a side is on another server, whether or not it reads messages. */
  isElsewhere(side: string): boolean;
}

/** A server alone. */
export const NOWHERE: Elsewhere = { elsewhere: () => [], isElsewhere: () => false };
