/**
 * Sends the bytes of files, by HTTP beside the chat. One that breaks off goes on where the server has stopped, after the page
 * is loaded again, too.
 * @module
 */
import type { Refusal } from "../client/protocol/refusal.ts";
import { keepFile, keptFile, removeFile, removeFilesBelow } from "./kept_files.ts";

/** What is told of an upload. */
export interface UploadEvents {
  onProgress(number: number, sent: number): void;
  onDone(number: number): void;
  /** The browser cannot read the file any more: it was moved or changed, it is a folder, or the page was loaded again. */
  onGone(number: number): void;
  onFailed(number: number, why: Refusal): void;
}

/** Milliseconds that a server keeps what has come of a file. */
const KEPT = 24 * 3_600_000;
/** Milliseconds that an upload waits until its file is kept. */
const KEEPING = 3_000;
/** Times that a connection may break in a row, and milliseconds between two. */
const TRIES = 5, PAUSE = 2_000;

/** The answer to a request; `status` is 0 if there was none. */
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly offset: number;
}

export class Uploads {
  readonly #events: UploadEvents;
  readonly #files = new Map<number, File>();
  readonly #running = new Map<number, AbortController>();
  /** Settles as soon as the browser has kept a file, or refused to. */
  readonly #kept = new Map<number, Promise<void>>();
  #last = 0;

  constructor(events: UploadEvents) {
    this.#events = events;
  }

  /** Takes a file, and returns its number: by the time, and another one in each tab. */
  add(file: File): number {
    this.#last = Math.max(this.#last + 1, numberAt(Date.now()) + Math.floor(Math.random() * NUMBERS));
    this.#files.set(this.#last, file);
    this.#kept.set(this.#last, keepFile(this.#last, file));
    return this.#last;
  }

  /** Forgets what other tabs have kept, and not sent in time. */
  tidy(): void {
    removeFilesBelow(numberAt(Date.now() - KEPT));
  }

  /** @param isResumed the server may have a part of it */
  async send(number: number, upload: string, isResumed: boolean): Promise<void> {
    const file = this.#files.get(number) ?? await keptFile(number);
    if (file === undefined) return this.#events.onGone(number);
    this.#files.set(number, file);
    this.#running.get(number)?.abort();
    const running = new AbortController();
    this.#running.set(number, running);
    // Only then it goes on after a reload. A browser that does not answer must not hold it up.
    await Promise.race([this.#kept.get(number), new Promise((resolve) => setTimeout(resolve, KEEPING))]);
    if (running.signal.aborted) return;
    const url = new URL(`uploads/${upload}`, document.baseURI).href;
    const answer = await this.#sendAll(number, url, file, isResumed, running.signal);
    if (running.signal.aborted) return;
    this.#running.delete(number);
    if (answer === "unreadable") this.#events.onGone(number);
    else if (answer?.status === 201) {
      this.#remove(number);
      this.#events.onDone(number);
    } else {
      const words = answer?.text.trim() ?? "";
      this.#events.onFailed(number, words === "" ? "offline" : { words });
    }
  }

  /** @param upload what the server knows it by, if it was announced */
  cancel(number: number, upload: string | undefined): void {
    this.#running.get(number)?.abort();
    this.#running.delete(number);
    this.#remove(number);
    if (upload === undefined) return;
    request("DELETE", new URL(`uploads/${upload}`, document.baseURI).href, undefined, undefined, () => {});
  }

  #remove(number: number): void {
    this.#files.delete(number);
    this.#kept.delete(number);
    removeFile(number);
  }

  async #sendAll(
    number: number,
    url: string,
    file: File,
    isResumed: boolean,
    signal: AbortSignal,
  ): Promise<Answer | "unreadable" | undefined> {
    const first = isResumed ? (await request("HEAD", url, undefined, undefined, () => {}, signal)).offset : 0;
    for (let offset = first, left = TRIES; !signal.aborted;) {
      const answer = await request("PUT", url, file.slice(offset), { "upload-offset": `${offset}` }, (sent) => {
        this.#events.onProgress(number, offset + sent);
      }, signal);
      if (answer.status === 201) return answer;
      if (answer.status === 0 && !await isReadable(file.slice(offset))) return "unreadable";
      const state = answer.status === 0 ? await request("HEAD", url, undefined, undefined, () => {}, signal) : answer;
      if (![0, 200, 409, 503].includes(state.status)) return state;
      if (state.offset > offset) left = TRIES;
      else if (--left === 0) return state.status === 0 ? undefined : state;
      else await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (state.status === 200 || state.status === 409) offset = state.offset;
    }
    return undefined;
  }
}

/** The numbers of files that are added in one millisecond, and the first of them. */
const NUMBERS = 1000;
function numberAt(time: number): number {
  return time * NUMBERS;
}

/** Whether the browser can read what it is to send: a request does not tell that from a broken connection. */
async function isReadable(part: Blob): Promise<boolean> {
  return await part.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

/** A request of its own kind, since `fetch` does not tell how much of a body is sent. */
function request(
  method: string,
  url: string,
  body: Blob | undefined,
  headers: Record<string, string> = {},
  onProgress: (sent: number) => void,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => onProgress(loaded);
    xhr.onloadend = () => {
      signal?.removeEventListener("abort", abort);
      resolve({
        status: xhr.status,
        text: xhr.responseText,
        offset: Number(xhr.getResponseHeader("upload-offset") ?? 0),
      });
    };
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) return resolve({ status: 0, text: "", offset: 0 });
    xhr.send(body ?? null);
  });
}
