/** Why a command cannot be carried out; the message is one line for the user. */
export class Refused extends Error {}

/** The exit status of a command: 1 and one line on standard error if it is refused. */
export async function statusOf(command: Promise<number>): Promise<number> {
  try {
    return await command;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.error(error.message);
    return 1;
  }
}
