/**
 * The name of the server itself: the sender of a notice to a bare program, and of the placeholder for a message that was
 * removed while a page of the history was read. Nobody else can have it, since no name begins with `#`.
 */
export const SERVER_NAME = "#server";
