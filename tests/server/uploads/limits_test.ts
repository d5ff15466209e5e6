// Which uploads may be announced, and which one gives way.

import assert from "node:assert/strict";
import type { AnnouncedFile, FileSender } from "../../../server/uploads/announced.ts";
import { UploadLimits } from "../../../server/uploads/limits.ts";
import { Upload } from "../../../server/uploads/upload.ts";

const IDLE = 600_000, ann: FileSender = { host: "10.0.0.7", network: "10.0.0.7", account: { id: 7 } };

/** So many unfinished uploads of others, which were touched at 0. */
function others(count: number): Upload[] {
  return Array.from({ length: count }, (_, i) => new Upload(`${i}`, { name: "a", size: 1, owner: `10.1.0.${i}` }, 0));
}

Deno.test("UploadLimits has an upload of others give way only to a file that may come then", () => {
  for (
    const [file, charged, space, reason] of [
      [{ name: "a", size: 1 }, 1, 0, "uploads"],
      [{ name: "a", size: 1 }, 10, 0, "fileaccountquota"],
      [{ name: "a", size: 200 }, 1, 1_100, "filespace"],
    ] as const
  ) {
    const limits = new UploadLimits({ limit: 1_000, daily: 10, space, now: () => IDLE });
    limits.charge(new Upload("", { name: "b", size: charged, owner: "@7" }, IDLE), ann);
    const present = { uploads: others(1_000), bytes: 1_000 }, asked: AnnouncedFile = file;
    const denial = limits.denialOf(asked, ann, present)!;
    assert.equal(denial.reason, reason);
    assert.equal(limits.givingWay(denial, asked, ann, present), reason === "uploads" ? present.uploads[0] : undefined);
  }
});
