/** What operators may do: put somebody out, keep somebody out, silence somebody, and say what everybody is greeted with. */
import { type Inspect, type Moderate, type Motd, ok, quote } from "../../jim/mod.ts";
import { banKey, type Chat } from "./chat.ts";
import { deny, noted } from "./replies.ts";
import type { Ban, Person, Scene } from "./voice.ts";

export function moderate<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Moderate): void {
  const { action, user_id: name, address, until = Infinity } = said;
  if (!isOperator(chat, who)) return deny(scene, who, 403, "operator", { got: quote(action) });
  const kind = action.endsWith("mute") ? "mute" : address === undefined ? "name" : "address";
  const whom = address ?? name!, key = banKey(kind, whom);
  switch (action) {
    case "kick":
      if (chat.alike(whom).length === 0) return deny(scene, who, 404, "nobody", { at: "user_id", got: quote(whom) });
      break;
    case "ban":
    case "mute":
      if (!put(chat, scene, { kind, who: key, until }, true)) return deny(scene, who, 500, "store");
      break;
    case "unban":
    case "unmute":
      if (!put(chat, scene, { kind, who: key, until }, false)) return deny(scene, who, 500, "store");
      if (key !== whom) put(chat, scene, { kind, who: whom, until }, false); // as an older server has kept it
      break;
  }
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", said.time)));
  scene.voice.logged(who, `${action} ${quote(whom)}${until === Infinity ? "" : ` until ${until}`}`);
  if (action === "kick") putOut(chat.alike(whom), scene, who);
  else if (action === "ban") putOut(kind === "name" ? chat.alike(whom) : chat.from(whom), scene, who);
  else if (kind === "mute") {
    for (const person of chat.alike(whom)) {
      person.muted = action === "mute" ? key : undefined;
      scene.voice.arrived(person);
    }
  }
}

export function motd<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Motd): void {
  if (!isOperator(chat, who)) return deny(scene, who, 403, "operator", { got: quote(said.action) });
  if (!scene.voice.keep({ kind: "motd", text: said.text })) return deny(scene, who, 500, "store");
  chat.motd = said.text;
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", said.time)));
  scene.voice.logged(who, `motd ${quote(said.text)}`);
}

/** Streams all traffic to an operator, or to a program that has the server's token. */
export function inspect<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Inspect): void {
  if (isOperator(chat, who)) return beginInspection(scene, who, said);
  if (said.token === undefined) return deny(scene, who, 403, "inspect");
  scene.voice.errand(who, { kind: "token", token: said.token }, (scene, right) => {
    if (right !== true) return deny(scene, who, 401, "token");
    beginInspection(scene, who, said);
  });
}

function beginInspection<P extends Person>(scene: Scene<P>, who: P, said: Inspect): void {
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, "ok", said.time)));
  scene.voice.logged(who, "inspect");
  scene.voice.shows(who);
}

function isOperator<P extends Person>(chat: Chat<P>, who: P): boolean {
  return who.proved && chat.membership(who).operator;
}

function put<P extends Person>(chat: Chat<P>, { voice }: Scene<P>, ban: Ban, is: boolean): boolean {
  if (!voice.keep({ kind: "ban", ban, is })) return false;
  if (is) chat.putBan(ban);
  else chat.removeBan(ban);
  return true;
}

/** Each is told, and goes; an operator cannot be put out by mistake while it puts out others of its address. */
function putOut<P extends Person>(people: Iterable<P>, scene: Scene<P>, by: P): void {
  for (const person of [...people]) {
    if (person === by) continue;
    deny(scene, person, 403, "kicked");
    scene.voice.goes(person, "is put out");
  }
}
