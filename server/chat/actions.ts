/**
 * What each action does. A request comes in checked; what it causes goes to the voice, the answer always first. The table
 * at the top is the whole of it: one function for each action, in a file with those that belong together.
 */
import { type Message, ok } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { addContact, deleteContact, getContacts } from "./contacts.ts";
import { authenticate, logout, presence, quit, register, resume } from "./entrance.ts";
import { appoint, bans, inspect, moderate, motd } from "./moderation.ts";
import { msg } from "./msg.ts";
import { past } from "./past.ts";
import { deny } from "./replies.ts";
import { join, leave, rooms, whoOnline } from "./rooms.ts";
import { topic } from "./topic.ts";
import type { Person, Scene } from "./voice.ts";

/** Performs one request. Before presence was said only entering, leaving and what the server's token opens is possible. */
export function act<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, request: Message): void {
  switch (request.action) {
    case "inspect":
      return inspect(chat, scene, who, request);
    case "presence":
      return presence(chat, scene, who, request);
    case "authenticate":
      return "user" in request ? authenticate(chat, scene, who, request) : resume(chat, scene, who, request);
    case "register":
      return register(chat, scene, who, request);
    case "quit":
      return quit(scene, who);
    case "logout":
      return logout(chat, scene, who, request);
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "unmute":
      return moderate(chat, scene, who, request);
    case "promote":
    case "demote":
      return appoint(chat, scene, who, request);
    case "bans":
      return bans(chat, scene, who, request);
  }
  if (who.name === undefined) return deny(scene, who, 401, "presence");
  switch (request.action) {
    case "msg":
      return msg(chat, scene, who, request);
    case "probe":
      return scene.voice.answer(who, ok(scene.now));
    case "join":
      return join(chat, scene, who, request);
    case "leave":
      return leave(chat, scene, who, request);
    case "topic":
      return topic(chat, scene, who, request);
    case "rooms":
      return rooms(chat, scene, who);
    case "who_online":
      return whoOnline(chat, scene, who, request);
    case "get_contacts":
      return getContacts(chat, scene, who);
    case "add_contact":
      return addContact(chat, scene, who, request);
    case "del_contact":
      return deleteContact(chat, scene, who, request);
    case "motd":
      return motd(chat, scene, who, request);
    case "history":
    case "search":
      return past(chat, scene, who, request);
  }
}
