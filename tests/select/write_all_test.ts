import assert from "node:assert/strict";
import { writeAll } from "../../select/write_all.ts";

Deno.test("writeAll writes each byte once and in order, whatever part of them a write takes, and nothing for none", async () => {
  const written: number[] = [], parts = [3, 1, 100];
  const writer = {
    write(bytes: Uint8Array) {
      const part = bytes.subarray(0, parts.shift());
      written.push(...part);
      return Promise.resolve(part.length);
    },
  };
  await writeAll(writer, Uint8Array.from({ length: 20 }, (_, at) => at));
  assert.deepEqual(written, Array.from({ length: 20 }, (_, at) => at));
  await writeAll({ write: () => assert.fail("nothing is to be written") }, new Uint8Array());
});

Deno.test("writeAll rejects with the error of the write that failed", async () => {
  await assert.rejects(writeAll({ write: () => Promise.reject(new Error("gone")) }, new Uint8Array(1)), /gone/);
});
