/**
 * Who is here, and by what name. Pure and synchronous: no socket, no clock of its own, no disk; what is to be said goes
 * to a {@linkcode Voice}, so a test can listen to it.
 */
import type { Answer, Msg } from "../../jim/mod.ts";

/** One connection, as far as the chat is concerned. */
export interface Person {
  /** Undefined until presence has been said. */
  name: string | undefined;
}

/** Where answers and deliveries go. */
export interface Voice<P extends Person> {
  answer(to: P, answer: Answer): void;
  /** A message for everybody but its sender, and the answer to it. */
  toAll(from: P, msg: Msg, answer: Answer): void;
  /** A message for some, and the answer to it. */
  toSome(from: P, to: Iterable<P>, msg: Msg, answer: Answer): void;
  /** The person has come in, or has another name now. */
  arrived(who: P): void;
  /** The person wants to go: what it is owed is still sent. */
  goes(who: P): void;
}

/** Everybody who has said presence, by name. Guests may share a name: home-made clients all call themselves Guest. */
export class Chat<P extends Person> {
  readonly #named = new Map<string, Set<P>>();

  /** Those with that name; empty when there is nobody. */
  named(name: string): ReadonlySet<P> {
    return this.#named.get(name) ?? nobody;
  }

  /** Lets somebody in by a name, or gives who is here another one. */
  enter(person: P, name: string): void {
    this.leave(person);
    person.name = name;
    const namesakes = this.#named.get(name);
    if (namesakes === undefined) this.#named.set(name, new Set([person]));
    else namesakes.add(person);
  }

  /** From now on nobody finds the person by its name. The person keeps it: what was said before is still in that name. */
  leave(person: P): void {
    if (person.name === undefined) return;
    const namesakes = this.#named.get(person.name);
    namesakes?.delete(person);
    if (namesakes?.size === 0) this.#named.delete(person.name);
  }
}

const nobody: ReadonlySet<never> = new Set();
