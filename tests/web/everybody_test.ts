// One conversation between two pages, two terminals and the Python client of the README, which uses what a messenger has, and
// says what each of them sees; on one server, and on two over a broker.

import assert from "node:assert/strict";
import { type Program, startUnmeasured } from "../chat/program.ts";
import { until } from "../chat/within.ts";
import { samplesIn } from "../docs/commands.ts";
import { hasBroker, startBroker } from "../nats_server.ts";
import { cannot as cannotType, type Terminal, terminal } from "../terminal/terminal.ts";
import { browse, type Browsing, cannot as cannotBrowse, PASSWORD, type Tab } from "./browser.ts";

const cannot = cannotBrowse || cannotType;
/** The terminals are wide enough for each line of this dialogue. */
const COLUMNS = 100;

/** The Python client of the README, with what it has printed. */
class Python implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<void>;
  #out = "";

  constructor(port: number) {
    const [sample] = samplesIn(
      Deno.readTextFileSync(new URL("../../README.md", import.meta.url)),
      "README.md",
      "python",
    );
    const code = sample!.text.replace("7777", `${port}`);
    this.#child = new Deno.Command("python3", { args: ["-c", code], stdin: "piped", stdout: "piped" }).spawn();
    this.#read = this.#child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({ write: (text) => void (this.#out += text) }),
    );
  }

  /** Waits until it has printed a line. */
  async prints(line: RegExp): Promise<void> {
    const multi = new RegExp(line, "m");
    await until(`${line} of Python`, () => multi.test(this.#out)).catch((error) => {
      throw new Error(`${error.message}; it has printed\n${this.#out}`);
    });
  }

  get out(): string {
    return this.#out;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.stdin.close().catch(() => {});
    await this.#child.status;
    await this.#read;
  }
}

const row = ({ page }: Tab, text: string) =>
  page.locator(".said").filter({ has: page.locator(".text", { hasText: text }) }).last();

/** Presses a button of a message. */
async function press(tab: Tab, text: string, name: string): Promise<void> {
  await row(tab, text).hover();
  await row(tab, text).getByRole("toolbar").getByRole("button", { name, exact: true }).click();
}

/** A terminal in which somebody has made an account. */
async function registered(port: number, name: string): Promise<Terminal> {
  const client = terminal(["127.0.0.1", `${port}`, "-n", name], COLUMNS);
  await client.shows(/Joined/);
  await client.type(`/register\r${PASSWORD}\r${PASSWORD}\r`);
  await client.shows(/is yours from now on/);
  return client;
}

