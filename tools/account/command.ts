/** The commands of the account tool, one function each: what it looks up, what it proposes, and the line that it prints. */
import { escapeInvisible, isoTime } from "../../jim/mod.ts";
import { renaming } from "../../server/chat/rename.ts";
import type { Account, State } from "../../server/chat/state.ts";
import type { MaybePromise } from "../../server/journal/maybe_promise.ts";
import type { StateProposal } from "../../server/journal/records.ts";
import type { Texts } from "../words/english.ts";
import { Refused } from "../refused.ts";
import type { AccountStore } from "./store.ts";

export const COMMANDS = [
  "add",
  "passwd",
  "rename",
  "promote",
  "demote",
  "remove",
  "sessions",
  "logout",
  "list",
] as const;
export type CommandName = typeof COMMANDS[number];

/** A command with what was given to it. */
export interface Command {
  readonly command: CommandName;
  /** Of an account; empty for `list`. */
  readonly name: string;
  /** For `rename`. */
  readonly newName: string;
  /** With `add` and `passwd`: the account is an operator's. */
  readonly operator: boolean;
  /** With `demote` and `remove`: the last operator too. */
  readonly force: boolean;
}

/** A password that was chosen. */
export interface NewPassword {
  /** Its salt and hash. */
  readonly hash: string;
  /** The password itself, if it is for the first login only: somebody has to be told. */
  readonly oneTime?: string;
}

/** What commands work with. */
export interface Deps {
  readonly accounts: AccountStore;
  readonly texts: Texts;
  /** Asks for a new password, or makes one up. */
  newPassword(): Promise<NewPassword>;
  /** Tells something beside the result. */
  warn(line: string): void;
}

type Handler = (deps: Deps, command: Command) => string | Promise<string>;

const handlers: Readonly<Record<CommandName, Handler>> = {
  add,
  passwd: changePassword,
  rename,
  promote: (deps, command) => appoint(deps, command, true),
  demote: (deps, command) => appoint(deps, command, false),
  remove,
  sessions: showSessions,
  logout: endSessions,
  list,
};

/**
 * Carries out a command. Returns what to print.
 *
 * @throws {Refused} if it cannot be done; nothing is changed
 * @throws {JournalFailure} if the journal has failed; nothing is changed
 */
export function execute(deps: Deps, command: Command): string | Promise<string> {
  deps.accounts.refresh();
  return handlers[command.command](deps, command);
}

async function add(deps: Deps, { name, operator }: Command): Promise<string> {
  const { accounts, texts } = deps;
  const check = (state: State) => {
    const same = state.account(name);
    if (same !== undefined) throw new Refused(texts.hasAccount(same.name));
  };
  check(accounts.state); // before a password is typed for nothing
  const { hash: password, oneTime } = await deps.newPassword();
  await accounts.change((state) => {
    check(state);
    const time = Math.floor(Date.now() / 1000);
    return [{ kind: "account", name, password, ...onceOnly(oneTime), operator, time }];
  });
  warnOfLookalike(deps, name);
  return withOneTime(deps, texts.added(name), oneTime);
}

async function changePassword(deps: Deps, { name, operator }: Command): Promise<string> {
  const { accounts, texts } = deps, { id, name: shown } = find(deps, name);
  const { hash: password, oneTime } = await deps.newPassword();
  await change(deps, id, shown, (account) => [
    { kind: "password", account: id, password, ...onceOnly(oneTime) },
    ...(operator && !account.operator ? [{ kind: "operator", account: id, is: true } as const] : []),
  ]);
  return withOneTime(deps, texts.newPassword(accounts.state.accountById(id)!.name), oneTime);
}

/** The mark of a password for the first login, as a field of its record. */
function onceOnly(oneTime: string | undefined): { oneTime?: true } {
  return oneTime === undefined ? {} : { oneTime: true };
}

function withOneTime({ texts }: Deps, line: string, oneTime: string | undefined): string {
  return oneTime === undefined ? line : `${line}\n${texts.oneTimePassword(oneTime)}`;
}

