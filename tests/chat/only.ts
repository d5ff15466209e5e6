// Whether a server has dropped all closed connections: its log counts them when another is accepted.

import type { Chat } from "./start.ts";
import { until } from "./within.ts";

/** Waits until there are only so many connections, of a server that logs. */
export async function only(chat: Chat, count: number): Promise<void> {
  await until(`only ${count} connections`, async () => {
    using peer = await chat.connect();
    const line = await chat.logged(new RegExp(`onAccepted 127.0.0.1:${peer.port} connected`));
    return line.endsWith(`connected, ${count + 1} in all`);
  });
}
