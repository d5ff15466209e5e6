/**
 * The teacher's page, its entry: joins the visit, the roll and the screen to each other and to the browser. All that waits,
 * draws or remembers is here.
 */
import { render } from "preact";
import type { TraceEvent } from "../../server/observe/trace.ts";
import type { Fields } from "../../client/protocol/fields.ts";
import { type ConnectionEvent, newConnection } from "../connection.ts";
import type { ListedBan } from "../../client/protocol/ban.ts";
import { inForce, type Order, type Ordered } from "../moderation/order.ts";
import { tabStore } from "../storage.ts";
import { applyPreferences, browserEnv, readPreferences, savePreferences } from "../browser_env.ts";
import type { ViewState } from "./given.ts";
import { Page } from "./page.tsx";
import { beginAgain, forget, hear, newRoll } from "./roll.ts";
import { forgetToken, type Tab, takeToken } from "./token.ts";
import { sightIn } from "./sight.ts";
import { newVisit } from "./visit.ts";
import { catalogues } from "./words.ts";

/** Milliseconds between two drawings: nobody reads faster, and a class of bots must not keep a projector busy. */
const DRAWING = 200;
/** Milliseconds between two requests for the list of bans and mutes, which other operators may have changed. */
const LOOKING = 5_000;
/** Sights that wait while the page is paused, at most: it is nobody's archive. */
const WAITING = 20_000;

/** Where a reload of this tab finds its session token. */
const SESSION = "hanita-class-session";

const tab: Tab = { location, history, storage: () => sessionStorage };
const roll = newRoll();
/** Seconds of a clock that never jumps. */
const seconds = () => performance.now() / 1000;
let view: ViewState = {
  ...readPreferences(),
  find: "",
  order: "came",
  open: undefined,
  shown: "said",
  paused: false,
  dialog: undefined,
};
let bans: readonly ListedBan[] = [];
let ordered: Ordered | undefined;
let greeting: string | undefined;
let waiting: { sight: TraceEvent; at: number }[] = [];
let pausedAt = 0;
let retryAt: number | undefined;
/** Objects from the server that were skipped. */
let skipped = 0;
let drawing = false, rendering = false;

const step = newVisit({
  connect: () => connection.connect(),
  disconnect: () => connection.disconnect(),
  say: (object) => connection.send(JSON.stringify(object)),
  begin() {
    waiting = [];
    beginAgain(roll, seconds());
  },
  see(fields) {
    const sight = sightIn(fields);
    if (sight === undefined) return skip(fields);
    const at = seconds();
    if (!view.paused) hear(roll, sight, at);
    else if (waiting.length < WAITING) waiting.push({ sight, at });
  },
  skip,
  forget: () => forgetToken(tab),
  keepSession: (session) => tabStore.set(SESSION, session),
  ordered(order, why) {
    ordered = why === undefined ? { order, state: "done" } : { order, state: "refused", why };
  },
  listed: (all) => bans = all,
  greeted: (text) => greeting = text,
}, () => Math.floor(Date.now() / 1000));
const connection = newConnection(browserEnv, onEvent);
let visit = step({ on: "token", token: takeToken(tab) });
const session = tabStore.get(SESSION);
if (session !== null) visit = step({ on: "session", session });

/** The first object that is skipped is logged in the browser's console. */
function skip(object: Fields): void {
  if (skipped++ === 0) {
    console.debug(`Skipped an object from the server that this page does not know: ${JSON.stringify(object)}`);
  }
}

function onEvent(what: ConnectionEvent): void {
  retryAt = what.on === "pause" ? what.at / 1000 : undefined;
  if (what.on !== "pause") visit = step(what);
  draw();
}

function see(change: Partial<ViewState>): void {
  const was = view.paused;
  view = { ...view, ...change };
  if (!was && view.paused) pausedAt = seconds();
  // What was heard last may be out of date.
  if (change.dialog === "bans") visit = step({ on: "bans" });
  if (change.dialog === "greeting") {
    greeting = undefined;
    visit = step({ on: "greeting" });
  }
  if (was && !view.paused) {
    for (const { sight, at } of waiting) hear(roll, sight, at);
    waiting = [];
  }
  savePreferences(view);
  drawNow(); // a click is answered at once
}

function draw(): void {
  if (drawing) return;
  drawing = true;
  setTimeout(drawNow, DRAWING);
}

function drawNow(): void {
  if (rendering) return draw(); // an effect of a part has called this
  drawing = false;
  const words = catalogues[view.language], now = view.paused ? pausedAt : seconds();
  applyPreferences(view);
  document.title = words.title;
  const given = {
    roll,
    visit,
    words,
    view,
    now,
    see,
    bans: inForce(bans),
    greeting,
    ordered,
    give(order: Order) {
      ordered = { order, state: "asked" };
      visit = step({ on: "order", order });
      drawNow();
    },
    dismiss() {
      ordered = undefined;
      drawNow();
    },
    waiting: waiting.length,
    retryIn: retryAt === undefined ? undefined : Math.ceil(retryAt - seconds()),
    retry: () => connection.checkNow(),
    login: (name: string, password: string) => {
      visit = step({ on: "login", name, password });
      drawNow();
    },
  };
  rendering = true;
  try {
    render(<Page {...given} />, document.getElementById("page")!);
  } finally {
    rendering = false;
  }
}

addEventListener("online", () => connection.checkNow());
addEventListener("hashchange", () => { // the address of a server that was started again, opened in this very tab
  visit = step({ on: "token", token: takeToken(tab) });
  drawNow();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  connection.checkNow();
  visit = step({ on: "bans" });
});
setInterval(() => {
  if (document.visibilityState === "visible") visit = step({ on: "bans" });
}, LOOKING);
setInterval(() => {
  forget(roll, seconds());
  draw(); // "heard 3 s ago"
}, 1_000);
drawNow();
