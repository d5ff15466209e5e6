// Takes the pictures of docs/page.md, each of one feature: `deno run -P=test tests/web/feature_screenshots.ts [NAME…]`. Look at them
// before keeping them.

import { Buffer } from "node:buffer";
import { connect, type Peer } from "../chat/peer.ts";
import { authenticate, register } from "../chat/accounts.ts";
import { FEATURES } from "../../jim/features.ts";
import { until } from "../chat/within.ts";
import { browse, serve } from "./browser.ts";
import { takePicture } from "./picture.ts";
import { promote } from "./promote.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const CODE = "What does this print?\n```python\nfor line in sys.stdin:\n    say(line.rstrip())\n```\n" +
  "**Hint:** think of the *last* line, and of `rstrip`:\n- with a newline\n- without one\n> Boris: it depends on the shell";

/** A drawing of a hill, which the browser makes. */
const PAINT = `(() => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [600, 360];
  const context = canvas.getContext("2d"), sky = context.createLinearGradient(0, 0, 0, 360);
  sky.addColorStop(0, "#3f6fa8");
  sky.addColorStop(1, "#f4d9a8");
  context.fillStyle = sky;
  context.fillRect(0, 0, 600, 360);
  context.fillStyle = "#fff3c8";
  context.beginPath();
  context.arc(430, 150, 40, 0, 7);
  context.fill();
  for (const [colour, x, y, radius] of [["#5d7f6c", 140, 470, 260], ["#3c5f50", 430, 520, 280]]) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    context.fill();
  }
  return canvas.toDataURL("image/png").split(",")[1];
})()`;

await using server = await serve("--rate", "0");
await using browser = await browse();
const ann = await browser.open(server.url), { page } = ann;
await ann.register("Ann");
await promote("Ann", "--data", server.folder);
const boris = await member("Boris"), vera = await member("Vera"), lena = await guest("Lena");

