// The table of what this client can do: the commands, and what a server tells that only one file handles. A new action is a line
// here and a file beside this one.

import type { CommandName } from "../command_words.ts";
import type { ServerEvent } from "../../jim/client/event.ts";
import type { ChatState } from "./chat_state.ts";
import { codeCommands } from "./code_command.ts";
import type { Command } from "./command.ts";
import { fileCommands } from "./files.ts";
import { helpCommands } from "./help.ts";
import { ignoreCommands } from "./ignore.ts";
import { listCommands } from "./lists.ts";
import { messageCommands } from "./message_commands.ts";
import { loginCommands } from "./login.ts";
import { navigationCommands } from "./navigation.ts";
import { orderCommands } from "./orders.ts";
import { accountCommands } from "./own_account.ts";
import { ownDataCommands } from "./own_data.ts";
import { programCommands } from "./programs.ts";
import { roomCommands, tellRoom } from "./rooms.ts";
import { searchCommands } from "./search.ts";
import { sayCommands } from "./send.ts";
import { shutdownCommands } from "./shutdown.ts";
import { readElsewhere } from "./read_marks.ts";
import { statusCommands, tellStatus } from "./status.ts";
import { tellTopic, topicCommands } from "./topic.ts";
import type { Asked } from "./typing.ts";

export const commands = {
  ...codeCommands,
  ...accountCommands,
  ...fileCommands,
  ...helpCommands,
  ...ignoreCommands,
  ...listCommands,
  ...loginCommands,
  ...messageCommands,
  ...navigationCommands,
  ...orderCommands,
  ...ownDataCommands,
  ...programCommands,
  ...roomCommands,
  ...sayCommands,
  ...searchCommands,
  ...shutdownCommands,
  ...statusCommands,
  ...topicCommands,
} satisfies Record<CommandName, Command<Asked>>;

type Handler<E extends ServerEvent> = { handle(chat: ChatState, event: E, now: number): void }["handle"];

/** What a server tells, by the kind of the event. */
const handlers: { readonly [K in ServerEvent["kind"]]?: Handler<ServerEvent & { kind: K }> } = {
  room: tellRoom,
  topic: tellTopic,
  read: readElsewhere,
  status: tellStatus,
};

/** Handles an event that one file alone knows of; nothing happens if none does. */
export function handleFeature(chat: ChatState, event: ServerEvent, now: number): void {
  const handle: Handler<ServerEvent> | undefined = handlers[event.kind];
  handle?.(chat, event, now);
}
