// Servers of one chat over a log in memory: each has its view in a file of its own.
import type { Journal } from "../../../../server/journal/contract.ts";
import { openSharedJournal, type SharedJournal, type SharedOptions } from "../../../../server/journal/nats/journal.ts";
import { Driver } from "../driver.ts";
import { FakeLog } from "./fake_log.ts";

const hubs = new Map<string, FakeLog>();

/** The log of a test, by the path of its first database. */
export function hubOf(path: string): FakeLog {
  const hub = hubs.get(path) ?? new FakeLog();
  hubs.set(path, hub);
  return hub;
}

/** A server's journal. No other server has to be waited for, unless a test says so. */
export function openMember(
  hub: FakeLog,
  path: string,
  onReady: () => void = () => {},
  options: Partial<SharedOptions> = {},
): Promise<SharedJournal> {
  return openSharedJournal({ path, openLog: hub.open, onReady, settle: 0, ...options });
}

/** The driver of a journal that opens at once or later. */
export async function driverOf(open: (ready: () => void) => Journal | Promise<Journal>): Promise<Driver> {
  let ready = () => {};
  const journal = await open(() => ready());
  return new Driver((onReady) => {
    ready = onReady;
    return journal;
  });
}