async function rename(deps: Deps, { name, newName }: Command): Promise<string> {
  const { texts } = deps, { id, name: before } = find(deps, name);
  await change(deps, id, before, (account, state) => {
    if (state.accountsAlike(newName).some((other) => other !== account)) throw new Refused(texts.taken);
    return account.name === newName ? [] : renaming(state, account, newName);
  });
  warnOfLookalike(deps, newName);
  return texts.renamed(escapeInvisible(before), newName);
}

/** Makes an account an operator's, or takes that back. */
async function appoint(deps: Deps, { name, force }: Command, is: boolean): Promise<string> {
  const { texts } = deps, { id, name: shown } = find(deps, name);
  await change(deps, id, shown, (account, state) => {
    if (account.operator === is) throw new Refused((is ? texts.isOperator : texts.isNoOperator)(account.name));
    if (!is && !force) keepOperator(state, account, texts);
    return [{ kind: "operator", account: id, is, ...(is || force ? {} : { keepsOne: true }) }];
  });
  return (is ? texts.promoted : texts.demoted)(shown);
}

async function remove(deps: Deps, { name, force }: Command): Promise<string> {
  const { accounts, texts } = deps, { id, name: shown, side } = find(deps, name);
  await change(deps, id, shown, (account, state) => {
    if (account.operator && !force) keepOperator(state, account, texts);
    return [{ kind: "removal", of: id, ...(force ? {} : { isOwn: true }) }];
  });
  await accounts.forgetConversationsOf(side);
  return texts.removed(shown);
}

/** A line for each session token, the one that was used last first. A use is noted to the hour. */
function showSessions(deps: Deps, { name }: Command): string {
  const { texts } = deps, { name: shown, tokens: sessions } = find(deps, name);
  if (sessions.size === 0) return texts.noTokens(shown);
  const rows = [...sessions.values()].sort((one, other) => other.used - one.used || other.since - one.since);
  const named = (device: string | undefined) => device === undefined ? "" : `  ${escapeInvisible(device)}`;
  return rows.map(({ since, used, device }) => texts.token(isoTime(since) ?? "?", isoTime(used) ?? "?", named(device)))
    .join("\n");
}

async function endSessions(deps: Deps, { name }: Command): Promise<string> {
  const { texts } = deps, { id, name: shown } = find(deps, name);
  let count = 0;
  await change(deps, id, shown, ({ tokens: sessions }) => {
    count = sessions.size;
    return [...sessions].map(([hash, times]) => ({ kind: "session", account: id, hash, is: false, ...times }));
  });
  return texts.loggedOut(shown, count);
}

/** The role is first in a line: behind a name it could be a part of the name. */
function list({ accounts, texts }: Deps): string {
  const rows = [...accounts.state.accounts()].sort((one, other) => one.name < other.name ? -1 : 1);
  if (rows.length === 0) return texts.noAccounts;
  const role = ({ operator, isBot }: Account) => texts.roles[operator ? "operator" : isBot ? "bot" : "account"];
  return rows.map((account) => `${role(account)}  ${escapeInvisible(account.name)}`).join("\n");
}

/** The account of exactly that spelling, else the one that the server takes it for. */
function find({ accounts, texts }: Deps, name: string): Account {
  const account = accounts.state.account(name);
  if (account === undefined) throw new Refused(texts.noAccount(name));
  return account;
}

/** Changes an account that was found, and may have been removed since then. */
function change(
  { accounts, texts }: Deps,
  id: number,
  name: string,
  propose: (account: Account, state: State) => readonly StateProposal[],
): MaybePromise<void> {
  return accounts.change((state) => {
    const account = state.accountById(id);
    if (account === undefined) throw new Refused(texts.noAccountAnyMore(name));
    return propose(account, state);
  });
}

/** Only an operator can lift a ban, so one must remain, unless none is meant to. */
function keepOperator(state: State, account: Account, texts: Texts): void {
  for (const other of state.accounts()) if (other.operator && other !== account) return;
  throw new Refused(texts.lastOperator(account.name));
}

function warnOfLookalike({ accounts, texts, warn }: Deps, name: string): void {
  const like = accounts.state.lookalike(name);
  if (like !== undefined) warn(texts.lookalike(name, like.name));
}
