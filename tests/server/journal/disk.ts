// Tests of what stands on a disk: each has a folder of its own.
import { type JournalOptions, openJournal } from "../../../server/journal/sqlite.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { Driver } from "./driver.ts";

/** Opens the journal of the test's folder, or of another one. */
export type Open = (options?: Partial<JournalOptions>) => Driver;

/** A test with a folder; what it opens is closed at its end. */
export function on(
  disk: string,
  act: (open: Open, path: string) => void | Promise<void>,
  needs: Parameters<typeof may> = [],
) {
  Deno.test({
    name: disk,
    ignore: !may("read", "write", ...needs),
    fn: async () => {
      using folder = makeFolder();
      const path = `${folder.path}/data/hanita.db`, opened = new Set<Driver>();
      const open: Open = (options) => {
        const driver = new Driver(() => openJournal({ path, ...options })), { journal } = driver, { close } = journal;
        journal.close = () => {
          opened.delete(driver);
          return close.call(journal);
        };
        opened.add(driver);
        return driver;
      };
      try {
        await act(open, path);
      } finally {
        for (const { journal } of opened) await journal.close();
      }
    },
  });
}
