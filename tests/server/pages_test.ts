import assert from "node:assert/strict";
import fc from "fast-check";
import type { Journal } from "../../server/journal/contract.ts";
import { memoryJournal } from "../../server/journal/memory.ts";
import { JournalGuard } from "../../server/journal_guard.ts";
import { pageOf } from "../../server/pages.ts";

/** The same journal, as if over a network. */
function distant(journal: Journal): Journal {
  const { page, read } = journal;
  journal.page = async (query) => await page.call(journal, query);
  journal.read = async (...asked) => await read.apply(journal, asked);
  return journal;
}

/** Puts one message into a journal. */
function put(journal: Journal, id: number, conversation: string): void {
  const lines = new TextEncoder().encode(`{"action":"msg","message":"","id":${id}}\n`);
  const message = { kind: "message", id, last: id, count: 1, conversation, lines } as const;
  journal.append({ first: id, end: id + 1, records: [message] });
}

/** The ids of a page, read to its end. */
async function idsOf(...page: Parameters<typeof pageOf>): Promise<number[]> {
  const { quantity, rows } = (await pageOf(...page))!;
  const ids: number[] = [];
  for (let batch = await rows(); batch !== undefined; batch = await rows()) {
    for (const line of batch) ids.push(JSON.parse(new TextDecoder().decode(line)).id);
  }
  assert.equal(ids.length, quantity);
  return ids;
}

const lost = (): never => assert.fail("a message is lost");

Deno.test("pageOf is the page of one conversation into which parts of others were put", async () => {
  const bound = fc.option(fc.nat(40), { nil: undefined });
  const asked = fc.record({ before: bound, after: bound, limit: fc.integer({ min: 1, max: 8 }) });
  const part = fc.record({ after: fc.integer({ min: -1, max: 30 }), before: fc.nat(40) });
  await fc.assert(fc.asyncProperty(
    fc.array(fc.nat(2), { maxLength: 30 }),
    asked,
    part,
    part,
    fc.boolean(),
    async (said, { before, after, limit }, one, other, far) => {
      const journal = memoryJournal(), where = ["main", "one", "other"];
      const all = said.map((which, index) => ({ id: index + 1, conversation: where[which]! }));
      for (const { id, conversation } of all) put(journal, id, conversation);
      const query = {
        conversation: "main",
        limit,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      };
      const parts = [{ conversation: "one", ...one }, { conversation: "other", ...other }];
      const fits = all.filter(({ id, conversation }) => {
        const part = parts.find((each) => each.conversation === conversation);
        const within = part === undefined || (id > part.after && id < part.before);
        return within && id < (before ?? Infinity) && id > (after ?? -1);
      }).map(({ id }) => id);
      const expected = after === undefined ? fits.slice(-limit) : fits.slice(0, limit);
      assert.deepEqual(await idsOf(new JournalGuard(far ? distant(journal) : journal), query, parts, lost), expected);
    },
  ));
});
