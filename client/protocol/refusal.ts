/** Why something that was asked for was not done, as far as that is known. @module */

/**
 * The server's words; or `offline`: there was no connection, or it ended before the answer, so that it may be done after all. No
 * words of a server can mean the second.
 */
export type Refusal = { readonly words: string } | "offline";
