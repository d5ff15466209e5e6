/** The number by which the database knows a conversation. The ones that were used last are held in memory. */
import type { Conversation } from "./contract.ts";
import type { Statements } from "./statements.ts";

/** What is said to the database for that. */
type Sql = Pick<Statements, "conversation" | "putConversation">;

/** So many are held; then it begins anew. */
const HELD = 10_000;

export class Numbers {
  readonly #sql: Sql;
  readonly #held = new Map<Conversation, number>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Whether finding it takes no look into the database. */
  holds(conversation: Conversation): boolean {
    return this.#held.has(conversation);
  }

  /** Its number, undefined as long as nothing was said in it. */
  find(conversation: Conversation): number | undefined {
    let number = this.#held.get(conversation);
    if (number === undefined) {
      number = this.#sql.conversation.get(...sides(conversation))?.id as number | undefined;
      if (number !== undefined) this.#hold(conversation, number);
    }
    return number;
  }

  create(conversation: Conversation): number {
    const number = Number(this.#sql.putConversation.run(...sides(conversation)).lastInsertRowid);
    this.#hold(conversation, number);
    return number;
  }

  /** What was taken back, or given to nobody, must not be held. */
  forget(): void {
    this.#held.clear();
  }

  #hold(conversation: Conversation, number: number): void {
    if (this.#held.size >= HELD) this.#held.clear();
    this.#held.set(conversation, number);
  }
}

/** The two sides of a conversation; a room has no other. */
function sides(conversation: Conversation): [string, string] {
  const [one = "", other = ""] = conversation.split("\u0000");
  return [one, other];
}
