/**
 * The files of the chat: which uploads there are, what each sender may still send, and which files are needed. A file belongs to
 * the messages that have it, and the journal knows those; here is no list of files that could differ from it.
 *
 * An upload is announced, then its bytes come, in one transfer or in several; when they are whole, messages can have it. It ends
 * a day after its last byte, or an hour after it was last of use; or earlier, when it has had no byte for ten minutes and a new one
 * needs its place or its space.
 */
import { createHash } from "node:crypto";
import type { SharedFile } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";
import { newToken } from "../auth/token.ts";
import type { AnnouncedFile, FileDenial, FileSender } from "./announced.ts";
import { type Journal, JournalFailure } from "../journal/contract.ts";
import { fileOf } from "../journal/lines.ts";
import { Gate } from "../web/gate.ts";
import { FileDisk, type PartFile } from "./disk.ts";
import { ownerOf, type PresentFiles, UploadLimits, type UploadLimitsOptions } from "./limits.ts";
import { isNoSpace, receive, type Received } from "./receive.ts";
import { type ObjectStore, StoreFailure } from "./store.ts";
import { parseNote, Upload, type WholeFile } from "./upload.ts";

export interface FilesOptions extends UploadLimitsOptions {
  /** The folder of the files, which is made when there is one. */
  readonly folder: string;
  /** A file that is acknowledged survives a failure of power. */
  readonly syncs: boolean;
  readonly journal: Pick<Journal, "fileLine" | "filesAmong">;
  readonly objects?: ObjectStore;
  /** Whether the journal has all that other servers have said; always by default. */
  readonly isCurrent?: () => boolean;
  /** For a test: the disk. */
  readonly disk?: FileDisk;
}

/** What the log says of a disk without space for files. */
const NO_SPACE = "the disk has no space left for files", DISK_FAILS = "the disk fails";
/** Milliseconds between two lines of the log about a disk that fails. */
const QUIET = 60_000;
const HOUR = 3_600_000, DAY = 24 * HOUR;
/** Pieces that are handled in a row, and milliseconds from the first of them to the next ones: the chat has the rest of the time. */
const PIECES = 4, PAUSE = 4;

const { info, error } = logger("server/uploads");

/** How a transfer has ended. `ended`: its upload had ended before, and no byte was taken. */
export type Taken = Received | "ended";

export class Files {
  readonly limit: number;
  readonly #options: FilesOptions;
  readonly #disk: FileDisk;
  readonly #uploads = new Map<string, Upload>();
  readonly #limits: UploadLimits;
  readonly #gate = new Gate(PIECES, PAUSE);
  /** Bytes of whole files. */
  #bytes = 0;
  /** When messages were given files, within an hour: what the journal says of these may be older. */
  readonly #attached = new Map<string, number>();
  /** Files that are being brought from the broker, by their hashes. */
  readonly #fetches = new Map<string, Promise<boolean>>();
  /** These settle when no file is being kept, and when none is being removed. */
  #kept: Promise<unknown> = Promise.resolve();
  #removed: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #failedAt = -Infinity;

  private constructor(options: FilesOptions) {
    const { folder, disk = new FileDisk(folder) } = options;
    this.limit = options.limit;
    this.#options = options;
    this.#disk = disk;
    this.#limits = new UploadLimits(options);
  }

