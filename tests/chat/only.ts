// Whether a server has let go of all who are gone: it says how many there are to whoever comes.

import type { Chat } from "./start.ts";
import { within } from "./within.ts";

/** Waits until there are only so many connections, of a server that logs. */
export async function only(chat: Chat, count: number): Promise<void> {
  const counted = async () => {
    for (;;) {
      using peer = await chat.connect();
      const line = await chat.logged(new RegExp(`onAccepted 127.0.0.1:${peer.port} connected`));
      if (line.endsWith(`connected, ${count + 1} in all`)) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await within(`only ${count} connections`, counted());
}
