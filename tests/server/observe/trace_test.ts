import assert from "node:assert/strict";
import { line } from "../../../server/observe/trace.ts";
import type { TraceEvent } from "../../../server/observe/trace_event.ts";

const event: TraceEvent = {
  action: "trace",
  time: 0,
  address: "10.0.0.7:5",
  name: undefined,
  framing: "bare",
  dialect: "seed",
  way: "refused",
  text: "time: expected",
};

Deno.test("line says who, how it speaks, and which way", () => {
  assert.match(line(event, false), /^\d\d:\d\d:\d\d\.000 10\.0\.0\.7:5 bare seed ✗ time: expected$/);
  assert.match(line({ ...event, name: "ann", way: "out" }, false), / "ann" \(10\.0\.0\.7:5\) bare seed ← /);
});

Deno.test("line names the server of an event, if there are several", () => {
  assert.match(line({ ...event, server: "host:7777" }, false), / 10\.0\.0\.7:5 on host:7777 bare seed ✗ /);
});

Deno.test("line keeps what moves a cursor off the terminal", () => {
  assert.match(line({ ...event, text: "\u001b[2J\u202e\n" }, false), /\\u001b\[2J\\u202e\\u000a$/);
});

Deno.test("line is coloured where it is asked to be", () => {
  assert.ok(line(event, true).includes("\u001b[31m✗ time: expected"));
});