  /** Reads what the folder has: uploads that began before a restart go on. */
  static async open(options: FilesOptions): Promise<Files> {
    const files = new Files(options);
    for await (const { id, text } of files.#disk.notes()) {
      const note = parseNote(text);
      if (note === undefined) continue;
      const upload = new Upload(id, note, options.now());
      upload.hash = undefined;
      // If all had come and it was not yet whole, the last byte is taken once more: with it the upload is finished.
      const come = Math.min(await files.#disk.sizeOfPart(id), upload.size - 1);
      upload.offset = upload.whole === undefined ? come : upload.size;
      files.#uploads.set(id, upload);
    }
    await files.#disk.removeOrphans((id) => files.#uploads.has(id));
    for await (const { size } of files.#disk.contents()) files.#bytes += size;
    return files;
  }

  /** Announces an upload. Returns the token by which its bytes are sent, or why it is refused. */
  async announce(file: AnnouncedFile, sender: FileSender): Promise<{ readonly upload: string } | FileDenial> {
    const hasSpace = await this.#disk.space.has(file.size), limits = this.#limits, present = this.#present;
    const denial = limits.denialOf(file, sender, present);
    if (denial !== undefined) {
      const idle = limits.givingWay(denial, file, sender, present);
      if (idle === undefined) return denial;
      await this.cancel(idle);
      return await this.announce(file, sender);
    }
    if (!hasSpace) {
      this.#noteFailure(NO_SPACE);
      return { code: 500, reason: "filedisk" };
    }
    const token = newToken(), id = idOf(token), owner = ownerOf(sender);
    const upload = new Upload(id, { ...file, owner }, this.#options.now());
    this.#uploads.set(id, upload); // before the next wait, so that it counts
    limits.charge(upload, sender);
    const isNoted = await this.#attempt(() => this.#disk.putNote(id, upload.note));
    if (isNoted === true) return { upload: token };
    await this.cancel(upload);
    return { code: 500, reason: isNoted === "full" ? "nospace" : "store" };
  }

  /** The file of an upload for a message, with a key of its own; or why the message cannot have it. */
  attach(token: string): SharedFile | FileDenial {
    const upload = this.find(token);
    if (upload === undefined) return { code: 404, reason: "noupload" };
    const { whole, size, offset } = upload;
    if (whole === undefined) return { code: 409, reason: "partial", got: `${offset}`, limit: size };
    upload.touchedAt = this.#options.now();
    this.#attached.set(whole.sha256, upload.touchedAt);
    return { ...whole, key: newToken() };
  }

  find(token: string): Upload | undefined {
    return this.#uploads.get(idOf(token));
  }

  /** Takes bytes of an upload; another transfer of it is stopped first. */
  async receive(upload: Upload, from: number, pieces: AsyncIterable<Uint8Array>, stop: () => void): Promise<Taken> {
    upload.stop?.();
    upload.stop = stop;
    const turn = Promise.withResolvers<void>(), before = upload.idle;
    upload.idle = turn.promise;
    await before;
    try {
      if (!this.#isKnown(upload)) return "ended";
      if (upload.whole !== undefined || from !== upload.offset) return "part";
      upload.touchedAt = this.#options.now();
      const { syncs } = this.#options;
      return await this.#finish(upload, await receive(upload, this.#disk, pieces, () => this.pass(), syncs));
    } finally {
      upload.touchedAt = this.#options.now();
      if (upload.stop === stop) upload.stop = undefined;
      turn.resolve();
    }
  }

  /** An upload from its beginning once more: what has come is of no use. */
  async restart(upload: Upload): Promise<void> {
    upload.stop?.();
    await upload.idle;
    if (upload.whole !== undefined) return;
    upload.offset = 0;
    upload.hash = createHash("sha256");
  }

  /** Ends an upload; messages that have its file keep it. */
  async cancel(upload: Upload): Promise<void> {
    upload.stop?.();
    this.#uploads.delete(upload.id);
    await upload.idle;
    if (upload.whole === undefined) this.#limits.refund(upload, upload.size - upload.offset);
    await this.#attempt(() => this.#disk.removeUpload(upload.id));
  }

  /**
   * The file that a key opens, and its bytes: undefined if its message was deleted or is too old, or there was none; "failed" if
   * the journal or the disk fails.
   */
  async open(key: string): Promise<{ readonly file: SharedFile; readonly bytes: PartFile } | undefined | "failed"> {
    let line: Uint8Array | undefined;
    try {
      line = await this.#options.journal.fileLine(key);
    } catch (failure) {
      if (failure instanceof JournalFailure) return "failed";
      throw failure;
    }
    const file = line && fileOf(line);
    if (file === undefined || file.key !== key) return undefined;
    const bytes = await this.#openContent(file);
    return typeof bytes === "object" ? { file, bytes } : bytes === "failed" ? "failed" : undefined;
  }

  /** Settles when the next piece of a transfer may be handled. */
  pass(): Promise<void> {
    return this.#gate.pass();
  }

  /** Removes uploads that have ended, and files that no message and no upload has. */
  async sweep(): Promise<void> {
    const moment = this.#options.now();
    for (const [hash, attachedAt] of this.#attached) if (moment - attachedAt > HOUR) this.#attached.delete(hash);
    for (const upload of this.#uploads.values()) {
      const age = moment - upload.touchedAt;
      if (upload.stop === undefined && age > (upload.whole === undefined ? DAY : HOUR)) await this.cancel(upload);
    }
    await this.#attempt(() => this.#sweepContents());
    await this.#sweepObjects();
  }

  /** Ends all transfers. What has come of them stays. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#gate.close();
    for (const { stop } of this.#uploads.values()) stop?.();
    await this.#options.objects?.close();
  }

  get #present(): PresentFiles {
    return { uploads: [...this.#uploads.values()], bytes: this.#bytes };
  }

  /** Whether an upload has not ended. */
  #isKnown(upload: Upload): boolean {
    return this.#uploads.get(upload.id) === upload;
  }

  async #finish(upload: Upload, received: Received): Promise<Taken> {
    if (received === "full" || received === "failed") {
      this.#noteFailure(received === "full" ? NO_SPACE : DISK_FAILS);
    }
    // Its bytes make room for those of others.
    if (received === "full") await this.#drop(upload);
    const { finishing } = upload;
    if (received !== "whole" || finishing === undefined) return received;
    if (!this.#isKnown(upload)) return "ended";
    // Until it is kept it is not whole: it counts as announced, and no message can have it.
    const done = await this.#attempt(async () => {
      await this.#putObject(upload, finishing);
      await this.#keep(upload, finishing);
      await this.#disk.putNote(upload.id, upload.note);
    });
    if (done === true) upload.whole = finishing;
    else await this.#drop(upload);
    upload.finishing = undefined;
    return done === true ? "whole" : done;
  }

  /** Keeps files one after the other: a class may send the same file at once, and only the first of these takes space. */
  #keep({ id, size }: Upload, { sha256 }: WholeFile): Promise<void> {
    const kept = this.#kept.then(async () => {
      await this.#removed; // it may be the same file, which is then put there again
      if (await this.#disk.keep(id, sha256)) this.#bytes += size;
    });
    this.#kept = kept.catch(() => {});
    return kept;
  }

