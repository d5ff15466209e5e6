/**
 * Two clients that chat before, between and after the checks: a server is robust when their chat goes on undisturbed.
 */
import type { Text } from "../../cli/mod.ts";
import type { Peer } from "../../client/options.ts";
import { carries, code, isAnswer, msg, presence } from "./check.ts";
import { connect, PATIENCE, type ReceivedObject, STOPPED } from "./lenient_client.ts";

/** The server admits no guests, so nothing can be tested. */
export class NotAdmitted extends Error {
  override name = "NotAdmitted";
  readonly answer: ReceivedObject;

  /** @param answer the answer to presence */
  constructor(answer: ReceivedObject) {
    super("The server lets no guests in");
    this.answer = answer;
  }
}

/** Codes of JIM for what needs a login, or is forbidden. */
const REFUSED: ReadonlySet<number> = new Set([401, 402, 403]);

export interface Bystanders {
  /** Whether the server answers presence, and relays: after a check it is judged only by what it did before. */
  readonly answers: boolean;
  readonly relays: boolean;
  /** What is wrong with their chat; undefined when all is well. */
  complaint(): Promise<Text | undefined>;
  leave(): Promise<void>;
}

/**
 * Lets two people join. They see what the server can do, and tell when it no longer does.
 *
 * @throws {NotAdmitted} When presence is refused for want of an account.
 */
export async function bystanders(server: Peer): Promise<Bystanders> {
  const ann = await connect(server), bob = await connect(server);
  let count = 0;
  await ann.send(presence("ann the bystander"));
  const answer = await ann.receive(isAnswer, 0, STOPPED), answers = answer !== undefined;
  if (answers && REFUSED.has(code(answer))) {
    await Promise.all([ann.leave(), bob.leave()]);
    throw new NotAdmitted(answer);
  }
  await bob.send(presence("bob the bystander"));
  if (answers) await bob.receive(isAnswer, 0, STOPPED);
  const relays = await relayed(PATIENCE);
  return {
    answers,
    relays,
    async complaint() {
      if (ann.isOver || bob.isOver) {
        return { en: "a bystander's connection was ended", ru: "соединение постороннего закрыто" };
      }
      if (relays) {
        const lost = { en: "a bystander's message was not relayed", ru: "сообщение постороннего не передано" };
        return await relayed(STOPPED) ? undefined : lost;
      }
      const newcomer = await connect(server).catch(() => undefined);
      if (newcomer === undefined) return { en: "nobody can connect", ru: "никто не может подключиться" };
      await newcomer.send(presence("a late bystander"));
      const answered = !answers || await newcomer.receive(isAnswer, 0, STOPPED) !== undefined;
      await newcomer.leave();
      return answered ? undefined : {
        en: `a newcomer's presence was not answered within ${STOPPED / 1000} s`,
        ru: `на presence нового клиента нет ответа за ${STOPPED / 1000} с`,
      };
    },
    leave: async () => void await Promise.all([ann.leave(), bob.leave()]),
  };

  async function relayed(patience: number): Promise<boolean> {
    const text = `still here ${++count}.`;
    await ann.send(msg(text));
    return await bob.receive(carries(text), Math.max(0, bob.received.length - 50), patience) !== undefined;
  }
}
