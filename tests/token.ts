/** What opens `inspect` and `/metrics` of a server that a test has started inside itself. */
export const TOKEN = "the-token-of-a-server-that-is-tested";

/** The request to see all that passes. */
export const inspect = { action: "inspect", time: 1_764_000_000, token: TOKEN };
