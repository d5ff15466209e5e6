// A file of a message, in the line below its text.

import { fileLine as plainLine } from "../../jim/file_line.ts";
import type { SharedFile } from "../../jim/mod.ts";
import { safe } from "../safe.ts";

/** A file of a message, as the client knows it. */
export type KnownFile = Pick<SharedFile, "name" | "size"> & Partial<SharedFile>;

/** The line of a file below the text of its message. With a key it has the link, on the server that the client is connected to. */
export function fileLine({ name, size, key }: KnownFile, origin: string): string {
  const link = key === undefined ? "" : ` ${origin}/files/${key}`;
  return `${plainLine(safe(name), size)}${link}`;
}
