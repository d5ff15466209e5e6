// One's own account: another password, the places where it is logged in, its end. Passwords are asked for, and not shown.

import { milliseconds, type SessionRow } from "../../jim/client/event.ts";
import type { ChatState } from "./chat_state.ts";
import { clockTime } from "./clock.ts";
import type { Command } from "./command.ts";
import { askForNewPassword } from "./new_password.ts";
import { beginShutdown } from "./shutdown.ts";

/** Milliseconds that passwords may take: a server looks at those of one address one by one. */
const PASSWORDS = 60_000;

/** Without an id: lists the sessions. */
interface Sessions {
  readonly do: "sessions";
  readonly end: string | undefined;
}

export const accountCommands = {
  passwd: {
    read: (rest) => rest === "" ? { do: "passwd" } : undefined,
    execute: (chat, _, now) => changePassword(chat, now),
  } satisfies Command<{ readonly do: "passwd" }>,
  sessions: {
    read(rest) {
      if (rest === "") return { do: "sessions", end: undefined };
      const [, id] = /^end\s+(\S+)$/.exec(rest) ?? [];
      return id === undefined ? undefined : { do: "sessions", end: id };
    },
    execute: (chat, { end }, now) => end === undefined ? listSessions(chat, now) : endSession(chat, end, now),
  } satisfies Command<Sessions>,
  unregister: {
    read: (rest) => rest === "" ? { do: "unregister" } : undefined,
    execute: (chat, _, now) => unregister(chat, now),
  } satisfies Command<{ readonly do: "unregister" }>,
};

/** Asks for the present password, and for a new one. An empty one ends it. */
function changePassword(chat: ChatState, now: number): void {
  const { typing, texts, me: { name } } = chat;
  if (chat.cannot("/passwd", now)) return;
  typing.ask(texts.password(name), (password, now) => {
    if (password === undefined) return chat.showNotice(texts.samePassword, now);
    askForNewPassword(chat, name, (fresh, now) => {
      if (fresh === undefined) return chat.showNotice(texts.samePassword, now);
      const object = { action: "change_password", time: chat.time(now), password, new_password: fresh };
      chat.request("/passwd", { object, patience: PASSWORDS }, now, (_, now) => {
        chat.setUser(name, fresh, true);
        chat.showNotice(texts.passwordChanged, now);
      });
    });
  });
}

function listSessions(chat: ChatState, now: number): void {
  const { texts } = chat, object = { action: "sessions", time: chat.time(now) };
  chat.request("/sessions", { object, rows: "session" }, now, ({ sessions }, now) => {
    chat.showNotice([
      texts.sessions,
      ...sessions.map((each) => sessionLine(chat, each, chat.wall(now))),
      texts.sessionEnd,
    ], now);
  });
}

/** The id is first: nobody can imitate it by the name of a device. */
function sessionLine({ texts }: ChatState, session: SessionRow, now: number): string {
  const { id, device, since, seen, connections, isCurrent } = session;
  const time = (unix: number | undefined) => {
    const at = milliseconds(unix);
    return at === undefined ? "?" : clockTime(at, now);
  };
  const state = isCurrent ? texts.thisSession : connections > 0 ? texts.connected : texts.lastUsed(time(seen));
  const login = since === undefined ? "" : texts.since(time(since));
  return `${id}  ${[device ?? texts.noDevice, login, state].filter((part) => part !== "").join(", ")}`;
}

function endSession(chat: ChatState, session: string, now: number): void {
  const object = { action: "end_session", time: chat.time(now), session };
  chat.request("/sessions", { object }, now, (_, now) => chat.showNotice(chat.texts.sessionEnded(session), now));
}

/** Asks for the password, which is the question whether it is meant. */
function unregister(chat: ChatState, now: number): void {
  const { typing, texts, me: { name } } = chat;
  if (chat.cannot("/unregister", now)) return;
  chat.warn(texts.whatGoes(name), now);
  typing.ask(texts.password(name), (password, now) => {
    if (password === undefined) return chat.showNotice(texts.notUnregistered, now);
    const object = { action: "unregister", time: chat.time(now), password };
    chat.request("/unregister", { object, patience: PASSWORDS }, now, (_, now) => {
      chat.showNotice(texts.unregistered(name), now);
      chat.me = { name, password: undefined, proved: false };
      beginShutdown(chat, now);
    });
  });
}
