/**
 * Who is here, who has an account, which rooms there are and who is in them. Small enough to be kept in memory whole; each
 * change of what must last goes through {@linkcode Voice.keep} before it is made here.
 */
import type { Ban, Person } from "./voice.ts";

/** What the chat knows of an account. */
export interface Membership {
  /** May moderate. */
  readonly operator: boolean;
  readonly rooms: Set<string>;
  readonly contacts: Set<string>;
}

/** The rules that an operator chooses. */
export interface Rules {
  /** Whether anybody may register. */
  readonly registration: boolean;
  /** Whether somebody without an account may come in. */
  readonly guests: boolean;
  /** Connections of one account at a time. */
  readonly devices: number;
  /** Rooms that one person may be in. */
  readonly rooms: number;
  /** Missed messages of one conversation that are sent to who comes back. */
  readonly replay: number;
}

/** What was kept from an earlier life. */
export interface Kept {
  readonly accounts: readonly { readonly name: string; readonly operator: boolean }[];
  readonly rooms: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly contacts: readonly { readonly owner: string; readonly name: string }[];
  readonly bans: readonly Ban[];
  readonly motd: string;
}

/** This many guests who have left are remembered, to say "gone" and not "unknown". */
const REMEMBERED = 10_000;

export class Chat<P extends Person> {
  readonly rules: Rules;
  readonly accounts = new Map<string, Membership>();
  /** Each room's members: accounts by name, guests as they are. */
  readonly rooms = new Map<string, { readonly accounts: Set<string>; readonly guests: Set<P> }>();
  /** Those who asked who comes and goes. */
  readonly watchers = new Set<P>();
  /** What operators have forbidden, by kind and whom. */
  readonly bans = new Map<string, Ban>();
  /** The words that everybody is greeted with. */
  motd: string;
  readonly #named = new Map<string, Set<P>>();
  readonly #left = new Set<string>();

  constructor(rules: Rules, kept: Kept) {
    this.rules = rules;
    this.motd = kept.motd;
    for (const ban of kept.bans) this.bans.set(`${ban.kind} ${ban.who}`, ban);
    for (const { name, operator } of kept.accounts) this.addAccount(name, operator);
    for (const { owner, name } of kept.contacts) this.accounts.get(owner)?.contacts.add(name);
    for (const { name, members } of kept.rooms) {
      this.rooms.set(name, { accounts: new Set(members), guests: new Set() });
      for (const member of members) this.accounts.get(member)?.rooms.add(name);
    }
  }

  addAccount(name: string, operator = false): void {
    const { rooms = new Set<string>(), contacts = new Set<string>() } = this.accounts.get(name) ?? {};
    this.accounts.set(name, { operator, rooms, contacts });
  }

  /** The ban that is in force now, if there is one. */
  ban(kind: Ban["kind"], who: string, now: number): Ban | undefined {
    const ban = this.bans.get(`${kind} ${who}`);
    return ban !== undefined && now < ban.until ? ban : undefined;
  }

  /** An account is no more. Those who go by it may not any longer: they are returned. */
  removeAccount(name: string): P[] {
    const gone = this.accounts.get(name);
    for (const room of gone?.rooms ?? []) this.rooms.get(room)?.accounts.delete(name);
    this.accounts.delete(name);
    return [...this.named(name)].filter(({ proved }) => proved);
  }

  /** Those with that name; empty when there is nobody. Guests may share a name: home-made clients all say Guest. */
  named(name: string): ReadonlySet<P> {
    return this.#named.get(name) ?? nobody;
  }

  /** Those who come from that address. */
  *from(host: string): Iterable<P> {
    for (const people of this.#named.values()) for (const person of people) if (person.host === host) yield person;
  }

  /** Every name that somebody goes by, in order. */
  names(): string[] {
    return [...this.#named.keys()].sort();
  }

  /** Whether a guest of that name has been here. */
  hasLeft(name: string): boolean {
    return this.#left.has(name);
  }

  /** Lets somebody in by a name, or gives who is here another one. */
  enter(person: P, name: string, proved: boolean): void {
    this.#unname(person);
    if (proved || person.proved) this.#forget(person);
    person.name = name;
    person.proved = proved;
    const namesakes = this.#named.get(name);
    if (namesakes === undefined) this.#named.set(name, new Set([person]));
    else namesakes.add(person);
  }

  /** From now on nobody finds the person. The name stays with it: what it has said was said in that name. */
  leave(person: P): void {
    this.#unname(person);
    this.#forget(person);
    this.watchers.delete(person);
  }

  /** What a guest has ends with the connection, or when the guest becomes somebody. */
  #forget(person: P): void {
    for (const room of person.rooms ?? []) this.rooms.get(room)?.guests.delete(person);
    person.rooms = person.contacts = undefined;
  }

  /** The rooms and contacts of somebody; a guest's begin empty and end with the connection. */
  membership(person: P): Membership {
    if (person.proved) return this.accounts.get(person.name!)!;
    return { operator: false, rooms: person.rooms ??= new Set(), contacts: person.contacts ??= new Set() };
  }

  /** Those members of a room who are online, and how each is to be named. */
  *online(room: string): Iterable<P> {
    const { accounts, guests } = this.rooms.get(room)!;
    yield* guests;
    for (const name of accounts) yield* this.named(name);
  }

  #unname(person: P): void {
    const { name } = person;
    if (name === undefined) return;
    const namesakes = this.#named.get(name);
    if (namesakes === undefined || !namesakes.delete(person) || namesakes.size > 0) return;
    this.#named.delete(name);
    if (person.proved) return;
    this.#left.delete(name); // to the end of the line
    this.#left.add(name);
    if (this.#left.size > REMEMBERED) this.#left.delete(this.#left.values().next().value!);
  }
}

const nobody: ReadonlySet<never> = new Set();
