import assert from "node:assert/strict";
import { parseDuration } from "../../jim/duration.ts";

Deno.test("parseDuration reads every unit, up to 520 weeks", () => {
  const durations = {
    "1s": 1,
    "59m": 3540,
    "24h": 86_400,
    "7 d": 604_800,
    "520w": 314_496_000,
    "314496000s": 314_496_000,
  };
  for (const [text, seconds] of Object.entries(durations)) assert.equal(parseDuration(text), seconds, text);
});

Deno.test("parseDuration reads nothing else", () => {
  const texts = [
    "",
    "s",
    "10",
    "0m",
    "-1h",
    "1.5h",
    "10min",
    "10M",
    "1h30m",
    " 1h",
    "1  h",
    "521w",
    "314496001s",
    "1e3s",
  ];
  for (const text of texts) assert.equal(parseDuration(text), undefined, text);
});
