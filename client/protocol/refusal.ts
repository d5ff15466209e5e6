/** Why something that was asked for was not done, as far as that is known. @module */

/**
 * The server's words; or `offline`: there was no connection, or it ended before the answer, and then nobody knows whether it was
 * done. It is a value of its own, since a server may refuse with any words, also with none.
 */
export type Refusal = { readonly words: string } | "offline";
