/**
 * What may be announced: unfinished uploads, bytes of a sender in a day, bytes of all files; and which upload gives way when there
 * are too many, or when they reserve too much.
 */
import { DailyQuotas } from "../limits/daily_quotas.ts";
import type { AnnouncedFile, FileDenial, FileSender } from "./announced.ts";
import type { Upload } from "./upload.ts";

export interface UploadLimitsOptions {
  /** Bytes of one file, at most. */
  readonly limit: number;
  /** Bytes that one account, or all guests of one network, may send in a day; 0: no limit. */
  readonly daily: number;
  /** Bytes of all files together; 0: no limit. */
  readonly space: number;
  /** Milliseconds that never go back, and do not jump as a clock does that is set. */
  readonly now: () => number;
}

/** What there is of files. */
export interface PresentFiles {
  readonly uploads: readonly Upload[];
  /** Bytes of whole files. */
  readonly bytes: number;
}

/** Unfinished uploads of an account, of the guests of a network, and of all. */
const OF_ACCOUNT = 20, OF_NETWORK = 100, OF_ALL = 1000;
/** Milliseconds without a byte after which an upload may give way to a new one: a program may announce files and send none. */
const IDLE = 600_000;

export class UploadLimits {
  readonly #options: UploadLimitsOptions;
  readonly #accounts: DailyQuotas;
  readonly #networks: DailyQuotas;

  constructor(options: UploadLimitsOptions) {
    const { daily, now } = options;
    this.#options = options;
    this.#accounts = new DailyQuotas({ dailyPerAccount: daily, dailyPerAddress: 0 }, now);
    this.#networks = new DailyQuotas({ dailyPerAccount: 0, dailyPerAddress: daily }, now);
  }

  /** Why a file is refused; undefined if it may come. */
  denialOf({ size }: AnnouncedFile, sender: FileSender, { uploads, bytes }: PresentFiles): FileDenial | undefined {
    const { limit, space } = this.#options, owner = ownerOf(sender);
    if (size > limit) return { code: 403, reason: "largefile", limit, got: `${size}` };
    const unfinished = uploads.filter(({ whole }) => whole === undefined);
    const most = sender.account === undefined ? OF_NETWORK : OF_ACCOUNT;
    if (unfinished.filter((each) => each.owner === owner).length >= most) {
      return { code: 403, reason: "uploads", limit: most };
    }
    const quota = this.#quotasOf(sender).exhausted(sender);
    if (quota !== undefined) {
      return { code: 403, reason: `file${quota.scope}quota`, limit: quota.limit, got: `${quota.seconds}` };
    }
    const announced = unfinished.reduce((sum, each) => sum + each.size, 0);
    if (space > 0 && bytes + announced + size > space) {
      return { code: 403, reason: "filespace", limit: space, got: `${size}` };
    }
    // Last, so that an upload of others gives way only to a file that may come then.
    if (unfinished.length >= OF_ALL) return { code: 403, reason: "uploads", limit: OF_ALL };
    return undefined;
  }

  /** The upload that gives way to a file, which is refused because of too many uploads, or of the space that they reserve. */
  givingWay(
    { reason, limit }: FileDenial,
    { size }: AnnouncedFile,
    sender: FileSender,
    { uploads, bytes }: PresentFiles,
  ): Upload | undefined {
    const { now, space } = this.#options;
    if (reason !== "uploads" && !(reason === "filespace" && bytes + size <= space)) return undefined;
    const isOwn = reason === "uploads" && limit !== OF_ALL;
    return longestIdle(uploads, now() - IDLE, isOwn ? ownerOf(sender) : undefined);
  }

  /** Charges the quota of a sender for all bytes of an upload. */
  charge(upload: Upload, sender: FileSender): void {
    this.#quotasOf(sender).spend(sender, upload.size);
    upload.charged = sender;
  }

  /** Gives back what an upload was charged for bytes that are not kept. */
  refund({ charged }: Upload, bytes: number): void {
    if (charged !== undefined) this.#quotasOf(charged).refund(charged, bytes);
  }

  #quotasOf({ account }: FileSender): DailyQuotas {
    return account === undefined ? this.#networks : this.#accounts;
  }
}

/** The name of a sender in the note of an upload. */
export function ownerOf({ account, network }: FileSender): string {
  return account === undefined ? network : `@${account.id}`;
}

/**
 * The unfinished upload without a transfer that was touched before all others; undefined if there is none.
 *
 * @param before it was not touched after this moment, in milliseconds of the clock that never goes back
 * @param owner of the uploads; all by default
 */
function longestIdle(uploads: readonly Upload[], before: number, owner?: string): Upload | undefined {
  let found: Upload | undefined;
  for (const upload of uploads) {
    const { whole, stop, touchedAt } = upload,
      isIdle = whole === undefined && stop === undefined && touchedAt <= before;
    if (!isIdle || (owner ?? upload.owner) !== upload.owner) continue;
    if (found === undefined || touchedAt < found.touchedAt) found = upload;
  }
  return found;
}
