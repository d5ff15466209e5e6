// A test of what every journal must do, asked of each of them, and of one that answers late.
import { memoryJournal } from "../../../server/journal/memory.ts";
import type { Journal } from "../../../server/journal/contract.ts";
import { openJournal } from "../../../server/journal/sqlite.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { Driver, type Said } from "./driver.ts";
import { FakeJournal } from "./fake.ts";
import { driverOf, hubOf, openMember } from "./nats/shared.ts";

/** Something else that appends to the same log; what it has said is in the log when it returns. */
type Other = (...said: Said[]) => void | Promise<void>;

interface Backend {
  readonly needs: Parameters<typeof may>;
  open(path: string, ready: () => void): Journal | Promise<Journal>;
  /** Undefined where no other process can have the log. */
  readonly other?: (journal: Journal, path: string) => Other;
}

const backends: Record<string, Backend> = {
  memoryJournal: { needs: [], open: () => memoryJournal() },
  openJournal: {
    needs: ["read", "write"],
    open: (path) => openJournal({ path }),
    other: (_, path) => async (...said) => {
      const tool = new Driver(() => openJournal({ path, beside: true }));
      tool.journal.snapshot();
      try {
        await tool.keep(...said);
      } finally {
        await tool.journal.close();
      }
    },
  },
  openSharedJournal: {
    needs: ["read", "write"],
    open: (path, onReady) => openMember(hubOf(path), path, onReady),
    other: (_, path) => async (...said) => {
      const member = await driverOf((ready) => openMember(hubOf(path), path.replace(".db", "-other.db"), ready));
      member.journal.snapshot();
      try {
        await member.keep(...said);
      } finally {
        await member.journal.close();
      }
    },
  },
  "openSharedJournal in memory": {
    needs: ["read", "write"], // no more than a name for its log
    open: (path, onReady) => openMember(hubOf(path), path, onReady, { inMemory: true }),
  },
  FakeJournal: {
    needs: [],
    open: (_, ready) => new FakeJournal({ ready }),
    other: (journal) => (...said) => (journal as FakeJournal).others(...said),
  },
};

/** A test of each journal, new and empty; with `needsOther` of those that another process can append to. */
export function each(
  name: string,
  act: (driver: Driver, other: Other) => Promise<void>,
  needsOther = false,
  among: readonly string[] = Object.keys(backends),
): void {
  for (const [which, { needs, open, other }] of Object.entries(backends)) {
    if (needsOther && other === undefined || !among.includes(which)) continue;
    Deno.test({
      name: `${which} ${name}`,
      ignore: !may(...needs),
      fn: async () => {
        using folder = needs.length > 0 ? makeFolder() : undefined;
        const path = `${folder?.path}/hanita.db`, driver = await driverOf((ready) => open(path, ready));
        try {
          driver.journal.snapshot();
          await act(driver, other?.(driver.journal, path) ?? (() => {}));
        } finally {
          await driver.journal.close();
        }
      },
    });
  }
}
