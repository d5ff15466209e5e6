/** Opens the accounts of a data folder, or those at a broker: only then the library for it is loaded. */
import { failUsage, type Language } from "../../cli/mod.ts";
import type { MaybePromise } from "../../server/journal/maybe_promise.ts";
import { openJournal } from "../../server/journal/sqlite.ts";
import { catalogues as serverCatalogues } from "../../server/words/mod.ts";
import { catalogues } from "../words.ts";
import { Accounts } from "./accounts.ts";
import type { AccountStore } from "./store.ts";

/** Where the accounts are. */
export interface Place {
  readonly data: string;
  readonly broker: string | undefined;
  readonly chat: string | undefined;
  readonly brokerAuth: string | undefined;
  readonly brokerCa: string | undefined;
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
  { data, broker, chat = "", brokerAuth: authFile, brokerCa: caFile }: Place,
  existing: boolean,
  { name, permissions, language }: Opener,
): Promise<{ readonly accounts: AccountStore; close(): MaybePromise<void> }> {
  if (broker === undefined) {
    const journal = openJournal({ path: `${data}/hanita.db`, beside: true, existing });
    return { accounts: new Accounts(journal), close: () => journal.close() };
  }
  const { brokerLog, isChatName, parseAddresses } = await import("../../server/journal/nats/mod.ts");
  const { SharedAccounts } = await import("./shared_accounts.ts");
  const addresses = parseAddresses(broker), says = serverCatalogues[language].broker;
  if (addresses === undefined) failUsage(name, `--broker: ${says.address(JSON.stringify(broker))}`, language);
  if (!isChatName(chat)) failUsage(name, `--chat: ${says.chatName(JSON.stringify(chat))}`, language);
  const openLog = brokerLog({ addresses, chat, authFile, caFile, permissions });
  const accounts = await SharedAccounts.open(openLog, catalogues[language]);
  return { accounts, close: () => accounts.close() };
}
