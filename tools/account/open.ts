/** Opens the accounts of a data folder, or those at a broker: only then the library for it is loaded. */
import { failReading, type Language } from "../../cli/mod.ts";
import { brokerAccess, type BrokerValues } from "../../server/broker_options.ts";
import type { MaybePromise } from "../../server/journal/maybe_promise.ts";
import { openJournal } from "../../server/journal/sqlite.ts";
import { catalogues } from "../words.ts";
import { Accounts } from "./accounts.ts";
import type { AccountStore } from "./store.ts";

/** Where the accounts are. */
export interface Place extends BrokerValues {
  readonly data: string;
}

/** The program that opens them. */
export interface Opener {
  /** As its messages name it. */
  readonly name: string;
  /** Its set of permissions. */
  readonly permissions: string;
  readonly language: Language;
}

/**
 * Opens the accounts. Addresses that are none end the program with a line.
 *
 * @param existing the chat must be there
 * @throws {JournalRefused} if they cannot be used
 * @throws {Refused} if the broker does not answer
 */
export async function openAccounts(
  place: Place,
  existing: boolean,
  { name, permissions, language }: Opener,
): Promise<{ readonly accounts: AccountStore; close(): MaybePromise<void> }> {
  const broker = await brokerAccess(place, language).catch((error) => failReading(name, error, language));
  if (broker === undefined) {
    const journal = openJournal({ path: `${place.data}/hanita.db`, beside: true, existing });
    return { accounts: new Accounts(journal), close: () => journal.close() };
  }
  const { brokerLog } = await import("../../server/journal/nats/mod.ts");
  const { SharedAccounts } = await import("./shared_accounts.ts");
  const openLog = brokerLog({ ...broker, permissions });
  const accounts = await SharedAccounts.open(openLog, catalogues[language]);
  return { accounts, close: () => accounts.close() };
}
