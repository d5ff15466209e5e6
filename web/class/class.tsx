/**
 * Entry point of the class page. It connects the inspector session, the roster, the screen and the browser; timers,
 * drawing and storage are here only.
 */
import { render } from "preact";
import type { TraceEvent } from "../../server/observe/trace_event.ts";
import type { Fields } from "../../jim/client/fields.ts";
import { type ConnectionEvent, newConnection } from "../connection.ts";
import type { ListedBan } from "../../jim/client/ban.ts";
import { inForce, type Order, type Ordered } from "../moderation/order.ts";
import { Queries } from "../queries.ts";
import { tabStore } from "../storage.ts";
import { applyPreferences, browserEnv, onKeptElsewhere, readPreferences, savePreferences } from "../browser_env.ts";
import type { ViewState } from "./props.ts";
import { Page } from "./page.tsx";
import { newRoster, reconnected, record, removeExpired } from "./roster.ts";
import { forgetToken, type Tab, takeToken } from "./token.ts";
import { keyOf, type Removal, type TracedMessage } from "./traced_message.ts";
import { readTraceEvent } from "./trace_event.ts";
import { newInspectorSession } from "./inspector_session.ts";
import { catalogues } from "./words.ts";

/** Milliseconds between two drawings: a class of bots must not keep the processor busy. */
const DRAW_INTERVAL = 200;
/** Milliseconds between two requests for the bans and mutes, which other operators may change. */
const BANS_INTERVAL = 5_000;
/** The most events that are kept while the page is paused. */
const MAX_PAUSED_EVENTS = 20_000;
/** Events that are kept beyond that: without them a program would be shown that has left. */
const LASTING: ReadonlySet<TraceEvent["way"]> = new Set(["here", "gone"]);

/** The key of the session token in sessionStorage. */
const SESSION = "hanita-class-session";

const tab: Tab = { location, history, storage: () => sessionStorage };
const roster = newRoster();
/** Seconds of a monotonic clock. */
const seconds = () => performance.now() / 1000;
let view: ViewState = {
  ...readPreferences(),
  filter: "",
  sort: "came",
  openStudent: undefined,
  shown: "said",
  isPaused: false,
  dialog: undefined,
};
let bans: readonly ListedBan[] = [];
/** When they were received, in Unix seconds. */
let bansAt = 0;
let ordered: Ordered | undefined;
let removals: ReadonlyMap<string, Removal> = new Map();
let greeting: string | undefined;
let pausedEvents: { event: TraceEvent; at: number }[] = [];
let pausedAt = 0;
let retryAt: number | undefined;
/** Objects from the server that were skipped. */
let skipped = 0;
let drawing = false, rendering = false;

const step = newInspectorSession({
  connect: () => connection.connect(),
  disconnect: () => connection.disconnect(),
  retry: () => connection.retry(),
  send: (object) => connection.send(JSON.stringify(object)),
  started() {
    roster.missed += pausedEvents.length;
    pausedEvents = [];
    reconnected(roster, seconds());
  },
  traced(fields) {
    const event = readTraceEvent(fields);
    if (event === undefined) return unknownObject(fields);
    const at = seconds();
    if (!view.isPaused) record(roster, event, at);
    else if (pausedEvents.length < MAX_PAUSED_EVENTS || LASTING.has(event.way)) pausedEvents.push({ event, at });
    else roster.missed++;
  },
  unknownObject,
  forgetToken: () => forgetToken(tab),
  saveSessionToken: (token) => tabStore.set(SESSION, token),
  orderAnswered(order, why) {
    ordered = why === undefined ? { order, state: "done" } : { order, state: "refused", why };
  },
  deletionAnswered(message, why) {
    removals = new Map(removals).set(keyOf(message), why === undefined ? { state: "done" } : { state: "refused", why });
  },
  queryAnswered: (number, result) => queries.answered(number, result),
  bansReceived(all) {
    bans = all;
    bansAt = Date.now() / 1000;
  },
  greetingReceived: (text) => greeting = text,
  greetingRefused: (why) => ordered = { order: { action: "motd" }, state: "refused", why },
}, () => Math.floor(Date.now() / 1000));
const queries = new Queries((number, object) => session = step({ on: "query", number, object }));
const connection = newConnection(browserEnv, onEvent);
let session = step({ on: "token", token: takeToken(tab) });
const sessionToken = tabStore.get(SESSION);
if (sessionToken !== null) session = step({ on: "sessionToken", sessionToken });

/** The first object that is skipped is logged in the browser's console. */
function unknownObject(object: Fields): void {
  if (skipped++ === 0) {
    console.debug(`Skipped an object from the server that this page does not know: ${JSON.stringify(object)}`);
  }
}

function onEvent(event: ConnectionEvent): void {
  retryAt = event.on === "pause" ? event.at / 1000 : undefined;
  if (event.on !== "pause") session = step(event);
  draw();
}

function updateView(change: Partial<ViewState>): void {
  const was = view.isPaused;
  view = { ...view, ...change };
  if (!was && view.isPaused) pausedAt = seconds();
  // The last list may be out of date.
  if (change.dialog === "bans") session = step({ on: "bans" });
  if (change.dialog === "greeting") {
    greeting = undefined;
    session = step({ on: "greeting" });
  }
  if (was && !view.isPaused) {
    for (const { event, at } of pausedEvents) record(roster, event, at);
    pausedEvents = [];
  }
  savePreferences(view);
  drawNow(); // a click takes effect at once
}

function draw(): void {
  if (drawing) return;
  drawing = true;
  setTimeout(drawNow, DRAW_INTERVAL);
}

function drawNow(): void {
  if (rendering) return draw(); // an effect of a part has called this
  drawing = false;
  const words = catalogues[view.language], now = view.isPaused ? pausedAt : seconds();
  applyPreferences(view);
  document.title = words.title;
  const given = {
    roster,
    session,
    words,
    view,
    now,
    updateView,
    bans: inForce(bans, bansAt),
    greeting,
    ordered,
    give(order: Order) {
      ordered = { order, state: "asked" };
      session = step({ on: "order", order });
      drawNow();
    },
    removals,
    remove(message: TracedMessage) {
      removals = new Map(removals).set(keyOf(message), { state: "asked" });
      session = step({ on: "delete", message });
      drawNow();
    },
    ask: queries.ask,
    dismiss() {
      ordered = undefined;
      drawNow();
    },
    pausedEvents: pausedEvents.length,
    retryIn: retryAt === undefined ? undefined : Math.ceil(retryAt - seconds()),
    retry: () => connection.checkNow(),
    login: (name: string, password: string) => {
      session = step({ on: "login", name, password });
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

onKeptElsewhere(() => {
  view = { ...view, ...readPreferences() };
  draw();
});
addEventListener("online", () => connection.checkNow());
addEventListener("hashchange", () => { // the address of a restarted server, opened in this tab
  session = step({ on: "token", token: takeToken(tab) });
  drawNow();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  connection.checkNow();
  session = step({ on: "bans" });
});
setInterval(() => {
  if (document.visibilityState === "visible") session = step({ on: "bans" });
}, BANS_INTERVAL);
setInterval(() => {
  if (!view.isPaused) removeExpired(roster, seconds());
  draw(); // "heard 3 s ago"
}, 1_000);
drawNow();
