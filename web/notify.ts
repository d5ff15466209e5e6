/** Tells the user of new messages by what the browser has: the icon of the page, a sound, notifications of the system. */
import type { Notice } from "./notifications.ts";

/** Characters of a message that a notification shows. */
const SHOWN = 160;

/** Whether the browser has notifications, and lets the page show them. */
export function popupPermission(): "granted" | "denied" | "default" | "missing" {
  return "Notification" in globalThis ? Notification.permission : "missing";
}

/** Asks for the permission; a browser does so only after a click. */
export async function askForPopups(): Promise<boolean> {
  return popupPermission() !== "missing" && await Notification.requestPermission() === "granted";
}

/**
 * Shows a notification of the system. A newer one of the conversation takes its place, in all tabs.
 *
 * @param open is called when it is clicked
 */
export function showPopup({ key, message }: Notice, title: string, open: () => void): void {
  try {
    const popup = new Notification(title, {
      body: message.text.slice(0, SHOWN),
      tag: `hanita ${key}`,
      icon: "icon.svg",
    });
    popup.onclick = () => {
      focus();
      popup.close();
      open();
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // Chrome on Android has them for service workers only
  }
}

let audio: AudioContext | undefined;
/** How often the sound was to be played. */
let sounds = 0;
/** Milliseconds within which all tabs have a message: a hidden one may be slow. */
const ALL_TABS = 10_000;

/**
 * Plays two short notes; a browser lets a page do so after a click in it. Sounds that wait for the click are one sound: all at
 * once would be as loud as they are many.
 *
 * @param id of the message that it is for: of the tabs that have it only one plays it
 */
export async function playSound(id?: number): Promise<void> {
  if (!("AudioContext" in globalThis)) return;
  audio ??= new AudioContext();
  const sound = ++sounds;
  try {
    await audio.resume();
  } catch {
    return; // no device
  }
  if (sound !== sounds || (id !== undefined && !await isFirstTab(id))) return;
  for (const [at, pitch] of [[0, 660], [0.12, 880]] as const) {
    const note = audio.createOscillator(), volume = audio.createGain(), start = audio.currentTime + at;
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.18);
    note.connect(volume).connect(audio.destination);
    note.start(start);
    note.stop(start + 0.2);
  }
}

/** Whether no other tab has told of a message. Without encryption a browser does not say so, and each tab does. */
function isFirstTab(id: number): Promise<boolean> {
  const { locks } = navigator as Partial<Pick<Navigator, "locks">>;
  return new Promise((resolve) => {
    if (locks === undefined) return resolve(true);
    const hold = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock && new Promise((release) => setTimeout(release, ALL_TABS));
    };
    locks.request(`hanita sound ${id}`, { ifAvailable: true }, hold).catch(() => resolve(true)); // a page that may keep nothing
  });
}

let shown: string | undefined;

/** Shows in the icon of the page, and of the app, that there are unread messages. */
export function showBadge(unread: number, isCalled: boolean): void {
  const badge = `${unread} ${isCalled}`;
  if (badge === shown) return;
  shown = badge;
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  const icon = isCalled ? "icon-called.svg" : unread > 0 ? "icon-unread.svg" : "icon.svg";
  if (link !== null && link.getAttribute("href") !== icon) link.setAttribute("href", icon);
  const app = navigator as Partial<Pick<Navigator, "setAppBadge">>;
  app.setAppBadge?.(unread).catch(() => {}); // not installed
}