  async #putObject({ id, size }: Upload, { sha256 }: WholeFile): Promise<void> {
    const { objects } = this.#options;
    if (objects === undefined) return;
    const part = await this.#disk.openPart(id);
    try {
      await objects.put(sha256, size, part);
    } finally {
      part.close();
    }
  }

  /** Forgets an upload that the server could not keep, while its transfer still runs. */
  async #drop(upload: Upload): Promise<void> {
    const { id, size } = upload;
    if (this.#uploads.delete(id)) this.#limits.refund(upload, size);
    await this.#attempt(() => this.#disk.removeUpload(id));
  }

  async #openContent(file: SharedFile): Promise<PartFile | undefined | "failed"> {
    let bytes: PartFile | undefined;
    const opened = await this.#attempt(async () => {
      bytes = await this.#disk.open(file.sha256);
      if (bytes === undefined && await this.#fetch(file)) bytes = await this.#disk.open(file.sha256);
    });
    return opened === true ? bytes : "failed";
  }

  /** Brings a file that another server has taken, once for all that ask for it meanwhile. Returns whether it is here now. */
  #fetch(file: SharedFile): Promise<boolean> {
    const { sha256 } = file, under = this.#fetches.get(sha256);
    if (under !== undefined) return under;
    const fetch = this.#bring(file).finally(() => this.#fetches.delete(sha256));
    this.#fetches.set(sha256, fetch);
    return fetch;
  }

  /** @throws {StoreFailure} if the broker does not send the whole file, or the disk does not take it */
  async #bring({ sha256, size, name }: SharedFile): Promise<boolean> {
    const pieces = await this.#options.objects?.get(sha256);
    if (pieces === undefined) return false;
    const upload = new Upload(newToken(), { name, size, sha256, owner: "" }, this.#options.now());
    await this.#disk.putNote(upload.id, upload.note); // so that a killed program leaves nothing that it does not know
    try {
      const received = await receive(upload, this.#disk, pieces, () => this.pass(), false);
      if (received !== "whole") throw new StoreFailure(whyNotBrought(received));
      await this.#keep(upload, upload.finishing!);
    } finally {
      await this.#disk.removeUpload(upload.id);
    }
    return true;
  }

  async #sweepContents(): Promise<void> {
    const lot: { readonly hash: string; readonly size: number }[] = [];
    for await (const content of this.#disk.contents()) {
      if (this.#isClosed) return;
      if (lot.push(content) === LOT) await this.#removeUnneeded(lot.splice(0));
    }
    await this.#removeUnneeded(lot);
  }

  async #removeUnneeded(contents: readonly { readonly hash: string; readonly size: number }[]): Promise<void> {
    const hashes = contents.map(({ hash }) => hash), needed = await this.#needed(hashes);
    if (needed === undefined) return;
    for (const { hash, size } of contents) {
      if (needed.has(hash) || this.#isUsed(hash)) continue;
      const removed = this.#attempt(() => this.#disk.remove(hash));
      this.#removed = removed;
      if (await removed !== true) continue;
      this.#bytes -= size;
      info("sweep", `${hash} is removed: no message has it`);
    }
  }

  /** Objects of uploads at other servers are young. Without its link a server may lack messages that are a day old. */
  async #sweepObjects(): Promise<void> {
    const { objects, isCurrent = () => true } = this.#options;
    if (objects === undefined || this.#isClosed || !isCurrent()) return;
    const old: string[] = [];
    await this.#attempt(async () => {
      for await (const hash of objects.olderThan(DAY)) old.push(hash);
    });
    const needed = await this.#needed(old);
    for (const hash of old) {
      if (this.#isClosed || !isCurrent()) return;
      if (needed?.has(hash) === false && !this.#isUsed(hash)) await this.#attempt(() => objects.remove(hash));
    }
  }

  /** Those that messages have; undefined if the journal fails. */
  async #needed(hashes: readonly string[]): Promise<ReadonlySet<string> | undefined> {
    try {
      return new Set(await this.#options.journal.filesAmong(hashes));
    } catch (failure) {
      if (failure instanceof JournalFailure) return undefined;
      throw failure;
    }
  }

  /** Whether an upload has a file, or a message that the journal did not have when it was asked. */
  #isUsed(hash: string): boolean {
    return this.#attached.has(hash) ||
      this.#uploads.values().some(({ finishing, whole = finishing }) => whole?.sha256 === hash);
  }

  /** Does what the disk or the broker may refuse. Returns true, or why not. */
  async #attempt(work: () => Promise<unknown>): Promise<true | "full" | "failed"> {
    try {
      await work();
      return true;
    } catch (failure) {
      if (!isSystemError(failure) && !(failure instanceof StoreFailure)) throw failure;
      this.#noteFailure(systemErrorText(failure));
      return isNoSpace(failure) ? "full" : "failed";
    }
  }

  /** Logged once a minute at most: on a full disk some work succeeds, such as removing. */
  #noteFailure(why: string): void {
    const moment = this.#options.now();
    if (moment - this.#failedAt < QUIET) return;
    this.#failedAt = moment;
    error("attempt", `Cannot keep files: ${why}; uploads are refused until it works again`);
  }
}

function whyNotBrought(received: Exclude<Received, "whole">): string {
  switch (received) {
    case "full":
      return NO_SPACE;
    case "failed":
      return DISK_FAILS;
    case "part":
      return "the broker has only a part of a file";
    case "differs":
      return "the broker has other bytes of a file than were stored";
  }
}

/** Files that the journal is asked for at once. */
const LOT = 500;

/** On the disk an upload has another name than its token, which is a secret. */
function idOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
