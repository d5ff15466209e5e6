// What commands about files have the loop do: it touches the disk and the network, and the result comes back as an event.

import type { SharedFile } from "../../jim/mod.ts";

/** What tasks use: the disk, and transfers to the server. An error is one line. */
export interface FileWork {
  /** The name and the size of a file. */
  measure(path: string): Promise<{ readonly name: string; readonly size: number }>;
  send(path: string, upload: string, size: number, onProgress: (bytes: number) => void): Promise<void>;
  /** Returns where the file is now. */
  save(file: SharedFile, path: string | undefined): Promise<string>;
  /** Saves a text under a name, or under a path. Returns where the file is now. */
  saveText(name: string, text: string, path: string | undefined): Promise<string>;
}

/** What is done with the disk and the network, and then with the chat. It rejects with an error of one line. */
export type FileTask = (
  work: FileWork,
  /** Does something at once, while the task goes on. */
  meanwhile: (act: (now: number) => void) => void,
) => Promise<(now: number) => void>;
