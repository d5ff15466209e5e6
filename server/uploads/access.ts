/**
 * The way to the files of the chat, for all parts of the server. What works with files is loaded when the first one is announced
 * or asked for: it takes memory, and many chats have none.
 */
import type { SharedFile } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";
import type { Socket } from "../net/connection.ts";
import type { AnnouncedFile, FileDenial, FileSender } from "./announced.ts";
import type { Files } from "./files.ts";
import type { FileRequests } from "./requests.ts";

/** What is loaded. */
export interface LoadedFiles {
  readonly files: Files;
  /** Answers requests for files on any port. */
  readonly requests: FileRequests;
  close(): Promise<void>;
}

/** What serves connections of the chat's own port that speak HTTP. */
export interface ServesFiles {
  /** @param bytes those that have come already */
  serve(socket: Socket, bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** How the modules are loaded. */
export interface FileLoaders {
  /** Loads what works with files, and reads the folder. */
  readonly files: () => Promise<LoadedFiles>;
  /** Loads what serves the chat's own port. @param requests what answers; nothing while the folder cannot be read */
  readonly port: (requests: () => Promise<FileRequests | undefined>) => Promise<ServesFiles>;
}

/** Milliseconds from the start to the first look for files that nobody needs, and between two. */
const FIRST_SWEEP = 60_000, SWEEP_EVERY = 600_000;
/** Milliseconds between two lines of the log that say that the folder cannot be read. */
const REPORT_EVERY = 60_000;
/** Paths of files, on all ports. */
const PATH = /^\/(?:files|uploads)\//;
/** A request for a file, from its first bytes on. */
const REQUEST = /^[\r\n]*(?:GET|HEAD|PUT|DELETE) \/(?:files|uploads)\//;

/** The folder cannot be read. */
const FAILED: FileDenial = { code: 500, reason: "store" };
const { error } = logger("server/uploads");

export class FileAccess {
  readonly #loaders: FileLoaders;
  readonly #hasFolder: () => Promise<boolean>;
  #loading: Promise<LoadedFiles> | undefined;
  #sweeping: Promise<void> | undefined;
  #port: Promise<ServesFiles> | undefined;
  /** Milliseconds that never go back, as of the last second. */
  #moment: number;
  #sweepAt: number;
  /** When the next line may say that the folder cannot be read. */
  #reportAt = -Infinity;
  #isClosed = false;

  /**
   * @param hasFolder whether there is a folder of files
   * @param moment milliseconds that never go back
   */
  constructor(loaders: FileLoaders, hasFolder: () => Promise<boolean>, moment: number) {
    this.#loaders = loaders;
    this.#hasFolder = hasFolder;
    this.#moment = moment;
    this.#sweepAt = moment + FIRST_SWEEP;
  }

  /** Whether a path is one of files. */
  static isPath(path: string): boolean {
    return PATH.test(path);
  }

  /** Whether a connection begins with a request for a file. @param text a character for each byte */
  static isRequest(text: string): boolean {
    return REQUEST.test(text);
  }

  /** Resolves to nothing if the folder cannot be read; the next call tries again. */
  async load(): Promise<LoadedFiles | undefined> {
    try {
      return await (this.#loading ??= this.#loaders.files());
    } catch (failure) {
      this.#loading = undefined;
      if (!isSystemError(failure)) throw failure;
      this.#report(systemErrorText(failure));
      return undefined;
    }
  }

  /** Announces a file, and returns the token of its upload or why it is refused. */
  async announce(file: AnnouncedFile, sender: FileSender): Promise<{ readonly upload: string } | FileDenial> {
    return (await this.load())?.files.announce(file, sender) ?? FAILED;
  }

  async attach(upload: string): Promise<SharedFile | FileDenial> {
    return (await this.load())?.files.attach(upload) ?? FAILED;
  }

  /** Serves a connection that speaks HTTP. */
  async serve(socket: Socket, bytes: Uint8Array): Promise<void> {
    const port = await (this.#port ??= this.#loaders.port(async () => (await this.load())?.requests));
    await port.serve(socket, bytes);
  }

  /** Removes now and then what nobody needs. Called each second. */
  maintain(moment: number): void {
    this.#moment = moment;
    if (moment < this.#sweepAt || this.#sweeping !== undefined || this.#isClosed) return;
    this.#sweepAt = moment + SWEEP_EVERY;
    this.#sweeping = this.#sweep().finally(() => this.#sweeping = undefined);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    (await this.#port)?.close();
    await (await this.#loading?.catch(() => undefined))?.close(); // with it a sweep ends
    await this.#sweeping;
  }

  #report(why: string): void {
    if (this.#moment < this.#reportAt) return;
    this.#reportAt = this.#moment + REPORT_EVERY;
    error("load", `Cannot read the folder of files: ${why}; there are none until it can be read`);
  }

  async #sweep(): Promise<void> {
    if (this.#loading === undefined && !await this.#hasFolder()) return;
    if (this.#isClosed) return;
    await (await this.load())?.files.sweep();
  }
}
