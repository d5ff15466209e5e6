// A server that serves the page as it is built, and says to it whatever a test wants.

const DIST = new URL("../../web/dist/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };

/** A server of the test's own. */
export interface OddServer extends AsyncDisposable {
  readonly url: string;
  /** All that the page has said, over all of its connections. */
  readonly heard: readonly Record<string, unknown>[];
  /** Says something to each page that is here. */
  tell(object: object): void;
  /** Ends each page's connection. */
  cut(): void;
}

/**
 * Serves the page.
 *
 * @param past the rows of each page of the past, and of what is searched
 * @param answers what is said to an action, where it is not `200`, or an empty list
 */
export function serveOdd(
  past: readonly { readonly id: number }[] = [],
  answers: Readonly<Record<string, (said: Record<string, unknown>) => readonly object[]>> = {},
): OddServer {
  const sockets = new Set<WebSocket>(), heard: Record<string, unknown>[] = [];
  const list = (rows: readonly object[]) => [{ response: 202, time: 1, alert: "ok", quantity: rows.length }, ...rows];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const name = new URL(request.url).pathname.slice(1) || "index.html";
    if (name === "jim") {
      const { socket, response } = Deno.upgradeWebSocket(request);
      sockets.add(socket);
      socket.onclose = () => sockets.delete(socket);
      socket.onmessage = ({ data }) => {
        const said = JSON.parse(String(data));
        heard.push(said);
        for (const object of answer(said)) socket.send(JSON.stringify(object));
      };
      return response;
    }
    const text = await Deno.readTextFile(new URL(name, DIST));
    return new Response(text, { headers: { "content-type": TYPES[name.split(".").at(-1)!]! } });
  });

  function answer(said: Record<string, unknown>): readonly object[] {
    const own = answers[String(said.action)];
    if (own !== undefined) return own(said);
    switch (said.action) {
      case "history":
      case "search":
        return list(past.filter(({ id }) => id > Number(said.after ?? -1) && id < Number(said.before ?? Infinity)));
      case "who_online":
        return list([{ action: "online_list", user_id: "ann" }, { action: "online_list", user_id: "bob" }]);
      case "rooms":
      case "get_contacts":
        return list([]);
      default:
        return [{ response: 200, time: 1, alert: "ok" }];
    }
  }

  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    heard,
    tell: (object) => sockets.forEach((socket) => socket.send(JSON.stringify(object))),
    cut: () => sockets.forEach((socket) => socket.close()),
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}
