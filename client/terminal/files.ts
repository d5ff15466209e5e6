// `/send` and `/save`: the files of messages. What touches the disk and the network is a task that the loop performs; its result
// comes back as an event.

import { safe } from "../safe.ts";
import type { ChatState } from "./chat_state.ts";
import type { Command } from "./command.ts";
import { formatSize } from "../../jim/file_line.ts";
import type { KnownFile } from "./file_line.ts";
import type { FileTask } from "./file_task.ts";
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

/** Bytes of a file from which its progress is told, and how often. */
const LARGE = 1024 * 1024, STEPS = 4;

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

function sendFile(chat: ChatState, path: string, now: number): void {
  if (chat.cannot("/send", now)) return;
  const { current: to } = chat.conversations;
  transfer(chat, "sent", async (work) => {
    const { name, size } = await work.measure(path);
    return (now) => announce(chat, to, path, { name, size }, now);
  });
}

function announce(chat: ChatState, to: string, path: string, file: KnownFile, now: number): void {
  const { name, size } = file, object = { action: "upload", time: chat.time(now), to, name, size };
  chat.transfers.sent++;
  chat.request("/send", { object }, now, ({ upload }, now) => {
    chat.transfers.sent--;
    if (upload === undefined) return chat.warn(chat.texts.lacks("/send"), now);
    if (size >= LARGE) chat.showNotice(chat.texts.sending(safe(name), formatSize(size)), now);
    transfer(chat, "sent", async (work, meanwhile) => {
      let told = 1;
      await work.send(path, upload, size, (bytes) => {
        if (size < LARGE || bytes * STEPS < told * size || told === STEPS) return;
        const percent = `${Math.floor(100 * told++ / STEPS)} %`;
        meanwhile((now) => chat.showNotice(chat.texts.sent(safe(name), percent), now));
      });
      return (now) => sendText(chat, to, "", now, undefined, { ...file, upload });
    });
  }, () => failed(chat, "sent"));
}

function saveFile(chat: ChatState, path: string | undefined, now: number): void {
  const { current } = chat.conversations, file = chat.files.get(current);
  if (file === undefined) return chat.warn(chat.texts.noFile(current), now);
  transfer(chat, "saved", async (work) => {
    const saved = await work.save(file, path);
    return (now) => chat.showNotice(chat.texts.saved(safe(saved)), now);
  });
}

/** Has the loop perform a task with a file that is sent or saved by it, and counts the file until then. */
export function transfer(chat: ChatState, what: keyof ChatState["transfers"], task: FileTask): void {
  chat.transfers[what]++;
  chat.tasks.push(async (work, meanwhile) => {
    try {
      const act = await task(work, meanwhile);
      return (now) => {
        chat.transfers[what]--;
        act(now);
      };
    } catch (error) {
      meanwhile(() => failed(chat, what));
      throw error;
    }
  });
}

/** A file was not sent or saved, which the user is told now, or at the end if that has begun. */
function failed({ transfers, shutdown }: ChatState, what: keyof ChatState["transfers"]): void {
  if (shutdown === undefined) transfers[what]--;
}

/** A path without the quotes around it. */
export function unquoted(text: string): string {
  return /^"(.*)"$|^'(.*)'$/.exec(text)?.slice(1).find((each) => each !== undefined) ?? text;
}
