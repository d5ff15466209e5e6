/**
 * The page's entry: joins the model, the link and the screen to each other and to the browser. All that waits, draws or
 * remembers is here; what any of it means is the model's matter.
 */
import { render } from "preact";
import { read } from "../client/protocol/fields.ts";
import { keepIgnored, readIgnored } from "./ignored.ts";
import { keepsake, revive, unkeep } from "./kept.ts";
import { newLink, type Told } from "./link.ts";
import { step } from "./model.ts";
import { type Event, newState } from "./model/state.ts";
import { Page } from "./page.tsx";
import { isWide, type Look, type Reading } from "./parts/context.ts";
import { forgetLogin, lastLogin, loginOnLoad, rememberLogin } from "./session.ts";
import { browserStore, tabStore } from "./storage.ts";
import { keepWishes, obey, readWishes, surroundings } from "./surroundings.ts";
import { catalogues } from "./words.ts";

/** Where a reload finds what was, in the tab's own store. */
const KEPT = "hanita";
/** Milliseconds between two drawings while nobody looks. */
const UNSEEN = 250;

const kept = unkeep(tabStore.get(KEPT));
const root = document.getElementById("page")!;
/** The server has written into the page what it does not allow. */
const rules = { registration: root.dataset.registration !== "closed", guests: root.dataset.guests !== "no" };
const salt = Math.floor(Math.random() * 1_000);
const place: Reading = { at: kept?.place };
const ignored = readIgnored();
let state = kept === undefined ? newState(salt, ignored) : { ...revive(salt, kept), ignored };
let look: Look = {
  ...readWishes(),
  side: false,
  panel: isWide() ? "people" : undefined,
  dialog: undefined,
};
let pause: number | undefined;
let drawing = false;

const link = newLink(surroundings, told);

function told(what: Told): void {
  pause = what.on === "pause" ? what.at : undefined;
  if (what.on === "frame") happen({ on: "heard", object: read(what.frame) });
  else if (what.on !== "pause") happen({ on: what.on });
  draw();
}

function happen(event: Event): void {
  const before = state;
  if (event.on === "open" && event.key !== state.open) place.at = undefined;
  const { state: next, effects } = step(state, event, Date.now());
  state = next;
  for (const effect of effects) {
    if (effect.do === "say") link.say(JSON.stringify(effect.object));
    else if (effect.do === "remember") rememberLogin(browserStore, effect);
    else if (effect.do === "forget") forgetLogin(browserStore, effect.token);
    else link[effect.do]();
  }
  if (before.skipped === 0 && state.skipped > 0) logSkipped(event);
  if (state.ignored !== before.ignored) keepIgnored(state.ignored);
  if (before.stage === "in" && state.stage === "out" && state.refusal === undefined) tabStore.set(KEPT, null);
  if (state.isLoginOver && !before.isLoginOver) keep(); // without the token
  draw();
}

/** The first object that is skipped is logged in the browser's console, or the end of the list that it is in. */
function logSkipped(event: Event): void {
  const object = event.on === "heard" ? JSON.stringify(event.object) : event.on;
  console.debug(`Skipped what this page does not know of a newer server. The last object that it sent: ${object}`);
}

function see(change: Partial<Look>): void {
  look = { ...look, ...change };
  keepWishes(look);
  draw();
}

/** As often as the screen does, however much happens. */
function draw(): void {
  if (drawing) return;
  drawing = true;
  if (document.visibilityState === "hidden") setTimeout(drawNow, UNSEEN);
  else requestAnimationFrame(drawNow);
}

function drawNow(): void {
  drawing = false;
  const words = catalogues[look.language];
  const unread = [...state.talks.values()].reduce((sum, talk) => sum + talk.unread, 0);
  obey(look);
  document.title = `${unread > 0 ? `(${unread}) ` : ""}${words.title}`;
  const given = { state, words, look, rules, pause, place, happen, see, hurry: () => link.wake(), known: kept?.name };
  render(<Page {...given} />, root);
}

function keep(): void {
  const text = keepsake(state, place.at);
  if (text !== undefined) tabStore.set(KEPT, text);
}

addEventListener("pagehide", keep);
addEventListener("online", () => link.wake());
document.addEventListener("visibilitychange", () => {
  // A phone may end a page that is not seen without saying so.
  if (document.visibilityState === "hidden") keep();
  else link.wake();
});

const me = loginOnLoad(kept, lastLogin(browserStore));
if (me !== undefined) happen({ on: "enter", me });
drawNow();
