// One step of a dialogue between five clients: what is done, and what each of them sees then.

import assert from "node:assert/strict";
import type { Program } from "../../chat/program.ts";
import { type Terminal, terminal } from "../../terminal/terminal.ts";
import { type Browsing, PASSWORD, type Tab, urlOf } from "../browser.ts";
import { Python } from "./python.ts";

/** The room of the dialogue, where all five are. */
export const ROOM = "#lesson";
/** The terminals are wide enough for each line of the dialogue. */
const COLUMNS = 150;

/** The clients. Ann, Boris and Vera have accounts; Pavel and Python are guests. */
export interface Cast {
  /** The server of Ann and Vera, and that of Boris, Pavel and Python, which may be the same. */
  readonly one: Program;
  readonly two: Program;
  readonly ann: Tab;
  readonly boris: Tab;
  readonly vera: Terminal;
  readonly pavel: Terminal;
  readonly python: Python;
  /** Ends what a step has begun. */
  readonly stack: AsyncDisposableStack;
}

/** What a page shows: a selector, one of what is not there any more, or a look at the page. */
export type PageSight = string | { readonly gone: string } | ((tab: Tab) => Promise<unknown>);

/** What is done, and what is seen. What is not named is not looked at, but for Python's lines, which are all. */
export interface Step {
  readonly step: string;
  readonly does: (cast: Cast) => Promise<unknown>;
  readonly ann?: PageSight | readonly PageSight[];
  readonly boris?: PageSight | readonly PageSight[];
  /** Rows, each of which is in the terminal once. */
  readonly vera?: RegExp | readonly RegExp[];
  readonly pavel?: RegExp | readonly RegExp[];
  readonly python?: string | RegExp | readonly (string | RegExp)[];
}

/** Brings the five into the room, and gives Ann an operator's rights. */
export async function enter(
  stack: AsyncDisposableStack,
  browser: Browsing,
  [one, two]: readonly [Program, Program],
  promote: (name: string) => Promise<void>,
): Promise<Cast> {
  const ann = await browser.open(urlOf(one)), boris = await browser.open(urlOf(two));
  const vera = stack.use(terminal(["127.0.0.1", `${one.port}`, "-n", "vera"], COLUMNS));
  const pavel = stack.use(terminal(["127.0.0.1", `${two.port}`, "-n", "pavel"], COLUMNS));
  await Promise.all([ann.register("Ann").then(() => promote("Ann")), boris.register("Boris"), register(vera)]);
  await ann.go(ROOM);
  await vera.type(`/join ${ROOM}\r`);
  await pavel.shows(/Joined/);
  await pavel.type(`/join ${ROOM}\r`);
  await Promise.all([vera, pavel].map((each) => each.shows(/#lesson ›/)));
  await boris.go(ROOM);
  return { one, two, ann, boris, vera, pavel, python: stack.use(new Python(two.port, ROOM)), stack };
}

async function register(client: Terminal): Promise<void> {
  await client.shows(/Joined/);
  await client.type(`/register\r${PASSWORD}\r${PASSWORD}\r`);
  await client.shows(/is yours from now on/);
}

/**
 * Plays the steps one after another: none begins before all have seen the one before.
 *
 * @param again the last steps, which show earlier messages again
 */
export async function play(
  t: Deno.TestContext,
  cast: Cast,
  steps: readonly Step[],
  again: readonly Step[],
): Promise<void> {
  const { ann, boris, vera, pavel, python } = cast, printed: (string | RegExp)[] = [];
  await playAll(steps);
  for (const client of ["vera", "pavel"] as const) {
    for (const row of steps.flatMap((step) => all(step[client]))) {
      const rows = cast[client].screen.rows.filter((each) => row.test(each));
      assert.equal(rows.length, 1, `${client} sees ${row} once, not ${JSON.stringify(rows)}`);
    }
  }
  await playAll(again);
  for (const { wrong } of [ann, boris]) assert.deepEqual(wrong, []);

  async function playAll(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const isOk = await t.step(step.step, async () => {
        printed.push(...all(step.python));
        await step.does(cast);
        for (const sight of all(step.ann)) await looks(ann, sight);
        for (const sight of all(step.boris)) await looks(boris, sight);
        for (const row of all(step.vera)) await vera.shows(row);
        for (const row of all(step.pavel)) await pavel.shows(row);
        await python.prints(printed.length);
        assert.deepEqual(python.lines.map((line, at) => same(line, printed[at])), printed);
      });
      if (!isOk) throw new Error("What follows would be waited for in vain");
    }
  }
}

async function looks(tab: Tab, sight: PageSight): Promise<void> {
  if (typeof sight === "function") await sight(tab);
  else if (typeof sight === "string") {
    // What is in the head of a page is seen in the browser's tab.
    await tab.page.locator(sight).last().waitFor({ state: sight.startsWith("head") ? "attached" : "visible" });
  } else await tab.page.locator(sight.gone).waitFor({ state: "hidden" });
}

/** The pattern where the line matches it, so that two lists are compared. */
function same(line: string, expected: string | RegExp | undefined): string | RegExp {
  return expected instanceof RegExp && expected.test(line) ? expected : line;
}

function all<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T];
}