/** Each feature: the name of its picture, what is done once, and what is done before each part of the picture. */
const SCENES: readonly {
  readonly name: string;
  readonly once?: () => Promise<unknown>;
  readonly before?: () => Promise<unknown>;
}[] = [
  {
    name: "formatting",
    once: async () => {
      await room("#python", boris, vera);
      await boris.sayOk(msg("#python", CODE));
      await ann.say("It says each line again, without its end");
    },
  },
  {
    name: "files",
    once: async () => {
      await room("#trip", boris, lena);
      await boris.sayOk(msg("#trip", "Who has a picture of yesterday?"));
      const hill = Buffer.from(await page.evaluate<string>(PAINT), "base64");
      const input = page.locator("input[type=file]");
      await input.setInputFiles([{ name: "the hill.png", mimeType: "image/png", buffer: hill }]);
      await page.getByRole("img", { name: "the hill.png" }).waitFor();
      await input.setInputFiles([{ name: "timetable.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(83_211) }]);
      await page.getByRole("link", { name: /timetable/ }).waitFor();
      await page.route("**/uploads/*", () => {});
      await input.setInputFiles([{ name: "video.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(900_000) }]);
      await page.getByRole("progressbar").waitFor();
    },
    before: () =>
      until("the pictures", () => page.evaluate<boolean>("[...document.images].every((each) => each.complete)")),
  },
  {
    name: "edits",
    once: async () => {
      await page.unroute("**/uploads/*");
      await room("#homework", boris, vera);
      await ann.say("Exercise 3 is due on Monday");
      await edit("Exercise 3", "Exercise 3 is due on **Friday**");
      const { id } = await boris.sayOk(msg("#homework", "On Friday?! I am at sea then"));
      await vera.sayOk({ ...msg("#homework", "Take me with you"), reply_to: id });
      await vera.sayOk({ ...about("react", { to: "#homework", id }), emoji: "⛵" });
      const { id: wrong } = await boris.sayOk(msg("#homework", "wrong room, sorry"));
      await boris.sayOk(about("delete", { to: "#homework", id: wrong }));
      await ann.say("Send it before you go");
    },
    before: async () => {
      if (await page.getByLabel("Edit the message").count() > 0) await page.keyboard.press("Escape");
      await ann.field.press("ArrowUp");
      await page.getByLabel("Edit the message").fill("Send it before you go, please");
    },
  },
  {
    name: "search",
    once: async () => {
      await boris.sayOk(msg("#all", "The homework is on the page of the lesson"));
      await vera.sayOk(msg("Ann", "Have you read my homework?"));
    },
    before: async () => {
      if (await page.getByRole("searchbox").count() === 0) await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("radio", { name: "Everywhere" }).check();
      await page.getByRole("searchbox").fill("homew*");
      await page.getByRole("searchbox").press("Enter");
      await page.getByText("2 messages found").waitFor();
    },
  },
  {
    name: "status",
    once: async () => {
      await room("#trip", boris, vera);
      await boris.sayOk({ ...about("status", { emoji: "🍝", status: "at lunch" }), away: true });
      await vera.sayOk({ ...about("status", { emoji: "🎧", status: "reading" }) });
    },
    before: async () => {
      await boris.sayOk(about("typing", { to: "#trip" }));
      await page.getByText("Boris is typing").waitFor();
    },
  },
  {
    name: "unread",
    once: async () => {
      await ann.go("#python");
      await vera.sayOk(msg("#trip", "Ann, who has the tickets?"));
      await vera.sayOk(msg("Ann", "I have found the tickets"));
      await boris.sayOk(msg("#homework", "Sent"));
      await page.getByRole("navigation").getByRole("button", { name: /trip ?, 1 unread/ }).waitFor();
    },
    before: () => dialog(/^Notifications/, "Play a sound"),
  },
  {
    name: "account",
    once: () => member("Ann"),
    before: async () => {
      await dialog("Settings", "Where you are logged in");
      await page.getByLabel("Present password").first().evaluate((field) => field.scrollIntoView({ block: "start" }));
    },
  },
  {
    name: "rooms",
    once: async () => {
      await ann.go("#plans");
      await ann.say("The rules: no phones, no shouting");
      await dialog("About this room", "Members");
      await page.getByRole("checkbox", { name: /^Private/ }).click();
      await page.getByRole("navigation").getByRole("button", { name: /plans.*private/ }).waitFor();
      for (const name of ["Boris", "Vera"]) {
        await page.getByRole("textbox", { name: "Invite" }).fill(name);
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: `Take back the invitation of ${name}` }).waitFor();
      }
      await boris.sayOk({ action: "join", time: now(), room: "#plans" });
      await page.getByLabel("Rank of Boris").selectOption("moderator");
      await page.keyboard.press("Escape");
      await page.locator(".said", { hasText: "The rules" }).hover();
      await page.getByRole("button", { name: "Pin in the room" }).click();
    },
    before: () => dialog("About this room", "Pinned"),
  },
  {
    name: "invitation",
    once: async () => {
      await vera.say({ action: "group", time: now(), users: ["Ann", "Boris"] });
      await page.getByText("Vera has taken you into a group").waitFor();
      await page.getByRole("navigation").getByRole("button", { name: /Boris, Vera/ }).click();
      await ann.say("Only we three read this");
      await vera.say({ action: "join", time: now(), room: "#surprise", private: true });
      await vera.sayOk(about("invite", { room: "#surprise", user_id: "Ann" }));
      await page.getByText("Vera invites you to #surprise").waitFor();
    },
  },
  {
    name: "bots",
    once: async () => {
      await page.getByRole("button", { name: "Dismiss" }).click();
      await room("#builds", boris);
      using own = deaf(await login("Ann"));
      const { token } = await ask(own, about("add_hook", { room: "#builds", name: "ci" }));
      const { token: word } = await ask(own, about("add_bot", { user_id: "helper" }));
      using helper = deaf(await connect(server.port));
      await helper.sayOk({ action: "authenticate", time: now(), token: word });
      await helper.sayOk({ action: "join", time: now(), room: "#builds" });
      const text = "main: 3 of 3 jobs are **green**, in 2 min 14 s\nhttps://ci.example.org/builds/1207";
      const headers = { "content-type": "application/json" }, body = JSON.stringify({ text });
      await (await fetch(`${server.url}hooks/${token}`, { method: "POST", headers, body })).text();
      await ann.say("!time");
      await helper.sayOk(msg("#builds", "14:32"));
      await page.getByText("14:32", { exact: true }).waitFor();
      await boris.sayOk(msg("#builds", "Then let us deploy"));
    },
  },
];

const wanted = Deno.args;
for (const { name, once, before } of SCENES) {
  const dialogs = page.getByRole("dialog");
  if (await dialogs.count() > 0) await page.keyboard.press("Escape");
  await dialogs.waitFor({ state: "detached" });
  // A narrow window has closed it.
  if (await page.locator(".people").count() === 0) await page.getByRole("button", { name: "Who is here" }).click();
  await once?.();
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await takePicture(page, new URL(`feature-${name}.webp`, DOCS).pathname, before ?? (() => Promise.resolve()));
}
for (const each of [boris, vera, lena]) each.close();

function now(): number {
  return Date.now() / 1_000;
}

function msg(to: string, message: string): object {
  return { action: "msg", time: now(), to, message };
}

function about(action: string, fields: object): object {
  return { action, time: now(), ...fields };
}

async function ask(peer: Peer, object: object) {
  await peer.say(object);
  return await peer.hear();
}

/** Somebody with an account, in another program, which is told nothing but answers to what it sends. */
async function member(name: string): Promise<Peer> {
  const peer = await connect(server.port);
  const entrance = name === "Ann" ? authenticate(name) : register(name);
  await peer.say({ ...entrance, features: FEATURES });
  await peer.hear();
  return deaf(peer);
}

async function login(name: string): Promise<Peer> {
  const peer = await connect(server.port);
  await peer.sayOk(authenticate(name));
  return peer;
}

async function guest(name: string): Promise<Peer> {
  const peer = await connect(server.port);
  await peer.enter(name);
  return deaf(peer);
}

/** Answers are told from all else by their `response`. */
function deaf(peer: Peer): Peer {
  const { hear, say } = peer;
  const answer = async () => {
    for (;;) {
      const object = await hear();
      if (object.response >= 200) return object;
    }
  };
  return {
    ...peer,
    hear: answer,
    async sayOk(words) {
      await say(words);
      const object = await answer();
      if (object.response >= 300) throw new Error(JSON.stringify(object));
      return object;
    },
  };
}

/** Goes to a room, and others too. */
async function room(name: string, ...others: readonly Peer[]): Promise<void> {
  await ann.go(name);
  for (const each of others) await each.sayOk({ action: "join", time: now(), room: name });
}

/** Opens a dialog, if it is not open, and waits for a text in it. */
async function dialog(opener: string | RegExp, text: string): Promise<void> {
  const isOpen = await page.getByRole("dialog").count() > 0;
  if (!isOpen) await page.getByRole("button", { name: opener, exact: true }).first().click();
  await page.getByRole("dialog").getByText(text).first().waitFor();
}

async function edit(text: string, other: string): Promise<void> {
  await page.locator(".said", { hasText: text }).hover();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByLabel("Edit the message").fill(other);
  await page.keyboard.press("Enter");
}
