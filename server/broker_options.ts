/** The options by which a program takes part in a chat of several servers. What reads them is loaded with a broker only. */
import { type Text, text } from "../cli/mod.ts";
import { inEach, type Texts } from "./words/mod.ts";

/** @param broker the help of `--broker` */
export function brokerOptions(broker: Text) {
  return {
    broker: text(broker, undefined, { value: "URL,...", requires: "chat" }),
    chat: text(help("chat"), undefined, { value: "NAME", requires: "broker" }),
    brokerAuth: text(help("brokerAuth"), undefined, { value: "FILE", requires: "broker" }),
    brokerCa: text(help("brokerCa"), undefined, { value: "FILE", requires: "broker" }),
  };
}

function help(key: keyof Texts["options"]): Text {
  return inEach(({ options }) => options[key]);
}
