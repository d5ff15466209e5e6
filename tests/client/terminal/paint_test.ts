import assert from "node:assert/strict";
import { ALARM, colourOf, PALETTE, QUIET } from "../../../client/terminal/paint.ts";

/** The light of one of the 256 colours, from 0 to 1, as WCAG has it. */
function luminance(colour: number): number {
  const levels = [0, 95, 135, 175, 215, 255], cube = colour - 16;
  const grey = 8 + 10 * (colour - 232);
  const parts = colour >= 232
    ? [grey, grey, grey]
    : [levels[Math.floor(cube / 36)]!, levels[Math.floor(cube / 6) % 6]!, levels[cube % 6]!];
  const [red, green, blue] = parts.map((part) => part / 255)
    .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

Deno.test("PALETTE is read on black and on white, each colour with a contrast of 4 to 1", () => {
  for (const colour of [...PALETTE, QUIET, ALARM]) {
    const light = luminance(colour);
    assert.ok(1.05 / (light + 0.05) >= 3.99 && (light + 0.05) / 0.05 >= 3.99, String(colour));
  }
});

Deno.test("colourOf gives a name the same colour always, and names all colours", () => {
  const names = Array.from({ length: 200 }, (_, index) => `guest-${index}`);
  assert.deepEqual(names.map(colourOf), names.map(colourOf));
  assert.deepEqual(new Set(names.map(colourOf)), new Set(PALETTE));
});
