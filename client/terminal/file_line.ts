// A file of a message, in the line below its text.

import type { SharedFile } from "../../jim/mod.ts";
import { safe } from "../safe.ts";

/** A file of a message, as the client knows it. */
export type KnownFile = Pick<SharedFile, "name" | "size"> & Partial<SharedFile>;

const CLIP = "\u{1F4CE}";
const UNITS = ["B", "KB", "MB", "GB"];

/** The line of a file below the text of its message. With a key it has the link, on the server that the client is connected to. */
export function fileLine({ name, size, key }: KnownFile, origin: string): string {
  const link = key === undefined ? "" : ` ${origin}/files/${key}`;
  return `${CLIP} ${safe(name)} (${formatSize(size)})${link}`;
}

/** A number of bytes for people. */
export function formatSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const number = bytes / 1024 ** power;
  return `${number < 10 && power > 0 ? Math.round(10 * number) / 10 : Math.round(number)} ${UNITS[power]}`;
}
