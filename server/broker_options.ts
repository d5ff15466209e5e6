/** The options by which a program takes part in a chat of several servers. What parses them is loaded with a broker only. */
import { type Language, type Text, text, UsageError } from "../cli/mod.ts";
import type { BrokerLogOptions } from "./journal/nats/mod.ts";
import { catalogues, inEach, type Texts } from "./words/mod.ts";

/** @param broker the help of `--broker` */
export function brokerOptions(broker: Text) {
  return {
    broker: text(broker, undefined, { value: "URL,...", requires: "chat" }),
    chat: text(help("chat"), undefined, { value: "NAME", requires: "broker" }),
    brokerAuth: text(help("brokerAuth"), undefined, { value: "FILE", requires: "broker" }),
    brokerCa: text(help("brokerCa"), undefined, { value: "FILE", requires: "broker" }),
  };
}

/** The values of {@linkcode brokerOptions}, as they were given. */
export interface BrokerValues {
  readonly broker: string | undefined;
  readonly chat: string | undefined;
  readonly brokerAuth: string | undefined;
  readonly brokerCa: string | undefined;
}

/**
 * Parses these options; `undefined` without a broker.
 *
 * @throws {UsageError} if an address or the name of the chat is none; the message is one line
 */
export async function brokerAccess(
  { broker, chat = "", brokerAuth: authFile, brokerCa: caFile }: BrokerValues,
  language: Language,
): Promise<BrokerLogOptions | undefined> {
  if (broker === undefined) return undefined;
  const { isChatName, parseAddresses } = await import("./journal/nats/mod.ts");
  const addresses = parseAddresses(broker), texts = catalogues[language].broker;
  if (addresses === undefined) throw new UsageError(`--broker: ${texts.address(JSON.stringify(broker))}`);
  if (!isChatName(chat)) throw new UsageError(`--chat: ${texts.chatName(JSON.stringify(chat))}`);
  return { addresses, chat, authFile, caFile };
}

function help(key: keyof Texts["options"]): Text {
  return inEach(({ options }) => options[key]);
}
