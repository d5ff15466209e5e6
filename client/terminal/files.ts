// `/send` and `/save`: the files of messages. What touches the disk and the network is a task that the loop performs; its result
// comes back as an event.

import type { SharedFile } from "../../jim/mod.ts";
import { safe } from "../safe.ts";
import type { ChatState } from "./chat_state.ts";
import type { Command } from "./command.ts";
import { sendText } from "./send.ts";

interface SendFile {
  readonly do: "send";
  readonly path: string;
}
/** The last file of the current conversation, under its own name or another path. */
interface SaveFile {
  readonly do: "save";
  readonly path: string | undefined;
}

/** What tasks use: the disk, and transfers to the server. An error is one line. */
export interface FileWork {
  /** The name and the size of a file. */
  measure(path: string): Promise<{ readonly name: string; readonly size: number }>;
  send(path: string, upload: string, size: number, onProgress: (bytes: number) => void): Promise<void>;
  /** Returns where the file is now. */
  save(file: SharedFile, path: string | undefined): Promise<string>;
}

/** A file of a message, as the client knows it. */
export type KnownFile = Pick<SharedFile, "name" | "size"> & Partial<SharedFile>;

/** What is done with the disk and the network, and then with the chat. It rejects with an error of one line. */
export type FileTask = (
  work: FileWork,
  /** Does something at once, while the task goes on. */
  meanwhile: (act: (now: number) => void) => void,
) => Promise<(now: number) => void>;

const CLIP = "\u{1F4CE}";
/** Bytes of a file from which its progress is told, and how often. */
const LARGE = 1024 * 1024, STEPS = 4;
const UNITS = ["B", "KB", "MB", "GB"];

export const fileCommands = {
  send: {
    read: (rest) => rest === "" ? undefined : { do: "send", path: unquoted(rest) },
    execute: (chat, { path }, now) => sendFile(chat, path, now),
  } satisfies Command<SendFile>,
  save: {
    read: (rest) => ({ do: "save", path: rest === "" ? undefined : unquoted(rest) }),
    execute: (chat, { path }, now) => saveFile(chat, path, now),
  } satisfies Command<SaveFile>,
};

/** The line of a file below the text of its message. With a key it has the link, on the server that the client is connected to. */
export function fileLine({ name, size, key }: KnownFile, origin: string): string {
  const link = key === undefined ? "" : ` ${origin}/files/${key}`;
  return `${CLIP} ${safe(name)} (${formatSize(size)})${link}`;
}

function sendFile(chat: ChatState, path: string, now: number): void {
  if (chat.cannot("/send", now)) return;
  const { current: to } = chat.conversations;
  chat.tasks.push(async (work) => {
    const { name, size } = await work.measure(path);
    return (now) => announce(chat, to, path, { name, size }, now);
  });
}

function announce(chat: ChatState, to: string, path: string, file: KnownFile, now: number): void {
  const { name, size } = file, object = { action: "upload", time: chat.time(now), to, name, size };
  chat.request("/send", { object }, now, ({ upload }, now) => {
    if (upload === undefined) return chat.warn(chat.texts.lacks("/send"), now);
    if (size >= LARGE) chat.showNotice(chat.texts.sending(safe(name), formatSize(size)), now);
    chat.tasks.push(async (work, meanwhile) => {
      let told = 1;
      await work.send(path, upload, size, (bytes) => {
        if (size < LARGE || bytes * STEPS < told * size || told === STEPS) return;
        const percent = `${Math.floor(100 * told++ / STEPS)} %`;
        meanwhile((now) => chat.showNotice(chat.texts.sent(safe(name), percent), now));
      });
      return (now) => sendText(chat, to, "", now, undefined, { ...file, upload });
    });
  });
}

function saveFile(chat: ChatState, path: string | undefined, now: number): void {
  const { current } = chat.conversations, file = chat.files.get(current);
  if (file === undefined) return chat.warn(chat.texts.noFile(current), now);
  chat.tasks.push(async (work) => {
    const saved = await work.save(file, path);
    return (now) => chat.showNotice(chat.texts.saved(safe(saved)), now);
  });
}

function unquoted(text: string): string {
  return /^"(.*)"$|^'(.*)'$/.exec(text)?.slice(1).find((each) => each !== undefined) ?? text;
}

/** A number of bytes for people. */
function formatSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const number = bytes / 1024 ** power;
  return `${number < 10 && power > 0 ? Math.round(10 * number) / 10 : Math.round(number)} ${UNITS[power]}`;
}
