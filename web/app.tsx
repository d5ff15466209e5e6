/**
 * Entry point of the page. It connects the model, the connection, the screen and the browser; timers, drawing and
 * storage are here only.
 */
import { render } from "preact";
import type { Level } from "../jim/message.ts";
import { read } from "../jim/client/fields.ts";
import { keepIgnored, readIgnored } from "./ignored.ts";
import { claim, claimEnv } from "./claim.ts";
import {
  hasOtherPending,
  hasPending,
  parseSnapshot,
  restore,
  type Snapshot,
  takeSnapshot,
  withoutPending,
} from "./snapshot.ts";
import { type ConnectionEvent, newConnection } from "./connection.ts";
import { loadFormatter } from "./formatter.ts";
import { untilTomorrow } from "./formats.ts";
import { loadLater } from "./later.ts";
import { tickDue, update } from "./model.ts";
import { isRoom } from "./conversation.ts";
import { badgeOf, newNotices, readSettings, saveSettings, withLevel, withLevelMoved } from "./notifications.ts";
import { playSound, popupPermission, showBadge, showPopup } from "./notify.ts";
import { deviceName } from "./own_account.ts";
import { type Credentials, type Event, newState, type State } from "./model/state.ts";
import { Page } from "./page.tsx";
import { isWide, onNarrowed, type ScrollState, titleOf, type ViewState } from "./parts/context.ts";
import { loginOnLoad, removeLogin, savedLogin, saveLogin } from "./saved_login.ts";
import { browserStore, replaceText, tabStore } from "./storage.ts";
import { Queries } from "./queries.ts";
import { hasSameFields } from "./same_fields.ts";
import { Uploads } from "./uploads.ts";
import { applyPreferences, browserEnv, onKeptElsewhere, readPreferences, savePreferences } from "./browser_env.ts";
import { catalogues } from "./words.ts";

/** The key of the snapshot in the tab's sessionStorage. */
const KEPT = "hanita";
/** Milliseconds between two drawings while the tab is hidden. */
const UNSEEN = 250;

const kept = parseSnapshot(tabStore.get(KEPT));
const root = document.getElementById("page")!;
/** The server writes into the page what it does not allow. */
const rules = { registration: root.dataset.registration !== "closed", guests: root.dataset.guests !== "no" };
const timeSuffix = Math.floor(Math.random() * 1_000);
const scroll: ScrollState = { position: kept?.scroll };
let state = restored(kept);
let view: ViewState = {
  ...readPreferences(),
  notifications: readSettings(browserStore),
  isListOpen: false,
  panel: isWide() ? "people" : undefined,
  dialog: undefined,
};
let retryAt: number | undefined;
let drawing = false;
/** The timer of the next tick, and the moment that it is for. */
let ticking: { readonly at: number; readonly timer: ReturnType<typeof setTimeout> } | undefined;

const connection = newConnection(browserEnv, onEvent);
const uploads = new Uploads({
  onProgress: (number, sent) => dispatch({ on: "uploadProgress", number, sent }),
  onDone: (number) => dispatch({ on: "uploadDone", number }),
  onGone: (number) => dispatch({ on: "uploadGone", number }),
  onFailed: (number, why) => dispatch({ on: "uploadFailed", number, why }),
});

const queries = new Queries((number, object) => dispatch({ on: "query", number, object }));

/** The state to begin with. */
function restored(from: Snapshot | undefined): State {
  const state = from === undefined ? newState(timeSuffix) : restore(timeSuffix, from);
  return { ...state, ignored: readIgnored(), device: deviceName(navigator.userAgent) };
}

/** A pasted picture has no name of its own in some browsers. */
function sendFiles(files: readonly File[], key: string): void {
  for (const file of files) {
    const { name, size } = file;
    dispatch({ on: "upload", key, file: { number: uploads.add(file), name: name === "" ? "file" : name, size } });
  }
}

function onEvent(event: ConnectionEvent): void {
  const before = retryAt;
  retryAt = event.on === "pause" ? event.at : undefined;
  if (event.on === "frame") dispatch({ on: "received", object: read(event.frame) });
  else if (event.on !== "pause") dispatch({ on: event.on });
  if (retryAt !== before) draw();
}

function dispatch(event: Event): void {
  const before = state;
  if (event.on === "open" && event.key !== state.open) scroll.position = undefined;
  const { state: next, effects } = update(state, event, Date.now());
  state = hasSameFields(next, before) ? before : next;
  for (const effect of effects) {
    if (effect.do === "send") connection.send(JSON.stringify(effect.object));
    else if (effect.do === "saveLogin") saveLogin(browserStore, effect);
    else if (effect.do === "removeLogin") removeLogin(browserStore, effect.token);
    else if (effect.do === "keepLevel") keepLevel(effect.key, effect.level);
    else if (effect.do === "moveLevel") moveLevel(effect.from, effect.to);
    else if (effect.do === "answer") queries.answered(effect.number, effect.result);
    else if (effect.do === "upload") uploads.send(effect.number, effect.upload, effect.isResumed);
    else if (effect.do === "cancelUpload") uploads.cancel(effect.number, effect.upload);
    else connection[effect.do]();
  }
  tell(before);
  if (before.skipped === 0 && state.skipped > 0) logSkipped(event);
  if (state.ignored !== before.ignored) keepIgnored(state.ignored);
  if (before.stage === "in" && state.stage === "out" && state.refusal === undefined) tabStore.set(KEPT, null);
  if (state.isLoginOver && !before.isLoginOver) keep(); // without the token
  else keepInTime(event, before);
  tickLater();
  if (state === before) return;
  // The next key is for the conversation that is open: its field must be there by then, and not with the next frame. What closes
  // a dialog with it does that before.
  if (state.open !== before.open && state.stage === "in") drawNow();
  else draw();
}

