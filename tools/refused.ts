/** Why a command cannot be carried out; the message is one line for the user. */
export class Refused extends Error {}
