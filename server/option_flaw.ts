/** What no single option shows: values that do not go together, or that a module which is loaded at need must read. */
import type { Language } from "../cli/mod.ts";
import type { ServerOptions } from "./config.ts";
import { catalogues } from "./words/mod.ts";

/** What is wrong with options, in one line for the command line; `undefined` if nothing is. */
export async function optionFlaw(options: ServerOptions, language: Language): Promise<string | undefined> {
  const { web, port, webPort, trustProxy, broker, chat } = options, texts = catalogues[language];
  if (web && port !== 0 && port === webPort) return texts.samePort(port);
  if (trustProxy !== undefined) {
    const { RangeRefused, trustIn } = await import("./net/trusted_proxies.ts");
    try {
      trustIn(trustProxy);
    } catch (error) {
      if (error instanceof RangeRefused) return `--trust-proxy: ${error.texts[language]}`;
      throw error;
    }
  }
  if (broker === undefined) return undefined;
  const { isChatName, parseAddresses } = await import("./journal/nats/mod.ts");
  if (parseAddresses(broker) === undefined) return `--broker: ${texts.broker.address(JSON.stringify(broker))}`;
  return isChatName(chat!) ? undefined : `--chat: ${texts.broker.chatName(JSON.stringify(chat))}`;
}
