// `/export`: all that the server keeps about the account, in a file. It is read page by page, while the chat goes on.

import { readOwnData } from "../protocol/own_data.ts";
import { safe } from "../safe.ts";
import { asker } from "./ask.ts";
import type { ChatState } from "./chat_state.ts";
import type { Command } from "./command.ts";
import { transfer, unquoted } from "./files.ts";

interface Export {
  readonly do: "export";
  /** Without one: in the folder of the files. */
  readonly path: string | undefined;
}

/** Messages after which the progress is told again. */
const STEP = 10_000;

export const ownDataCommands = {
  export: {
    read: (rest) => ({ do: "export", path: rest === "" ? undefined : unquoted(rest) }),
    execute: (chat, { path }, now) => exportData(chat, path, now),
  } satisfies Command<Export>,
};

function exportData(chat: ChatState, path: string | undefined, now: number): void {
  const { texts, me: { name } } = chat;
  if (chat.cannot("/export", now)) return;
  transfer(chat, "saved", async (work, meanwhile) => {
    let told = STEP;
    const made = await readOwnData(asker(chat, meanwhile), name, (count) => {
      if (count < told) return;
      told = count + STEP;
      meanwhile((now) => chat.showNotice(texts.reading(count), now));
    });
    if ("why" in made) {
      const { why } = made;
      if (why === "offline") return (now) => chat.unanswered("/export", now);
      return (now) => chat.warn(texts.refuses("/export", safe(why.words)), now);
    }
    const saved = await work.saveText(`hanita-${name}.jsonl`, made.lines.join(""), path);
    return (now) => chat.showNotice(texts.exported(made.lines.length, safe(saved)), now);
  });
}
