// The dialogue: each row is a step, with what is done and what each of the five sees.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { PNG } from "../../chat/uploading.ts";
import { connect, type Heard } from "../../chat/peer.ts";
import { authenticate } from "../../chat/accounts.ts";
import { until } from "../../chat/within.ts";
import { tool } from "../../tools/task.ts";
import { PASSWORD, type Tab } from "../browser.ts";
import { goes, inDialog, inTurn, message, picture, place, presses, says, text, title, types } from "./acts.ts";
import type { Cast, Step } from "./step.ts";

const NOTES = "Vera's notes\n";
/** The link that a plain client is sent. */
const link = ({ python }: Cast) => /http:\S+/.exec(python.lines.findLast((line) => line.includes("📎"))!)![0];

export const steps: readonly Step[] = [
  {
    step: "a plain client is in the room",
    does: () => Promise.resolve(),
    python: ["welcome, Python", "welcome to #lesson"],
  },
  {
    step: "formatting and code: the pages show it, the others get the text as it was typed",
    does: says("ann", "**Try** this: `print(1)`"),
    boris: [message("print(1)", 'strong:text-is("Try")'), message("print(1)", 'code:text-is("print(1)")')],
    vera: /Ann │ \*\*Try\*\* this: `print\(1\)`/,
    pavel: /Ann │ \*\*Try\*\* this: `print\(1\)`/,
    python: "Ann to #lesson: **Try** this: `print(1)`",
  },
  {
    step: "a block of code has a button that copies it",
    does: types("python", "```for x in y: pass```"),
    ann: message("for x in y", "code"),
    boris: message("for x in y", "code"),
    vera: /Python │ ```for x in y: pass```/,
    pavel: /Python │ ```for x in y: pass```/,
    python: "ok",
  },
  {
    step: "a reply has a quote: a part of the page, a row in the terminal, a line for Python",
    does: types("vera", "/reply Ann it prints 1"),
    ann: message("it prints 1", ".quote"),
    boris: message("it prints 1", ".quote"),
    pavel: [/vera │ > Ann: .*Try/, / │ it prints 1/],
    python: ["vera to #lesson: > Ann: **Try** this: `print(1)`", "it prints 1"],
  },
  {
    step: "an edit changes the message on the pages; the others get what is new",
    does: inTurn(presses("ann", "print(1)", "Edit"), async ({ ann }) => {
      await ann.page.getByLabel("Edit the message").fill("Try that: `print(2)`");
      await ann.page.getByLabel("Edit the message").press("Enter");
    }),
    ann: message("print(2)", ':text("edited")'),
    boris: message("print(2)", ':text("edited")'),
    vera: /Ann │ .*✎.*Try that/,
    pavel: /Ann │ .*✎.*Try that/,
    python: "Ann to #lesson: ✎ Try that: `print(2)`",
  },
  {
    step: "a reaction is a number with names, and nothing to a program that does not know it",
    does: types("pavel", "/react Ann :tada:"),
    ann: message("print(2)", '.reactions button[aria-label="🎉 1: pavel"]'),
    boris: message("print(2)", '.reactions button[aria-label="🎉 1: pavel"]'),
    vera: /pavel: 🎉/,
  },
  {
    step: "a message that is deleted was there for all",
    does: says("boris", "All right"),
    ann: message("All right"),
    vera: /Boris │ All right/,
    pavel: /Boris │ All right/,
    python: "Boris to #lesson: All right",
  },
  {
    step: "a deletion hides the text at once; Python is told nothing",
    does: inTurn(
      presses("boris", "All right", "Delete"),
      ({ boris }) => boris.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click(),
    ),
    ann: [message("This message was deleted"), { gone: message("All right") }],
    boris: [message("This message was deleted"), { gone: message("All right") }],
    vera: /Boris has deleted "Boris: All right"/,
    pavel: /Boris has deleted "Boris: All right"/,
  },
  {
    step: "who writes is seen where it is understood",
    // A notice goes out at most once in three seconds, with a key; one of the message before may arrive late.
    does: async ({ ann, boris, vera }) => {
      const writes = /Ann is (?:typing|writing)/, onPage = boris.page.getByText(writes).waitFor();
      let isSeen = false;
      const seen = Promise.all([onPage, vera.shows(writes)]).then(() => isSeen = true);
      while (!isSeen) await Promise.race([seen, ann.field.press("x", { delay: 100 })]);
      await ann.field.fill("");
    },
  },
  {
    step: "somebody is away, and says why",
    does: types("vera", "/away back at five"),
    ann: text("back at five"),
    boris: text("back at five"),
    pavel: /vera: away, back at five/,
  },
  {
    step: "somebody says on a page what he does",
    does: inDialog("boris", "Settings", async (dialog) => {
      await dialog.getByRole("textbox", { name: "An emoji" }).fill("🍝");
      await dialog.getByRole("textbox", { name: /What you do/ }).fill("at lunch");
      await dialog.getByRole("button", { name: "Set", exact: true }).click();
    }, true),
    ann: text("🍝 at lunch"),
    vera: /Boris: 🍝 at lunch/,
    pavel: /Boris: 🍝 at lunch/,
  },
  {
    step: "a picture is shown on the pages, and is a link for the others",
    does: ({ ann }) =>
      ann.page.locator("input[type=file]").setInputFiles({
        name: "my cat.png",
        mimeType: "image/png",
        buffer: Buffer.from(PNG),
      }),
    ann: picture("my cat.png"),
    boris: picture("my cat.png"),
    vera: /Ann │ 📎 my cat.png \(\d+ B\) http:/,
    pavel: /Ann │ 📎 my cat.png \(\d+ B\) http:/,
    python: /^Ann to #lesson: 📎 my cat.png \(\d+ B\) http:/,
  },
  {
    step: "the link of the plain client leads to the picture",
    does: async (cast) => {
      const answer = await fetch(link(cast));
      assert.equal(answer.headers.get("content-type"), "image/png");
      assert.deepEqual(await answer.bytes(), PNG);
    },
  },
  {
    step: "a file of a terminal is a download on the pages",
    does: async ({ vera }) => {
      await Deno.writeTextFile(`${vera.folder}/notes.txt`, NOTES);
      await vera.type(`/send ${vera.folder}/notes.txt\r`);
    },
    ann: async ({ page }) => {
      const saved = page.waitForEvent("download");
      await page.getByRole("link", { name: /notes\.txt/ }).click();
      assert.equal(await Deno.readTextFile(await (await saved).path()), NOTES);
    },
    boris: '.log a[download="notes.txt"]',
    pavel: /vera │ 📎 notes.txt \(13 B\) http:/,
    python: /^vera to #lesson: 📎 notes.txt \(13 B\) http:/,
  },
  {
    step: "another terminal saves it",
    does: ({ pavel }) => pavel.type(`/save ${pavel.folder}/copy.txt\r`),
    pavel: /Saved as .*copy.txt/,
  },
  {
    step: "and it is whole there, as behind the plain client's link",
    does: async (cast) => {
      assert.equal(await Deno.readTextFile(`${cast.pavel.folder}/copy.txt`), NOTES);
      assert.equal(await (await fetch(link(cast))).text(), NOTES);
    },
  },
  {
    step: "what is pinned is in the dialog of the room, and in a list of the terminal",
    does: inTurn(
      presses("ann", "it prints 1", "Pin in the room"),
      ({ pavel }) => pavel.shows(/Ann has pinned "vera: it prints 1"/),
      types("pavel", "/pins"),
    ),
    vera: /Ann has pinned "vera: it prints 1"/,
    pavel: [/Ann has pinned "vera: it prints 1"/, /Pinned in #lesson/],
    boris: (tab) =>
      inDialog("boris", "About this room", (dialog) => dialog.getByText("vera: it prints 1").waitFor())(
        { boris: tab } as Cast,
      ),
  },
  {
    step: "in a room for announcements only its owner writes",
    does: inTurn(
      inDialog("ann", "About this room", (dialog) => dialog.getByLabel(/^For announcements/).click()),
      async ({ pavel }) => await pavel.shows(/Ann: #lesson is open, and owners alone write there/), // their server knows it
      types("python", "may I?"),
      types("pavel", "and I?"),
    ),
    vera: /Ann: #lesson is open, and owners alone write there/,
    pavel: [
      /Ann: #lesson is open, and owners alone write there/,
      /The server refuses "and I\?": .* announcements of its owners/,
    ],
    python: /owners/,
  },
  {
    step: "and then all write there again",
    does: inTurn(
      inDialog("ann", "About this room", (dialog) => dialog.getByLabel(/^For announcements/).click()),
      async ({ vera }) => await vera.shows(/Ann: #lesson is open, and all members write there/),
      types("python", "thank you"),
    ),
    ann: message("thank you"),
    boris: message("thank you"),
    vera: /Python │ thank you/,
    pavel: /Python │ thank you/,
    python: "ok",
  },
  {
    step: "a room that is renamed is the same room",
    does: inDialog("ann", "About this room", async (dialog) => {
      await dialog.getByRole("textbox", { name: "Rename" }).fill("lesson-8");
      await dialog.getByRole("button", { name: "Rename" }).click();
    }),
    ann: place("lesson-8"),
    boris: place("lesson-8"),
    vera: /Ann: #lesson is #lesson-8 now/,
    pavel: /Ann: #lesson is #lesson-8 now/,
  },
  {
    step: "a plain client goes on there by the former name",
    does: types("python", "still here"),
    ann: message("still here"),
    boris: message("still here"),
    vera: /Python │ still here/,
    pavel: /Python │ still here/,
    python: "ok",
  },
  {
    step: "and is sent what is said there",
    does: says("boris", "so am I"),
    ann: message("so am I"),
    vera: /Boris │ so am I/,
    pavel: /Boris │ so am I/,
    python: "Boris to #lesson: so am I",
  },
  {
    step: "a program without an account speaks through a hook",
    does: async (cast) => {
      const address = await makesProgram("About this room", "Name of the hook", "ci", "Make a hook")(cast);
      assert.deepEqual(await post(cast.two.webPort, address.split("/").at(-1)!, "The *build* is done"), [200, "ok"]);
    },
    ann: message("build* is done"),
    boris: message("build* is done"),
    vera: /ci \(hook\) │ The \*build\* is done/,
    pavel: /ci \(hook\) │ The \*build\* is done/,
    python: "ci (hook) to #lesson: The *build* is done",
  },
  {
    step: "a bot has an account without a password",
    does: async (cast) => {
      const token = await makesProgram("Settings", "Name of the bot", "helper", "Make a bot")(cast);
      cast.stack.use(bot(cast.two.port, token, "#lesson-8"));
    },
    ann: '.people :text("helper")',
    boris: '.people :text("helper")',
  },
  {
    step: "it answers",
    does: types("vera", "!roll"),
    ann: '.log .said:has-text("helper") .text:text-matches("^[1-6]$")',
    boris: '.log .said:has-text("helper") .text:text-matches("^[1-6]$")',
    vera: /helper │ [1-6]$/,
    pavel: /helper │ [1-6]$/,
    python: ["vera to #lesson: !roll", /^helper to #lesson: [1-6]$/],
  },
  {
    step: "a private room is seen by those that are invited",
    does: inTurn(
      goes("ann", "#plans"),
      inDialog("ann", "About this room", async (dialog) => {
        await dialog.getByLabel(/^Private/).click();
        await dialog.getByRole("textbox", { name: "Invite" }).fill("vera");
        await dialog.getByRole("button", { name: "Invite", exact: true }).click();
        await dialog.getByRole("listitem").filter({ hasText: "vera" }).getByText("invited").waitFor();
      }),
    ),
    ann: place("plans"),
    vera: /Ann invites you into #plans/,
  },
  {
    step: "what is said there is for them alone",
    does: inTurn(types("vera", "/join #plans"), ({ vera }) => vera.shows(/#plans ›/), says("ann", "the secret plan")),
    vera: /Ann │ the secret plan/,
  },
  {
    step: "others find no such room",
    does: inTurn(types("pavel", "/rooms"), async ({ boris: { page } }) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill("plans");
      await page.getByRole("option", { name: "Make the room #plans" }).waitFor();
      assert.equal(await page.locator("[role=option] .hash", { hasText: "#" }).count(), 0);
      await page.keyboard.press("Escape");
    }),
    pavel: /#lesson-8.*you are in/,
  },
  {
    step: "an invitation is told to the one that is invited",
    does: inDialog("ann", "About this room", async (dialog) => {
      await dialog.getByRole("textbox", { name: "Invite" }).fill("Boris");
      await dialog.getByRole("button", { name: "Invite", exact: true }).click();
      await dialog.getByRole("listitem").filter({ hasText: "Boris" }).getByText("invited").waitFor();
    }),
    boris: text("Ann invites you to #plans"),
  },
  {
    step: "and can be taken back",
    does: inDialog("ann", "About this room", async (dialog) => {
      await dialog.getByRole("button", { name: "Take back the invitation of Boris" }).click();
      await dialog.getByText("invited", { exact: true }).waitFor({ state: "detached" });
    }),
    boris: { gone: text("Ann invites you to #plans") },
  },
  {
    step: "a group of several people has their names",
    does: types("vera", "/group Ann Boris"),
    ann: text("vera has taken you into a group"),
    boris: text("vera has taken you into a group"),
  },
  {
    step: "and they alone read it",
    does: inTurn(
      async ({ boris: { page } }) => await page.locator(place("Ann, vera")).click(),
      says("boris", "three of us"),
      async ({ ann: { page } }) => await page.locator(place("Boris, vera")).click(),
    ),
    ann: message("three of us"),
    vera: /Boris │ three of us/,
  },
  {
    step: "a private message is counted in the title and in the icon of a page",
    does: inTurn(goes("ann", "#lesson-8"), goes("boris", "Ann"), says("boris", "psst")),
    ann: [
      title("(1) Hanita"),
      'head link[rel=icon][href="icon-called.svg"]',
      "nav >> role=button[name=/Boris.*1 unread/]",
    ],
  },
  {
    step: "what is read on one device is read on the others",
    does: async ({ ann, two }) => {
      using other = await connect(two.port);
      await other.sayOk({ ...authenticate("Ann"), features: ["read", "id"] });
      await ann.go("Boris");
      // What was read before may be told now, too.
      let told: Heard;
      do told = await other.hear(); while (told.action !== "read" || told.to !== "Boris");
    },
    ann: [title("Hanita"), message("psst")],
  },
  {
    step: "one's name rings the bell of a terminal",
    does: async (cast) => {
      await goes("boris", "#lesson-8")(cast);
      await cast.vera.type("/room #lesson-8\r");
      const { bells } = cast.vera.screen;
      await cast.boris.say("vera, look");
      await until("the bell", () => cast.vera.screen.bells > bells);
    },
    vera: /Boris │ vera, look/,
    pavel: /Boris │ vera, look/,
    python: "Boris to #lesson: vera, look",
  },
  {
    step: "a search in all conversations finds what one may read",
    does: inTurn(searches("ann", "plan", "1 message found"), searches("boris", "plan", "Nothing found")),
  },
  {
    step: "a new password ends the other sessions of an account",
    does: async (cast) => {
      using other = await connect(cast.one.port);
      await other.sayOk(authenticate("Boris"));
      await inDialog("boris", "Settings", async (dialog, { page }) => {
        await dialog.getByLabel("Present password").fill(PASSWORD);
        await dialog.getByLabel("New password").fill("battery staple");
        await page.keyboard.press("Enter");
        await dialog.getByText("You have a new password.").waitFor();
      })(cast);
      while ((await other.hear()).response !== 401); // some messages may be before it
      await other.expectEnd();
    },
  },
  {
    step: "a terminal does the same",
    does: inTurn(types("vera", `/passwd\r${PASSWORD}\rbattery staple\rbattery staple`), async ({ vera }) => {
      await vera.shows(/You have a new password; your other sessions have ended/);
      await vera.type("/sessions\r");
    }),
    vera: /since .*, this one/,
  },
  {
    step: "one has what is kept about one's account",
    does: async ({ one }) => {
      using ann = await connect(one.port);
      await ann.sayOk(authenticate("Ann"));
      const rows = await ann.ask({ action: "export", time: 1 });
      assert.deepEqual({ ...rows[0], ...{ action: "account_list", user_id: "Ann", role: "operator" } }, rows[0]);
    },
  },
  {
    step: "an export of the room has the texts as they are now",
    does: async ({ one }) => {
      const of = ["--data", one.folder, "--room", "#lesson-8", "--format", "markdown"];
      const { code, out, err } = await tool("export", one.folder, ...of);
      assert.equal(code, 0, err);
      for (const text of ["print(2)", "it prints 1", "The *build* is done"]) assert.ok(out.includes(text), text);
      for (const text of ["print(1)", "All right", "secret"]) assert.ok(!out.includes(text), text);
    },
  },
  {
    step: "nothing is lost, and nothing is twice",
    does: types("vera", "That is all"),
    ann: async (tab) => {
      await tab.go("#lesson-8");
      assert.deepEqual(await texts(tab), said);
    },
    boris: async (tab) => assert.deepEqual(await texts(tab), said),
    pavel: /vera │ That is all/,
    python: "vera to #lesson: That is all",
  },
];

/** The last steps, which show earlier messages again. */
export const again: readonly Step[] = [
  {
    step: "a terminal searches in all conversations",
    does: types("vera", "/search in:* secret"),
    vera: /search of all your conversations/,
  },
  {
    step: "a page that is loaded again shows the room as it was",
    does: ({ boris }) => boris.page.reload(),
    boris: async (tab) => assert.deepEqual(await texts(tab), said),
  },
];

/** What the room has at last, on both pages. */
const said = [
  "Try that: print(2)",
  "for x in y: pass",
  "it prints 1",
  "This message was deleted",
  "thank you",
  "still here",
  "so am I",
  "The *build* is done",
  "!roll",
  "[1-6]",
  "vera, look",
  "That is all",
];

async function texts(tab: Tab): Promise<string[]> {
  await tab.hears("That is all");
  return (await tab.said()).map((text) => text.replaceAll("`", "").replace(/^[1-6]$/, "[1-6]"));
}

/** Searches in all conversations of a page. */
function searches(who: "ann" | "boris", words: string, found: string): Step["does"] {
  return async ({ [who]: { page } }) => {
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("radio", { name: "Everywhere" }).check();
    await page.getByRole("searchbox").fill(words);
    await page.getByRole("searchbox").press("Enter");
    await page.getByRole("status").getByText(found).waitFor();
    await page.keyboard.press("Escape");
  };
}

/** Ann makes a hook or a bot in a dialog, which shows its address or token once. */
function makesProgram(opener: string, label: string, name: string, button: string): (cast: Cast) => Promise<string> {
  let secret = "";
  const act = inDialog("ann", opener, async (dialog) => {
    await dialog.getByRole("textbox", { name: label }).fill(name);
    await dialog.getByRole("button", { name: button, exact: true }).click();
    secret = await dialog.locator(".secret code").innerText();
  });
  return async (cast) => {
    await act(cast);
    return secret;
  };
}

/** Posts a text to a hook, and returns the status and the answer. */
async function post(port: number, token: string, text: string): Promise<[status: number, answer: string]> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://127.0.0.1:${port}/hooks/${token}`, {
    method: "POST",
    body: JSON.stringify({ text }),
    headers,
  });
  return [answer.status, await answer.text()];
}

/** The example bot in Python. */
function bot(port: number, token: string, room: string): AsyncDisposable {
  const args = ["examples/bot.py", "127.0.0.1", `${port}`, room], cwd = new URL("../../../", import.meta.url);
  const child = new Deno.Command("python3", { args, cwd, env: { BOT_TOKEN: token } }).spawn();
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}