/** The dialogue. Ann and Vera are at the first server, Boris, Pavel and Python at the second, which may be the same. */
async function play(t: Deno.TestContext, one: Program, two: Program, browser: Browsing): Promise<void> {
  const url = ({ webPort }: Program) => `http://127.0.0.1:${webPort}/`;
  const ann = await browser.open(url(one)), boris = await browser.open(url(two));
  await ann.register("Ann");
  await boris.register("Boris");
  await using vera = await registered(one.port, "vera");
  await using pavel = terminal(["127.0.0.1", `${two.port}`, "-n", "pavel"], COLUMNS);
  await pavel.shows(/Joined/);
  await using python = new Python(two.port);
  await python.prints(/^welcome, Python$/);

  await t.step("formatting and code: the pages show it, the others get the text as it was typed", async () => {
    await ann.say("**Try** this: `print(1)`");
    await row(boris, "print(1)").locator("strong", { hasText: "Try" }).waitFor();
    await row(boris, "print(1)").locator("code", { hasText: "print(1)" }).waitFor();
    for (const each of [vera, pavel]) await each.shows(/Ann │ \*\*Try\*\* this: `print\(1\)`/);
    await python.prints(/^Ann to #all: \*\*Try\*\* this: `print\(1\)`$/);
  });

  await t.step("a reply has a quote: a part of the page, a row in the terminal, a line for Python", async () => {
    await vera.type("/reply Ann it prints 1\r");
    await row(ann, "it prints 1").locator(".quote").waitFor();
    await row(boris, "it prints 1").locator(".quote").waitFor();
    await pavel.shows(/vera │ > Ann: .*Try/);
    await pavel.shows(/ │ it prints 1/);
    await python.prints(/^vera to #all: > Ann: .*Try.*\nit prints 1$/);
  });

  await t.step("an edit changes the message on the pages; the others get what is new", async () => {
    await press(ann, "print(1)", "Edit");
    await ann.page.getByLabel("Edit the message").fill("Try that: `print(2)`");
    await ann.page.getByLabel("Edit the message").press("Enter");
    await row(boris, "print(2)").getByText("edited").first().waitFor();
    for (const each of [vera, pavel]) await each.shows(/Ann │ .*✎.*Try that/);
    await python.prints(/^Ann to #all: ✎ Try that: `print\(2\)`$/);
  });

  await t.step("a reaction is a number with names, and nothing to a program that does not know it", async () => {
    await pavel.type("/react Ann :tada:\r");
    const chip = (tab: Tab) => row(tab, "print(2)").locator(".reactions button");
    for (const each of [ann, boris]) await chip(each).getByText("1").waitFor();
    assert.equal(await chip(boris).getAttribute("aria-label"), "🎉 1: pavel");
    await vera.shows(/pavel: 🎉/);
    await boris.say("All right");
    await python.prints(/^Boris to #all: All right$/);
    assert.doesNotMatch(python.out, /🎉/);
  });

  await t.step("a deletion hides the text at once; Python is told nothing", async () => {
    await press(boris, "All right", "Delete");
    await boris.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await row(ann, "This message was deleted").waitFor();
    for (const each of [vera, pavel]) await each.shows(/Boris.*delet/);
    await ann.say("Next");
    await python.prints(/^Ann to #all: Next$/);
    assert.doesNotMatch(python.out, /delet/);
  });

  await t.step("who writes, and what somebody says of herself, is seen where it is understood", async () => {
    // A notice goes out at most once in three seconds, with a key; one of the message before may arrive late.
    const writes = /Ann is (?:typing|writing)/, onPage = boris.page.getByText(writes).waitFor();
    const seen = Promise.all([onPage, vera.shows(writes)]).then(() => isSeen = true);
    let isSeen = false;
    while (!isSeen) await Promise.race([seen, ann.field.press("x", { delay: 100 })]);
    await ann.field.fill("");
    await vera.type("/away back at five\r");
    await pavel.shows(/vera: away, back at five/);
    await ann.page.getByText("back at five").first().waitFor();
  });

  await t.step("nothing more has come to Python, and each page and terminal has all messages once", async () => {
    await vera.type("That is all\r");
    for (const each of [ann, boris]) {
      await each.hears("That is all");
      assert.deepEqual(
        (await each.said()).map((text) => text.replaceAll("`", "")),
        ["Try that: print(2)", "it prints 1", "This message was deleted", "Next", "That is all"],
      );
      assert.deepEqual(each.wrong, []);
    }
    await pavel.shows(/vera │ That is all/);
    await python.prints(/^vera to #all: That is all$/);
    const said = python.out.split("\n").filter((line) => / to #all: /.test(line)).map((line) => line.split(": ")[0]);
    assert.deepEqual(said, ["Ann", "vera", "Ann", "Boris", "Ann", "vera"].map((name) => `${name} to #all`));
  });
}

Deno.test("everybody chats on one server", { ignore: cannot }, async (t) => {
  await using server = await startUnmeasured("--web", "--web-port", "0");
  await using browser = await browse();
  await play(t, server, server, browser);
});

Deno.test("everybody chats on two servers", { ignore: cannot || !hasBroker }, async (t) => {
  await using broker = await startBroker();
  const options = ["--web", "--web-port", "0", "--broker", broker.url, "--chat", "school"];
  await using one = await startUnmeasured(...options);
  await using two = await startUnmeasured(...options);
  await using browser = await browse();
  await play(t, one, two, browser);
});
