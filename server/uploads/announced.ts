/**
 * A file before its bytes are received: what the action `upload` announces, and the sender; or why it is refused. The chat's
 * rules know these types, and no more of server/uploads/, which is loaded with the first file.
 */
import type { RefusalReason } from "../../jim/mod.ts";

export interface AnnouncedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256?: string;
}

/** The sender of a file: its bytes count against the sender's quota. */
export interface FileSender {
  readonly host: string;
  /** The network of that address. */
  readonly network: string;
  readonly account?: { readonly id: number } | undefined;
}

/** Why a file is refused. */
export interface FileDenial {
  readonly code: number;
  readonly reason: RefusalReason;
  readonly limit?: number;
  readonly got?: string;
}
