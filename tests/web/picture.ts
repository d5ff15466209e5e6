// One picture of a page: wide and as on a phone beside it, in the light theme and in the dark one below; as WebP, so that a clone
// stays small.

import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";

/** The windows, in pixels, and the space between the parts. */
const WIDE = { width: 1130, height: 620 }, PHONE = { width: 390, height: 620 }, GAP = 12;
/** Of 1. Letters stay sharp, and a picture has some 60 kB. */
const QUALITY = 0.7;

/** Draws two rows of pictures, in the browser. */
const COMPOSE = `async (parts, { wide, phone, gap, quality }) => {
  const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
  canvas.width = wide.width + gap + phone.width;
  canvas.height = 2 * wide.height + gap;
  for (const [at, base64] of parts.entries()) {
    const image = new Image();
    image.src = "data:image/png;base64," + base64;
    await image.decode();
    context.drawImage(image, at < 2 ? 0 : wide.width + gap, at % 2 === 0 ? 0 : wide.height + gap);
  }
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}`;

/**
 * Takes the picture.
 *
 * @param before is done before each part, since what is open may close when the window changes
 */
export async function takePicture(page: Page, path: string, before: () => Promise<unknown>): Promise<void> {
  const parts: string[] = [];
  for (const size of [WIDE, PHONE]) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await before();
      await page.mouse.move(0, 0);
      parts.push((await page.screenshot({ animations: "disabled", caret: "hide" })).toString("base64"));
    }
  }
  await page.setViewportSize(WIDE);
  const drawing = await page.context().newPage(); // the policy of the chat's page allows no picture of this kind
  const given = { wide: WIDE, phone: PHONE, gap: GAP, quality: QUALITY };
  const webp = await drawing.evaluate(`(${COMPOSE})(${JSON.stringify(parts)}, ${JSON.stringify(given)})`);
  await drawing.close();
  await Deno.writeFile(path, Buffer.from(webp as string, "base64"));
}
