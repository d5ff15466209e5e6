/**
 * The journal of one server among several, over a NATS broker. This module loads the library, 16 MiB, so it is imported only
 * when there is a broker.
 *
 * @module
 */
import { type BrokerAddress, showAddress } from "./addresses.ts";
import { readAuthorities, readCredentials } from "./credentials.ts";
import type { ObjectStore } from "../../uploads/store.ts";
import { openSharedJournal, type SharedJournal, type SharedOptions } from "./journal.ts";
import { natsLog } from "./link.ts";
import type { OpenLog } from "./log.ts";
import { logger } from "../../../log/mod.ts";

export { parseAddresses } from "./addresses.ts";
export type { SharedJournal } from "./journal.ts";
export { isChatName } from "./names.ts";

const { info } = logger("server/journal/nats");

/** So many addresses or more are a cluster of brokers, and so many of them keep the stream. */
const REPLICAS = 3;

/** Where the log of a chat is, and how a program logs in to its broker. */
export interface BrokerLogOptions {
  readonly addresses: readonly BrokerAddress[];
  readonly chat: string;
  /** Files: see `credentials.ts`. */
  readonly authFile?: string | undefined;
  readonly caFile?: string | undefined;
  /** The set of permissions of this program, `cluster` unless given. */
  readonly permissions?: string;
}

export interface NatsOptions extends Omit<SharedOptions, "openLog" | "chat">, BrokerLogOptions {}

/**
 * Opens the database of a server, and brings it to the end of the chat's log.
 *
 * @throws {JournalRefused} in one line
 */
export async function openNatsJournal(options: NatsOptions): Promise<SharedJournal> {
  const openLog = brokerLog(options), { addresses, chat } = options;
  info("open", `one of the servers of the chat ${chat}, by ${addresses.map(showAddress).join(" or ")}`);
  return await openSharedJournal({ ...options, openLog });
}

/**
 * The log of a chat at a broker.
 *
 * @throws {JournalRefused} in one line, if a file cannot be used
 */
export function brokerLog(options: BrokerLogOptions): OpenLog {
  const { addresses, chat, authFile, caFile, permissions = "cluster" } = options;
  return natsLog({
    addresses,
    chat,
    replicas: addresses.length < REPLICAS ? 1 : REPLICAS,
    authenticator: authFile === undefined ? undefined : readCredentials(authFile, permissions),
    authorities: caFile === undefined ? [] : readAuthorities(caFile, permissions),
    permissions,
  });
}

/**
 * Returns what opens the files of a chat at its broker. The library for them is loaded with the first file. The login at the
 * broker and the authorities are read now, as for the log: later their files may be gone.
 *
 * @param freshFor for a test: milliseconds in which a file that is there is not put again
 * @throws {JournalRefused} in one line, if a file cannot be used
 */
export function brokerFiles(options: BrokerLogOptions, freshFor?: number): () => Promise<ObjectStore> {
  const { addresses, chat, authFile, caFile, permissions = "cluster" } = options;
  const authenticator = authFile === undefined ? undefined : readCredentials(authFile, permissions);
  const authorities = caFile === undefined ? [] : readAuthorities(caFile, permissions);
  return async () => {
    const { BrokerObjects } = await import("../../uploads/objects.ts"), { connect } = await import("./connect.ts");
    return new BrokerObjects({
      connect: () => connect({ addresses, authenticator, authorities, permissions }),
      chat,
      replicas: addresses.length < REPLICAS ? 1 : REPLICAS,
      ...freshFor === undefined ? {} : { freshFor },
    });
  };
}