/** Has the model called when something in it is over or due. */
function tickLater(): void {
  const at = tickDue(state);
  if (at === ticking?.at) return;
  clearTimeout(ticking?.timer);
  ticking = at === undefined ? undefined : {
    at,
    timer: setTimeout(() => {
      ticking = undefined;
      dispatch({ on: "tick" });
    }, Math.max(0, at - Date.now())),
  };
}

/** Tells the user of what is new. A page that nobody looks at shows notifications of the system, too. */
function tell(before: State): void {
  const { notifications, language } = view, notices = newNotices(before, state, notifications);
  if (notices.length === 0) return;
  if (notifications.sound) playSound(Math.max(...notices.map(({ message: { id = 0 } }) => id)));
  if (!notifications.popups || popupPermission() !== "granted" || document.hasFocus()) return;
  for (const notice of notices) {
    const { key, message: { from } } = notice, place = titleOf(key, catalogues[language]);
    showPopup(notice, isRoom(key) ? `${from}, ${place}` : from, () => dispatch({ on: "open", key }));
  }
}

/** The first object that is skipped is logged in the browser's console, or the end of the list that it is in. */
function logSkipped(event: Event): void {
  const object = event.on === "received" ? JSON.stringify(event.object) : event.on;
  console.debug(`Skipped what this page does not know of a newer server. The last object that it sent: ${object}`);
}

function updateView(change: Partial<ViewState>): void {
  view = { ...view, ...change };
  savePreferences(view);
  if (change.notifications !== undefined) saveSettings(browserStore, change.notifications);
  draw();
}

function keepLevel(key: string, level: Level): void {
  updateView({ notifications: withLevel(view.notifications, key, level) });
}

function moveLevel(from: string, to: string): void {
  updateView({ notifications: withLevelMoved(view.notifications, from, to) });
}

/** After the first screen is there; Safari does not tell when it is idle. */
function whenIdle(work: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: 1_000 });
  else setTimeout(work, 100);
}

/** Names the days anew at midnight. */
function drawTomorrow(): void {
  setTimeout(() => {
    draw();
    drawTomorrow();
  }, untilTomorrow(new Date()) + 1);
}

/** Draws at most once a frame, however many events arrive. */
function draw(): void {
  if (drawing) return;
  drawing = true;
  if (document.visibilityState === "hidden") setTimeout(drawNow, UNSEEN);
  else requestAnimationFrame(drawNow);
}

function drawNow(): void {
  drawing = false;
  const words = catalogues[view.language];
  applyPreferences(view);
  const { unread, isCalled } = badgeOf(state.conversations.values(), view.notifications);
  const title = `${unread > 0 ? `(${unread}) ` : ""}${words.title}`;
  if (document.title !== title) document.title = title;
  showBadge(unread, isCalled);
  const given = {
    state,
    words,
    view,
    rules,
    retryAt,
    scroll,
    dispatch,
    updateView,
    sendFiles,
    ask: queries.ask,
    retryNow: () => connection.checkNow(),
    known: kept?.name,
  };
  render(<Page {...given} />, root);
}

/** A phone may end a hidden page without an event, and a page that was put out keeps nothing: what it has kept is out of date. */
function keepInTime(event: Event, before: State): void {
  if (before.stage !== "in" || event.on === "uploadProgress") return;
  const isPutOut = state.stage === "out" && state.refusal !== undefined;
  if (isPutOut && tabStore.get(KEPT) !== null) keep(before);
  else if (document.visibilityState === "hidden" && hasOtherPending(before, state)) keep();
}

function keep(from = state): void {
  const text = takeSnapshot(from, scroll.position);
  if (text !== undefined) replaceText(tabStore, KEPT, text);
}

/** Begins without what another page goes on with. */
function drop(all: Snapshot): void {
  const rest = withoutPending(all);
  state = restored(rest);
  replaceText(tabStore, KEPT, JSON.stringify(rest));
}

/** Waits for the claim of what the tab has kept, if there is something to claim. */
async function claimKept(me: Credentials | undefined): Promise<void> {
  const isPending = kept !== undefined && hasPending(kept);
  const claimed = claim(claimEnv(tabStore), isPending, () => {
    drop(kept!);
    location.reload();
  });
  if (!isPending) return;
  if (me !== undefined) state = { ...state, stage: "entering" };
  drawNow();
  if (!await claimed) drop(kept);
}

addEventListener("pagehide", () => keep());
// It was beside the conversation, and would cover it.
onNarrowed(() => view.panel === "people" && updateView({ panel: undefined }));
onKeptElsewhere(() => {
  const { levels, ...settings } = readSettings(browserStore), { notifications } = view;
  // The levels of an account come from the server, and the other tab may be another account's.
  const kept = { ...settings, levels: state.hasAccount ? notifications.levels : levels };
  view = { ...view, ...readPreferences(), notifications: kept };
  state = { ...state, ignored: readIgnored() };
  draw();
});
addEventListener("online", () => connection.checkNow());
document.addEventListener("visibilitychange", () => {
  // A phone may end a hidden page without an event.
  if (document.visibilityState === "hidden") keep();
  else {
    connection.checkNow();
    draw(); // a machine that slept has missed midnight
  }
});
drawTomorrow();

const me = loginOnLoad(kept, savedLogin(browserStore));
await claimKept(me);
if (me !== undefined) dispatch({ on: "enter", me });

drawNow();
// Both are there before the first messages, mostly.
whenIdle(() => {
  loadFormatter();
  loadLater();
  uploads.tidy();
});
