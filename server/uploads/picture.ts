/** What a file is, by its first bytes: a picture of a kind that browsers show and that runs nothing, or anything else. */
import { imageSize } from "image-size";

/** A picture as it is shown. */
export interface Picture {
  readonly type: string;
  /** In pixels, after the turn that a camera has noted. */
  readonly width: number;
  readonly height: number;
}

/** The kinds that are served by their own type: none of them is a document, as SVG is. */
const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
};
/** Bytes of a file that are looked at: a camera may put a small picture and a profile of colours before the size. */
export const LOOKED_AT = 256 * 1024;
/** A wider or higher one is shown by no page. */
const LARGEST = 65_535;
/** Pixels in all: a file of some kilobytes may say that it has so many that a browser runs out of memory. A camera has fewer. */
const MOST = 250_000_000;
/** The markers of the segments with a JPEG's size, and how many others may be before them; a camera's has about twenty. */
const SIZES = [0xc0, 0xc1, 0xc2], SEGMENTS = 500;
/** Of EXIF's orientations those that swap width and height. */
const TURNED = 5;

/**
 * @param bytes the first ones of a file
 * @returns undefined if it is none of these kinds, whatever its name says
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const gif = Uint8Array.of(...new TextEncoder().encode("GIF89a"), 3, 0, 2, 0, 0, 0, 0);
 * assert.deepEqual(pictureOf(gif), { type: "image/gif", width: 3, height: 2 });
 * assert.equal(pictureOf(new TextEncoder().encode("<svg width='3' height='2'/>")), undefined);
 * ```
 */
export function pictureOf(bytes: Uint8Array): Picture | undefined {
  const kind = kindOf(bytes);
  if (kind === undefined || (kind === "jpg" && !isOrderly(bytes))) return undefined;
  try {
    const { width, height, type, orientation = 1 } = imageSize(bytes);
    if (type !== kind || !isSide(width) || !isSide(height) || width * height > MOST) return undefined;
    const isTurned = orientation >= TURNED;
    return { type: TYPES[kind]!, width: isTurned ? height : width, height: isTurned ? width : height };
  } catch (error) { // it is cut off, or was made to be misread
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** By the bytes that each kind begins with. The library knows many more, and looks further for some. */
function kindOf(bytes: Uint8Array): string | undefined {
  const begins = String.fromCharCode(...bytes.subarray(0, 16));
  if (begins.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (begins.startsWith("\xff\xd8\xff")) return "jpg";
  if (/^GIF8[79]a/.test(begins)) return "gif";
  return /^RIFF[^]{4}WEBPVP8/.test(begins) ? "webp" : undefined;
}

/**
 * Whether a JPEG has its segments one after the other, and not too many before its size. In one that was made to be misread the
 * library goes on byte by byte: that takes it 0.1 s.
 */
function isOrderly(bytes: Uint8Array): boolean {
  for (let at = 2, count = 0; count < SEGMENTS && bytes[at] === 0xff; count++) {
    const marker = bytes[at + 1]!, length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (SIZES.includes(marker)) return true;
    at += 2 + length;
  }
  return false;
}

function isSide(pixels: number): boolean {
  return Number.isInteger(pixels) && pixels > 0 && pixels <= LARGEST;
}
