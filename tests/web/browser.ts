// A browser, as people use it: Debian's Chromium, which playwright-core drives. Whatever a page complains of, asks of another
// host or opens by itself is noted, and a test looks at it.

import fs, { existsSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { checkPassword } from "../../server/auth/passwords.ts";
import { cheaply } from "../chat/accounts.ts";
import { cannotRun, type Program, startUnmeasured } from "../chat/program.ts";
import { type Chat, type Options, start } from "../chat/start.ts";
import { ownPorts } from "../own_port.ts";

/**
 * Chromium without its own windows, and if that is not there, with them. The first takes a fifth of the processor's time
 * for each window that a test opens.
 */
const PROGRAMS = ["/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium"];
const PROGRAM = cannotRun ? undefined : PROGRAMS.find((path) => mayRun(path) && existsSync(path));

/** What a test with a browser needs. */
export const cannot = PROGRAM === undefined;

/** No page of a test lives so long that the optimizing compilers pay: nine files took 28 s of a processor's time, and 30 and 31 with them. */
const WITHOUT_OPTIMIZERS = ["--js-flags=--no-turbofan --no-maglev"];
/** CSS pixels of a window: room for all three columns, and not more, since each pixel is drawn by the processor. */
const SCREEN = { width: 1200, height: 600 };

/** Milliseconds to wait for what is expected: there to end a test that has failed. */
const DEADLINE = 60_000;
export const PASSWORD = "correct horse";

/** A page of the chat. */
export interface Tab {
  readonly page: Page;
  /** What went wrong: messages of the console, errors, dialogs, requests to other hosts. */
  readonly wrong: readonly string[];
  /** Comes in as a guest. */
  join(name: string): Promise<void>;
  /** Makes an account, and comes in. */
  register(name: string): Promise<void>;
  logIn(name: string): Promise<void>;
  /** Goes to a room or a person. */
  go(key: string): Promise<void>;
  /** Writes, and waits for the answer. */
  say(text: string): Promise<void>;
  /** Waits for a message that has this text and nothing else. */
  hears(text: string): Promise<void>;
  /** All messages that are shown, in their order. */
  said(): Promise<string[]>;
  /** The field to write in. */
  readonly field: Locator;
}

export interface Browsing extends AsyncDisposable {
  /** A browser window of its own, with no past. Nothing in it moves, unless the options say so. */
  open(url: string, options?: BrowserContextOptions): Promise<Tab>;
  /** Another tab of the same window. */
  beside(tab: Tab, url: string): Promise<Tab>;
}

/**
 * The browser of all tests of a file: a start takes a second of a processor's time, and windows know nothing of each other.
 * It is opened and closed outside of every test, so that none of them is held to leave it open.
 */
let shared: Browser | undefined;
if (!cannot) {
  Deno.test.beforeAll(async () => {
    shared = await launch(...WITHOUT_OPTIMIZERS);
  });
  Deno.test.afterAll(() => shared?.close());
}

/** A test's part of the browser: `await using browser = await browse()`. Its windows are closed with it. */
export async function browse(): Promise<Browsing> {
  const browser = shared ?? await launch(...WITHOUT_OPTIMIZERS);
  const windows: BrowserContext[] = [];
  return {
    async open(url, options = {}) {
      const context = await browser.newContext({
        locale: "en-GB",
        viewport: SCREEN,
        reducedMotion: "reduce",
        ...options,
      });
      windows.push(context);
      context.setDefaultTimeout(DEADLINE);
      return await tab(await context.newPage(), url);
    },
    beside: async ({ page }, url) => await tab(await page.context().newPage(), url),
    async [Symbol.asyncDispose]() {
      for (const window of windows) await window.close();
      if (browser !== shared) await browser.close();
    },
  };
}

/**
 * Starts a bare browser. The package looks into /proc for Windows as soon as it is loaded, and Deno shows that folder only
 * to who may do everything: so it is not there. It is loaded when it is needed, since without permissions that fails, too.
 */
export async function launch(...args: readonly string[]): Promise<Browser> {
  fs.existsSync = (path) => !String(path).startsWith("/proc/") && existsSync(path);
  const { chromium } = await import("playwright-core").finally(() => fs.existsSync = existsSync);
  return await chromium.launch({
    executablePath: PROGRAM!,
    timeout: DEADLINE,
    // The superuser has no sandbox, and continuous integration runs as one.
    args: [...args, ...Deno.uid() === 0 ? ["--no-sandbox"] : []],
  });
}

function mayRun(command: string): boolean {
  return Deno.permissions.querySync({ name: "run", command }).state === "granted";
}

/** A password's hash at full cost takes 70 ms of a processor's time. */
const CHEAP = { hash: (password: string) => cheaply(password), check: checkPassword };

/**
 * A server in the test's own process with its page, and its URL. Use {@linkcode serve} where a test needs the program itself: its
 * options, its data folder, its end. That takes ten times the processor's time to start.
 */
export async function startWithPage(options: Options = {}): Promise<Chat & { url: string }> {
  const chat = await start({ hasher: CHEAP, ...options });
  return Object.assign(chat, { url: `http://127.0.0.1:${await chat.web()}/` });
}

/** The server as a program, with its page, and its URL. */
export async function serve(...args: string[]): Promise<Program & { url: string }> {
  const web = args.includes("--web") ? [] : ["--web", "--web-port", "0"];
  const program = await startUnmeasured("-a", "127.0.0.1", ...web, ...args);
  return Object.assign(program, { url: urlOf(program) });
}

/** The options of a server with a page that is started again, at the same URL. */
export function ownAddresses(): string[] {
  const [port, webPort] = ownPorts(2);
  return ["-p", `${port}`, "--web", "--web-port", `${webPort}`];
}

export function urlOf({ webPort }: Program): string {
  return `http://127.0.0.1:${webPort}/`;
}

async function tab(page: Page, url: string): Promise<Tab> {
  const wrong: string[] = [];
  const { host } = new URL(url);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error.stack)));
  page.on("dialog", (dialog) => {
    wrong.push(`A dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.protocol !== "data:" && asked.host !== host) wrong.push(`A request to ${request.url()}`);
  });
  await page.goto(url);
  const field = page.locator("#field");
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const text = (text: string, where = ".said") =>
    page.locator(`${where} .text`).filter({ hasText: new RegExp(`^${RegExp.escape(text)}$`) }).last();

  async function enter(method: string, name: string, click: string): Promise<void> {
    await page.getByRole("radio", { name: method, exact: true }).check();
    await page.getByLabel("Your name").fill(name);
    if (method !== "Guest") await page.getByLabel("Password").fill(PASSWORD);
    await button(click).click();
    await field.waitFor();
  }

  return {
    page,
    wrong,
    field,
    join: (name) => enter("Guest", name, "Join the chat"),
    register: (name) => enter("Register", name, "Register and join"),
    logIn: (name) => enter("Log in", name, "Log in"),
    async go(key) {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill(key);
      await page.locator(`[role=option][data-key=${JSON.stringify(key)}]`).click();
      await page.getByRole("heading", { level: 1, name: key, exact: true }).waitFor();
    },
    async say(words) {
      await page.locator("dialog[open]").waitFor({ state: "detached" }); // one that is about to close takes the keys
      await field.fill(words);
      await page.keyboard.press("Enter"); // the field has the focus; to look for it again takes 10 ms of a processor's time
      await text(words, ".said.own").waitFor();
      await page.locator(".fate").first().waitFor({ state: "detached" });
    },
    hears: (words) => text(words).waitFor(),
    said: () => page.locator(".said .text").allTextContents(),
  };
}
